import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AvatarRenderer } from '../../src/avatar/avatar';
import type { ModelManifest } from '../../src/avatar/manifest';
import { loadModel } from '../../src/cubism2/cubism2';
import { FakePage, pngHead } from '../live2d/fakes';
import { motionNamed, plainManifest } from '../live2d/life/fakes';
import { fakeCore2, fakeMoc, type Calls } from './fakecore2';

const manifest: ModelManifest = {
  ...plainManifest, name: 'cat', kind: 'cubism2', base: 'models/cat/', moc: 'cat.moc', textures: ['a.png', 'b.png'],
  physics: 'physics.json', pose: 'pose.json', expressions: [{ name: 'glad', file: 'glad.exp.json' }], idle: ['idle'],
  hitAreas: [{ name: 'head', id: 'HEAD' }],
  motions: [motionNamed('idle', { file: 'idle.mtn', fadeIn: 0 }), motionNamed('wave', { file: 'wave.mtn', fadeIn: 0, fadeOut: 0 })],
};

const moc = {
  width: 200, height: 400,
  parameters: { PARAM_ANGLE_X: [-30, 0, 30], PARAM_MOUTH_OPEN_Y: [0, 0, 1], PARAM_TAIL: [-1, 0, 1], PARAM_EYE_L_OPEN: [0, 1, 1] },
  parts: { ARM_A: 1, ARM_B: 1 }, drawables: { HEAD: [50, 0, 150, 100], BODY: [0, 0, 200, 400] },
} as const;

let page: FakePage;
let calls: Calls;
const environment = { random: () => 0, playSound: () => {} };
const pose = { fade_in: 0, parts_visible: [{ group: [{ id: 'ARM_A' }, { id: 'ARM_B' }] }] };
const hair = {
  setup: {}, src: [{ id: 'PARAM_ANGLE_X', ptype: 'x', scale: 0.1 }], targets: [{ id: 'PARAM_TAIL', ptype: 'angle', scale: 0.1 }],
};

