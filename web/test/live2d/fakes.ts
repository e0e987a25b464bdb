import { vi } from 'vitest';
import type { ModelManifest } from '../../src/avatar/manifest';
import type { Core } from '../../src/live2d/core';
import script from './fakecore.js?raw';

/** What the fake Core counts and lets tests set; see fakecore.js. */
export interface FakeState {
  latest: number;
  readonly mocs: number;
  readonly models: number;
  readonly updates: number;
  readonly handlers: number;
  readonly reserved: readonly number[];
  readonly log: ((line: string) => void) | null;
}

export type FakeCore = Core & { readonly fake: FakeState };

/** A fake Core of its own, with counters at zero. */
export const createCore = (): FakeCore => new Function(`${script}; return Live2DCubismCore;`)() as FakeCore;

export interface FakeDrawable {
  readonly id?: string;
  readonly part?: number;
  readonly texture?: number;
  readonly order?: number;
  readonly opacity?: number;
  readonly visible?: boolean;
  readonly flags?: number;
  readonly masks?: readonly number[];
  readonly blend?: readonly [colour: number, alpha: number];
  readonly multiply?: readonly number[];
  readonly screen?: readonly number[];
  readonly vertices?: readonly number[];
  readonly uvs?: readonly number[];
  readonly indices?: readonly number[];
  readonly move?: Readonly<Record<string, readonly number[]>>;
  readonly fade?: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

/** A rectangle, in units of the model, that shows the whole texture. */
export const rectangle = (left: number, bottom: number, right: number, top: number): FakeDrawable => ({
  vertices: [left, bottom, right, bottom, right, top, left, top], uvs: [0, 0, 1, 0, 1, 1, 0, 1], indices: [0, 1, 2, 0, 2, 3],
});

export interface FakeMoc {
  readonly shape?: 5 | 6;
  readonly version?: number;
  readonly parameters?: readonly { readonly id: string; readonly min: number; readonly max: number; readonly default: number }[];
  readonly parts?: readonly { readonly id: string; readonly parent?: number; readonly opacity?: number }[];
  readonly drawables?: readonly FakeDrawable[];
  readonly offscreens?: readonly { readonly part: number; readonly order?: number; readonly opacity?: number; readonly masks?: readonly number[];
    readonly blend?: readonly [number, number]; readonly flags?: number }[];
  readonly refused?: boolean;
  readonly damaged?: boolean;
  readonly noMemory?: boolean;
  readonly grows?: boolean;
}

/** The bytes of a moc for the fake Core: a canvas 2 units wide and 4 high with its origin in the middle, unless `moc` says otherwise. */
export function mocOf({ version = 3, ...moc }: FakeMoc): ArrayBuffer {
  const drawables = (moc.drawables ?? [{}]).map((one, i) => ({ id: `ArtMesh${i}`, flags: 4, ...rectangle(-1, -2, 1, 2), ...one }));
  const canvas = { width: 200, height: 400, originX: 100, originY: 200, pixelsPerUnit: 100 };
  const parameters = moc.parameters ?? [{ id: 'ParamAngleX', min: -30, max: 30, default: 0 }];
  const json = new TextEncoder().encode(JSON.stringify({ shape: 5, canvas, ...moc, parameters, drawables }));
  const bytes = new Uint8Array(5 + json.length);
  bytes.set([77, 79, 67, 51, version]);
  bytes.set(json, 5);
  return bytes.buffer;
}

export const manifestOf = (more: Partial<ModelManifest> = {}): ModelManifest => ({
  name: 'test', title: 'Test', kind: 'cubism', base: '/models/test/', moc: 'test.moc3', textures: ['texture.png'], physics: null, pose: null,
  expressions: [], motions: [], idle: [], eyeBlink: [], lipSync: [], hitAreas: [], layout: null, names: { parameters: {}, parts: {} },
  notes: {}, hotkeys: [], placement: null, emotions: {}, gestures: {}, touches: {}, ...more,
});

/** WebGL 2 that draws nothing: it counts what is made and given back, and notes the calls. */
export class FakeGl {
  /** What is there of each kind: `Texture`, `Buffer`, … */
  readonly living = new Map<string, number>();
  readonly calls: (readonly [name: string, ...given: unknown[]])[] = [];
  lost = false;
  error = 0;
  /** Alpha of every pixel that is read. */
  alpha = 255;
  maxTextureSize = 4096;

