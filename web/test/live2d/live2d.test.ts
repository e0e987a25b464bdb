import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AvatarRenderer } from '../../src/avatar/avatar';
import type { ModelManifest } from '../../src/avatar/manifest';
import { loadModel } from '../../src/live2d/live2d';
import { createCore, FakePage, manifestOf, mocOf, pngHead, rectangle, type FakeElement, type FakeMoc } from './fakes';

let page: FakePage;

beforeEach(() => {
  page = new FakePage();
  page.files.set('/models/test/test.moc3', mocOf({ parameters }));
  page.files.set('/models/test/texture.png', pngHead(64, 64));
  page.install();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const parameters = [{ id: 'ParamAngleX', min: -30, max: 30, default: 0 }, { id: 'ParamMouthOpenY', min: 0, max: 1, default: 0 }];

const load = (manifest: Partial<ModelManifest> = {}): Promise<AvatarRenderer> => loadModel(manifestOf(manifest), { random: () => 0.5 });

async function show(manifest: Partial<ModelManifest> = {}, moc?: FakeMoc): Promise<AvatarRenderer> {
  if (moc) page.files.set('/models/test/test.moc3', mocOf(moc));
  const renderer = await load(manifest);
  renderer.mount(page.host as unknown as HTMLElement);
  renderer.step(16);
  return renderer;
}

const canvas = (): FakeElement => page.canvases.at(-1)!;
const settle = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
  await new Promise((done) => setImmediate(done));
};

describe('a model on its stage', () => {
  it('publishes what it can do, and moves by it', async () => {
    const renderer = await show();
    expect(Object.keys(renderer.parameters)).toEqual(expect.arrayContaining(['ParamAngleX']));
    renderer.set('ParamAngleX', 12);
    renderer.step(16);
    expect(renderer.get('ParamAngleX')).toBeCloseTo(12);
  });

  it('is found wherever the hub lies', async () => {
    page.files.set('/hub/models/test/test.moc3', mocOf({ parameters }));
    page.files.set('/hub/models/test/texture.png', pngHead(64, 64));
    await load({ base: 'http://127.0.0.1/hub/models/test/' });
    expect(page.asked).toContain('http://127.0.0.1/hub/models/_core/live2dcubismcore.min.js');
  });

  it('draws only in its step, and no picture twice', async () => {
    const renderer = await show();
    const { graphics } = canvas();
    const pictures = (): number => graphics.of('drawElements').length;
    const before = pictures();
    renderer.place({ x: 0, y: 0, scale: 1 });
    renderer.set('ParamAngleX', 0);
    renderer.step(16);
    expect(pictures()).toBe(before);
    renderer.set('ParamAngleX', 5);
    expect(pictures()).toBe(before);
    renderer.step(16);
    expect(pictures()).toBe(before + 1);
    renderer.place({ x: 0.1, y: 0, scale: 1 });
    renderer.step(16);
    expect(pictures()).toBe(before + 2);
  });

  it('covers the stage where it is scaled, without taking clicks', async () => {
    const renderer = await show();
    renderer.place({ x: 0, y: 0, scale: 8 });
    renderer.step(16);
    const { style } = canvas();
    expect(style).toMatchObject({ left: '-250px', bottom: '0px', pointerEvents: 'none' });
    expect(parseFloat(style['width']!)).toBeGreaterThanOrEqual(800);
    expect(parseFloat(style['height']!)).toBeGreaterThanOrEqual(600);
  });

  it('stands where the manifest wants it until it is placed', async () => {
    await show({ placement: { x: 0, y: 5, scale: 1 } });
    expect(canvas().style['display']).toBe('none');
  });

  it.each([0, -5, NaN, Infinity, 3_600_000])('survives a step of %s ms', async (ms) => {
    const renderer = await show();
    renderer.step(ms);
    expect(renderer.get('ParamAngleX')).not.toBeNaN();
  });

  it('waits for a host without a size', async () => {
    page.box = { left: 0, top: 0, width: 0, height: 0 };
    const renderer = await show();
    expect(canvas().graphics.of('drawElements')).toHaveLength(1);
    page.box = { left: 0, top: 100, width: 300, height: 500 };
    renderer.step(16);
    expect(canvas().graphics.of('drawElements')).toHaveLength(2);
  });
});

describe('a model that is newer than the Core', () => {
  it('is shown once the hub has a newer Core, and the models of the older one go on', async () => {
    const old = page.core!;
    old.fake.latest = 4;
    const first = await show();
    page.files.set('/models/test/new.moc3', mocOf({ parameters, version: 5 }));
    await expect(load({ moc: 'new.moc3' })).rejects.toMatchObject({ code: 'core_too_old', need: 5, have: 4 });
    expect(page.globals['Live2DCubismCore']).toBe(old);

    const newer = createCore();
    // As the real one does: into the global that is there.
    page.script = () => { page.globals['Live2DCubismCore'] = Object.assign(page.globals['Live2DCubismCore'] ?? {}, newer); };
    const second = await load({ moc: 'new.moc3' });
    expect([old.fake.models, newer.fake.models]).toEqual([1, 1]);
    first.set('ParamAngleX', 12);
    first.step(16);
    expect(first.get('ParamAngleX')).toBeCloseTo(12);
    first.dispose();
    second.dispose();
    expect([old.fake.models, newer.fake.models]).toEqual([0, 0]);
    const asked = page.asked.length;
    (await load({ moc: 'new.moc3' })).dispose();
    expect(page.asked.slice(asked).filter((address) => address.includes('_core'))).toEqual([]);
  });
});

describe('a touch', () => {
  const moc: FakeMoc = {
    parameters, parts: [{ id: 'PartFace' }],
    drawables: [{ id: 'Body', ...rectangle(-1, -2, 1, 2) }, { id: 'Face', part: 0, ...rectangle(-0.4, 0.8, 0.4, 1.6) },
      { id: 'HitBelly', opacity: 0, ...rectangle(-0.5, -1, 0.5, 0) }],
  };
  // The model is 2 x 4 units in a host of 300 x 500 at 250, 100: 125 pixels each, its middle at 400, 350.
  const at = (x: number, y: number): [number, number] => [400 + x * 125, 350 - y * 125];

  it('finds areas of the model, then head, face and body', async () => {
    const renderer = await show({ hitAreas: [{ name: 'Belly', id: 'HitBelly' }] }, moc);
    expect(renderer.hitTest(...at(0, -0.5))).toBe('Belly');
    expect(renderer.hitTest(...at(0, -1.5))).toBe('body');
    expect(renderer.hitTest(...at(0, 1.2))).toBe('face');
    expect(renderer.hitTest(...at(0.8, 1.2))).toBe('head');
    expect(renderer.hitTest(...at(0, 1.9))).toBe('head');
  });

  it('of an area that every character has gives its common name', async () => {
    const renderer = await show({ hitAreas: [{ name: 'Head', id: 'HitBelly' }, { name: 'Lost', id: 'none' }] }, moc);
    expect(renderer.hitTest(...at(0, -0.5))).toBe('head');
  });

  it('finds head and body by the outline where nothing says more', async () => {
    const renderer = await show();
    expect(renderer.hitTest(...at(0, 1.9))).toBe('head');
    expect(renderer.hitTest(...at(0, 1))).toBe('face');
    expect(renderer.hitTest(...at(0, -1))).toBe('body');
  });

  it('beside the character finds nothing', async () => {
    const renderer = await show();
    canvas().graphics.alpha = 0;
    expect(renderer.hitTest(...at(0, 0))).toBeNull();
  });

  it('before the model is mounted finds nothing', async () => {
    expect((await load()).hitTest(400, 350)).toBeNull();
  });
});

describe('what a model holds', () => {
  it('is given back by fifty changes of models', async () => {
    for (let i = 0; i < 50; i++) {
      const renderer = await show({}, { parameters, drawables: [{}, { masks: [0] }], grows: i % 7 === 0 });
      const { graphics } = canvas();
      expect(graphics.total).toBeGreaterThan(5);
      renderer.dispose();
      renderer.dispose();
      expect(graphics.living.get('Shader')).toBe(0);
      expect(graphics.total).toBe(0);
      expect(graphics.lost).toBe(true);
      expect(canvas().listeners.size).toBe(0);
    }
    expect(page.core!.fake).toMatchObject({ mocs: 0, models: 0, handlers: 1 });
    expect(page.bitmaps.open).toBe(0);
    expect(page.host.children).toEqual([]);
  });

  it('survives the memory of the Core growing for another one', async () => {
    const first = await show();
    first.set('ParamAngleX', 20);
    first.step(16);
    page.files.set('/models/test/test.moc3', mocOf({ parameters, grows: true }));
    await load();
    first.step(16);
    expect(first.get('ParamAngleX')).toBeCloseTo(20);
  });
});

describe('lost graphics', () => {
  it('come back with everything made again', async () => {
    const renderer = await show();
    const { graphics } = canvas();
    graphics.lost = true;
    expect(canvas().fire('webglcontextlost')).toBe(true);
    graphics.living.clear();
    renderer.set('ParamAngleX', 3);
    renderer.step(16);
    expect(renderer.hitTest(400, 350)).toBeNull();
    graphics.lost = false;
    const before = graphics.of('drawElements').length;
    canvas().fire('webglcontextrestored');
    await settle();
    renderer.step(16);
    expect(graphics.of('drawElements').length).toBe(before + 1);
    expect(graphics.of('texImage2D')).toHaveLength(2);
    renderer.dispose();
    expect(graphics.total).toBe(0);
  });

  it('that were away while the model was loaded do not leave it empty', async () => {
    const decode = page.decode.bind(page);
    page.decode = async (...given) => {
      page.decode = decode;
      canvas().fire('webglcontextlost');
      canvas().fire('webglcontextrestored');
      return decode(...given);
    };
    await load();
    await settle();
    expect(canvas().graphics.of('texImage2D')).toHaveLength(2);
  });

  it('that are lost again meanwhile keep nothing of the time before', async () => {
    await show();
    const { graphics } = canvas();
    canvas().fire('webglcontextlost');
    canvas().fire('webglcontextrestored');
    canvas().fire('webglcontextlost');
    graphics.living.clear();
    await settle();
    expect(graphics.living.get('Texture')).toBe(0);
    expect(graphics.living.get('Program') ?? 0).toBe(0);
  });
});

describe('a model that cannot be shown', () => {
  it.each([
    ['core_missing', () => { page.script = null; }, /live2dcubismcore/],
    ['moc_missing', () => { page.files.delete('/models/test/test.moc3'); }, /test\.moc3/],
    ['moc_damaged', () => { page.files.set('/models/test/test.moc3', 'rubbish'); }, /test\.moc3/],
    ['texture_failed', () => { page.files.delete('/models/test/texture.png'); }, /texture\.png/],
    ['texture_failed', () => { page.files.set('/models/test/texture.png', 'bad'); }, /texture\.png/],
    ['core_too_old', () => { page.core!.fake.latest = 2; }, /newer Core/],
  ] as const)('says so by %s and leaves nothing behind', async (code, spoil, text) => {
    spoil();
    await expect(load()).rejects.toMatchObject({ name: 'ModelError', code, message: expect.stringMatching(text) as string });
    await settle();
    expect(page.core!.fake).toMatchObject({ mocs: 0, models: 0 });
    expect(canvas().graphics.total).toBe(0);
    expect(page.bitmaps.open).toBe(0);
  });

  it('says that the browser has no WebGL', async () => {
    page.hasWebGl = false;
    await expect(load()).rejects.toMatchObject({ code: 'no_webgl' });
  });

  it('says that the graphics memory is full', async () => {
    const { createElement } = page.document;
    vi.spyOn(page.document, 'createElement').mockImplementation((tag: string) => {
      const made = createElement(tag);
      (made as unknown as FakeElement).graphics.error = 'OUT_OF_MEMORY' as unknown as number;
      return made;
    });
    await expect(load()).rejects.toMatchObject({ code: 'out_of_memory' });
    await settle();
    expect(page.core!.fake).toMatchObject({ mocs: 0, models: 0 });
  });

  it('is shown without a file that it can do without, and developers are told', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    page.files.set('/models/test/smile.exp3.json', '{ broken');
    const renderer = await show({ physics: 'lost.physics3.json', expressions: [{ name: 'Smile', file: 'smile.exp3.json' }] });
    expect(renderer.own!.expressions).toEqual(['Smile']);
    expect(warn.mock.calls.map(([text]) => String(text)).sort()).toEqual([
      expect.stringContaining('lost.physics3.json'), expect.stringContaining('smile.exp3.json'),
    ]);
  });
});
