import { ModelError } from '../avatar/modelerror';
import { runScript } from '../live2d/script';

/** A model as `live2d.min.js` of the user has it. Its methods keep their names in all versions; what it holds inside has none. */
export interface Live2DModel {
  setGL(index: number): void;
  setTexture(index: number, texture: WebGLTexture): void;
  setMatrix(matrix: Float32Array): void;
  setPremultipliedAlpha?(premultiplied: boolean): void;
  update(): void;
  draw(): void;
  getCanvasWidth(): number;
  getCanvasHeight(): number;
  /** A name that the model has not adds a parameter, so only known ones may be asked for. */
  getParamIndex(id: string): number;
  getParamFloat(index: number): number;
  setParamFloat(index: number, value: number): void;
  getPartsDataIndex(id: string): number;
  getPartsOpacity(index: number): number;
  setPartsOpacity(index: number, opacity: number): void;
  /** -1 for an unknown one. */
  getDrawDataIndex(id: string): number;
  /** Points of a drawable, x and y by turns, in pixels of the author's picture with y down. */
  getTransformedPoints(index: number): Float32Array;
  getModelImpl(): object | null;
  getModelContext(): { getParamMin(index: number): number; getParamMax(index: number): number };
}

/** A pendulum. It keeps no clock: each call says the time. */
export interface PhysicsHair {
  setup(length: number, resistance: number, mass: number): void;
  addSrcParam(kind: unknown, id: string, scale: number, weight: number): void;
  addTargetParam(kind: unknown, id: string, scale: number, weight: number): void;
  update(model: Live2DModel, timeMs: number): void;
}

type Kinds = Readonly<Record<string, unknown>>;

/** The globals of `live2d.min.js`, as far as they are used. */
export interface Core2 {
  readonly Live2D: {
    init(): void;
    /** One graphics context for each index. */
    setGL(gl: WebGLRenderingContext | WebGL2RenderingContext, index: number): void;
    getError?(): number;
    setClippingMaskBufferSize?(pixels: number): void;
    /** What it keeps for each index. */
    readonly glContext?: unknown[];
    readonly frameBuffers?: unknown[];
    readonly fTexture?: unknown[];
  };
  readonly Live2DModelWebGL: { loadModel(bytes: ArrayBuffer, index: number): Live2DModel };
  readonly PhysicsHair?: (new () => PhysicsHair) & { readonly Src?: Kinds; readonly Target?: Kinds };
  /** Classes of the ids, by which lists of them are known among what a model holds. */
  readonly ParamID?: new () => { readonly id: string };
  readonly PartsDataID?: new () => { readonly id: string };
}

/** Where the hub keeps the user's file, from the page's own address. */
const corePath = 'models/_core/live2d.min.js';

/** Masks of characters that fill a screen; the usual 256 shows steps. */
const maskSize = 1024;

const cores = new WeakMap<Document, Promise<Core2>>();

/**
 * Loads the user's `live2d.min.js`, once for each document; what failed is tried again by the next call.
 * @throws ModelError `core_missing` or `core_broken`
 */
export function loadCore2(document: Document): Promise<Core2> {
  let core = cores.get(document);
  if (!core) {
    core = fetchCore(document);
    cores.set(document, core);
    core.catch(() => cores.delete(document));
  }
  return core;
}

async function fetchCore(document: Document): Promise<Core2> {
  const url = new URL(corePath, document.baseURI).href;
  const globals: unknown = document.defaultView;
  if (!isCore2(globals)) await runScript(url, document);
  if (!isCore2(globals)) throw new ModelError('core_broken', `${url} is no Core of Cubism 2`, { file: url });
  globals.Live2D.init();
  globals.Live2D.setClippingMaskBufferSize?.(maskSize);
  return globals;
}

export function isCore2(value: unknown): value is Core2 {
  const core = value as Partial<Core2> | null | undefined;
  return typeof core?.Live2D?.init === 'function' && typeof core.Live2D.setGL === 'function'
    && typeof core.Live2DModelWebGL?.loadModel === 'function';
}