  readonly gl = new Proxy({} as WebGL2RenderingContext, { get: (_, name) => this.#member(String(name)) });

  /** All that was made and not given back. */
  get total(): number {
    return [...this.living.values()].reduce((sum, count) => sum + count, 0);
  }

  of(name: string): (readonly unknown[])[] {
    return this.calls.filter(([call]) => call === name).map(([, ...given]) => given);
  }

  #member(name: string): unknown {
    if (/^[A-Z0-9_]+$/.test(name)) return name;
    return (...given: unknown[]): unknown => {
      this.calls.push([name, ...given]);
      return this.#answer(name, given);
    };
  }

  #answer(name: string, given: readonly unknown[]): unknown {
    const kind = /^(create|delete)(.+)$/.exec(name);
    if (kind) {
      const [, how, what] = kind;
      if (how === 'delete' && !given[0]) return undefined;
      this.living.set(what!, (this.living.get(what!) ?? 0) + (how === 'create' ? 1 : -1));
      return how === 'create' ? { what } : undefined;
    }
    if (name === 'isContextLost') return this.lost;
    if (name === 'getError') return this.error;
    if (name === 'getParameter') return given[0] === 'MAX_TEXTURE_SIZE' ? this.maxTextureSize : 'a GPU';
    if (name === 'getProgramParameter') return true;
    if (name === 'getUniformLocation') return given[1];
    if (name === 'getExtension') return given[0] === 'WEBGL_lose_context' ? { loseContext: () => { this.lost = true; } } : null;
    if (name === 'readPixels') (given[6] as Uint8Array).fill(this.alpha);
    return null;
  }
}

type Listener = (event: { preventDefault(): void }) => void;

/** As much of an element as a model needs. */
export class FakeElement {
  readonly style: Record<string, string> = {};
  readonly children: FakeElement[] = [];
  readonly listeners = new Map<string, Listener>();
  readonly graphics = new FakeGl();
  readonly ownerDocument: unknown;
  width = 0;
  height = 0;
  src = '';
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  parent: FakeElement | null = null;

  constructor(readonly tag: string, document: unknown, readonly page: FakePage) {
    this.ownerDocument = document;
  }

  append(child: FakeElement): void {
    child.parent = this;
    this.children.push(child);
    if (child.tag === 'script') this.page.run(child);
  }

  remove(): void {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
    this.parent = null;
  }

  setAttribute(): void {}

  addEventListener(kind: string, listener: Listener): void {
    this.listeners.set(kind, listener);
  }

  removeEventListener(kind: string): void {
    this.listeners.delete(kind);
  }

  fire(kind: string): boolean {
    let prevented = false;
    this.listeners.get(kind)?.({ preventDefault: () => { prevented = true; } });
    return prevented;
  }

  getContext(kind: string): unknown {
    return kind === 'webgl2' && this.page.hasWebGl ? this.graphics.gl : null;
  }

  getBoundingClientRect(): unknown {
    const { left, top, width, height } = this.page.box;
    return { left, top, width, height, right: left + width, bottom: top + height };
  }
}

/** A page of 800 x 600 with the host in its middle, on the lower edge; files by their paths. */
export class FakePage {
  hasWebGl = true;
  box = { left: 250, top: 100, width: 300, height: 500 };
  core: FakeCore | null = createCore();
  readonly globals: Record<string, unknown> = {};
  readonly files = new Map<string, BodyInit>();
  readonly asked: string[] = [];
  readonly canvases: FakeElement[] = [];
  readonly bitmaps = { open: 0, most: 0, options: [] as ImageBitmapOptions[] };
  /** What the Core's script does, null where there is none. */
  script: (() => void) | null = () => { this.globals['Live2DCubismCore'] = this.core; };
  readonly document: Document;
  readonly host: FakeElement;

  constructor() {
    const document: unknown = {
      baseURI: 'http://127.0.0.1/', defaultView: this.globals,
      createElement: (tag: string) => {
        const made = new FakeElement(tag, document, this);
        if (tag === 'canvas') this.canvases.push(made);
        return made;
      },
    };
    this.document = document as Document;
    this.host = new FakeElement('div', document, this);
    Object.assign(document as object, { head: new FakeElement('head', document, this) });
  }

  run(script: FakeElement): void {
    queueMicrotask(() => {
      this.asked.push(script.src);
      if (!this.script) return script.onerror?.();
      this.script();
      return script.onload?.();
    });
  }

  /** Lets the modules under test see this page. */
  install(): void {
    vi.stubGlobal('document', this.document);
    vi.stubGlobal('innerWidth', 800);
    vi.stubGlobal('innerHeight', 600);
    vi.stubGlobal('devicePixelRatio', 1);
    vi.stubGlobal('fetch', (address: string) => {
      this.asked.push(address);
      const body = this.files.get(new URL(address).pathname);
      return Promise.resolve(body === undefined ? new Response(null, { status: 404 }) : new Response(body));
    });
    vi.stubGlobal('createImageBitmap', (source: Blob, options: ImageBitmapOptions) => this.decode(source, options));
  }

  async decode(source: ImageBitmapSource, options: ImageBitmapOptions): Promise<ImageBitmap> {
    if ((await (source as Blob).slice(0, 3).text()) === 'bad') throw new DOMException('no picture', 'InvalidStateError');
    const { bitmaps } = this;
    bitmaps.options.push(options);
    bitmaps.most = Math.max(bitmaps.most, ++bitmaps.open);
    return { width: options.resizeWidth ?? 64, height: options.resizeHeight ?? 64, close: () => bitmaps.open-- } as unknown as ImageBitmap;
  }
}

/** The first bytes of a PNG of the given size. */
export function pngHead(width: number, height: number): Blob {
  const view = new DataView(new ArrayBuffer(24));
  [0x89504e47, 0x0d0a1a0a, 13, 0x49484452, width, height].forEach((word, i) => view.setUint32(i * 4, word));
  return new Blob([view.buffer]);
}