beforeEach(() => {
  page = new FakePage();
  calls = [];
  page.script = () => void Object.assign(page.globals, fakeCore2(calls));
  for (const [file, body] of Object.entries<BodyInit>({
    'cat.moc': fakeMoc(moc), 'a.png': pngHead(64, 64), 'b.png': pngHead(64, 64), 'pose.json': JSON.stringify(pose),
    'physics.json': JSON.stringify({ physics_hair: [hair] }),
    'glad.exp.json': JSON.stringify({ fade_in: 0, params: [{ id: 'PARAM_ANGLE_X', val: 5 }] }),
    'idle.mtn': 'PARAM_ANGLE_X=3,3,3', 'wave.mtn': 'PARAM_ANGLE_X=-10,-10,-10,-10\nVISIBLE:ARM_A=0\nVISIBLE:ARM_B=1',
  })) page.files.set(`/models/cat/${file}`, body);
  page.install();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise((done) => setImmediate(done));
};

async function shown(): Promise<AvatarRenderer> {
  const model = await loadModel(manifest, environment);
  model.mount(page.host as unknown as HTMLElement);
  model.step(0);
  await settle();
  model.step(16);
  return model;
}

const count = (name: string): number => calls.filter(([one]) => one === name).length;

describe('a model of Cubism 2 on the page', () => {
  it('brings along what newer ones do, and moves by its files and by the director', async () => {
    const model = await shown();
    expect(Object.keys(model.parameters).sort()).toEqual(['ParamAngleX', 'ParamEyeLOpen', 'ParamMouthOpenY', 'ParamVoice']);
    expect([model.own!.expressions, model.own!.motions]).toEqual([['glad'], ['idle', 'wave']]);
    expect(model.get('ParamAngleX')).toBe(3);
    model.own!.express(['glad'], 1);
    model.set('ParamAngleX', 4);
    model.step(16);
    expect(model.get('ParamAngleX')).toBe(12);
    const end = model.own!.play('wave', 'normal');
    await settle();
    model.step(16);
    expect(model.get('ParamAngleX')).toBe(-1);
    model.own!.stop();
    expect(await end).toBe('interrupted');
    expect(count('swing')).toBeGreaterThan(2);
  });

  it('draws in its steps and only when something changed', async () => {
    const model = await shown();
    for (let k = 0; k < 100; k++) model.step(50);
    const before = count('draw');
    for (let k = 0; k < 10; k++) model.step(50);
    expect(count('draw')).toBe(before);
    model.set('ParamAngleX', 9);
    model.step(16);
    model.place({ x: 0.2, y: 0, scale: 2 });
    model.step(16);
    expect(count('draw')).toBe(before + 2);
    expect(page.bitmaps.options.every((one) => one.imageOrientation === 'flipY' && one.premultiplyAlpha === 'premultiply')).toBe(true);
  });

  it('says what lies under a point', async () => {
    const model = await shown();
    // All of it is painted: 200 x 400 in a host of 300 x 500 that begins at 250, 100.
    expect([[400, 110], [400, 580], [280, 300], [400, 50]].map(([x, y]) => model.hitTest(x!, y!))).toEqual(['head', 'body', 'body', null]);
  });

  it('is not left empty by graphics that were away while it was loaded', async () => {
    const decode = page.decode.bind(page);
    page.decode = async (...given) => {
      page.decode = decode;
      page.canvases.at(-1)!.fire('webglcontextlost');
      page.canvases.at(-1)!.fire('webglcontextrestored');
      return decode(...given);
    };
    await shown();
    expect(page.canvases.at(-1)!.graphics.of('texImage2D')).toHaveLength(4);
  });

  it('comes back after its graphics were away, as it was', async () => {
    const model = await shown();
    const canvas = page.canvases[0]!;
    model.set('ParamAngleX', 15);
    model.step(16);
    canvas.graphics.lost = true;
    expect(canvas.fire('webglcontextlost')).toBe(true);
    const before = count('draw');
    expect(() => model.step(16)).not.toThrow();
    expect([count('draw'), model.hitTest(400, 400)]).toEqual([before, null]);
    canvas.graphics.lost = false;
    canvas.fire('webglcontextrestored');
    await settle();
    model.step(16);
    expect([count('load'), count('draw'), model.get('ParamAngleX')]).toEqual([2, before + 1, 18]);
  });

  it('leaves nothing behind, after fifty changes too', async () => {
    for (let k = 0; k < 50; k++) (await shown()).dispose();
    const core = page.globals as unknown as ReturnType<typeof fakeCore2>;
    expect(Object.keys(core.Live2D.glContext!)).toEqual([]);
    expect(page.host.children).toEqual([]);
    expect(page.canvases.every(({ graphics }) => graphics.lost)).toBe(true);
    expect(page.asked.filter((address) => address.includes('_core'))).toEqual(['http://127.0.0.1/models/_core/live2d.min.js']);
  });

  it.each<[string, string, () => void]>([
    ['core_missing', 'no Core', () => { page.script = null; }],
    ['core_broken', 'another script', () => { page.script = () => {}; }],
    ['moc_missing', 'no model', () => void page.files.delete('/models/cat/cat.moc')],
    ['moc_damaged', 'a spoiled model', () => void page.files.set('/models/cat/cat.moc', 'MOC3')],
    ['texture_failed', 'no picture', () => void page.files.delete('/models/cat/b.png')],
    ['texture_failed', 'a spoiled picture', () => void page.files.set('/models/cat/b.png', 'bad')],
    ['no_webgl', 'no WebGL', () => { page.hasWebGl = false; }],
  ])('ends with %s for %s, and leaves nothing behind', async (code, _, spoil) => {
    spoil();
    await expect(loadModel(manifest, environment)).rejects.toMatchObject({ name: 'ModelError', code });
    expect(page.canvases.every(({ graphics }) => graphics.lost)).toBe(page.hasWebGl);
  });

  it('is shown without what else is missing', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    for (const file of ['pose.json', 'physics.json', 'glad.exp.json', 'idle.mtn']) page.files.delete(`/models/cat/${file}`);
    const model = await shown();
    expect(model.get('ParamAngleX')).toBe(0);
    expect(count('draw')).toBeGreaterThan(0);
    expect(warn.mock.calls.map(([text]) => /(\w+\.[\w.]+)(?: of the| cannot)/.exec(String(text))?.[1]).sort())
      .toEqual(['glad.exp.json', 'idle.mtn', 'physics.json', 'pose.json']);
  });
});
