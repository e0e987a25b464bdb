import { describe, expect, it } from 'vitest';
import { isCore2 } from '../../src/cubism2/core2';
import { areaIn } from '../../src/cubism2/look';
import { openModel2 } from '../../src/cubism2/model2';
import { createSwing } from '../../src/cubism2/swing';
import { startLife } from '../../src/live2d/life/life';
import { plainManifest } from '../live2d/life/fakes';
import { fakeCore2, fakeMoc, type Calls } from './fakecore2';

const gl = (name: string): WebGL2RenderingContext => ({ name }) as unknown as WebGL2RenderingContext;

const cat = {
  width: 200, height: 100,
  parameters: { PARAM_ANGLE_X: [-30, 0, 30], PARAM_EYE_L_OPEN: [0, 1, 2], PARAM_TAIL: [-1, 0, 1], PARAM_MOUTH_OPEN_Y: [0, 0, 1] },
  parts: { PARTS_01_ARM: 1, PARTS_02_ARM: 0.5 },
  drawables: { 'D_REF.HEAD': [50, 10, 150, 10, 150, 60], 'BODY.01': [0, 50, 200, 100] },
} as const;

describe('a model of Cubism 2', () => {
  it('is known by what it holds, whatever its fields are called', () => {
    const { rig } = openModel2(fakeCore2(), gl('a'), fakeMoc(cat), 'cat.moc');
    expect(rig.parameters.ids).toEqual(Object.keys(cat.parameters));
    expect([...rig.parameters.minimums]).toEqual([-30, 0, -1, 0]);
    expect([...rig.parameters.maximums]).toEqual([30, 2, 1, 1]);
    expect([...rig.parameters.defaults]).toEqual([0, 1, 0, 0]);
    expect([rig.parts.ids, [...rig.parts.opacities]]).toEqual([['PARTS_01_ARM', 'PARTS_02_ARM'], [1, 0.5]]);
  });

  it('is known by the names in its file where the Core does not show what is an id', () => {
    const { rig } = openModel2(fakeCore2([], false), gl('a'), fakeMoc(cat), 'cat.moc');
    expect(rig.parameters.ids).toEqual(Object.keys(cat.parameters));
    expect(rig.parts.ids).toEqual(Object.keys(cat.parts));
  });

  it('is told what differs, and updated only then', () => {
    const calls: Calls = [];
    const model = openModel2(fakeCore2(calls), gl('a'), fakeMoc(cat), 'cat.moc');
    expect([model.update(), model.update()]).toEqual([true, false]);
    model.rig.parameters.values[0] = 12;
    expect([model.update(), model.update()]).toEqual([true, false]);
    model.rig.parts.opacities[1] = 0;
    expect([model.update(), model.update()]).toEqual([true, false]);
    expect(calls.filter(([name]) => name === 'update')).toHaveLength(3);
    expect([model.raw.getParamFloat(0), model.raw.getPartsOpacity(1)]).toEqual([12, 0]);
  });

  it('is drawn with y up, in pixels of its picture', () => {
    const calls: Calls = [];
    const model = openModel2(fakeCore2(calls), gl('a'), fakeMoc(cat), 'cat.moc');
    model.draw({ x: 0.01, y: 0.02, dx: -1, dy: -0.5 });
    const [, ...matrix] = calls.find(([name]) => name === 'matrix') as [string, ...number[]];
    const [x, y] = [150, 10];
    expect(x * matrix[0]! + matrix[12]!).toBeCloseTo(0.5, 5);
    // 10 below the upper edge is 90 above the lower one.
    expect(y * matrix[5]! + matrix[13]!).toBeCloseTo(90 * 0.02 - 0.5, 5);
    expect([...model.pointsOf('D_REF.HEAD')!]).toEqual([50, 90, 150, 90, 150, 40]);
    expect(model.pointsOf('D_REF.TAIL')).toBeNull();
    expect([...model.points()]).toHaveLength(2);
  });

  it('has a context of its own, and leaves none behind', () => {
    const calls: Calls = [];
    const core = fakeCore2(calls);
    const [a, b] = [gl('a'), gl('b')];
    const first = openModel2(core, a, fakeMoc(cat), 'cat.moc');
    const second = openModel2(core, b, fakeMoc(cat), 'cat.moc');
    first.dispose();
    const loads = (): unknown[][] => calls.filter(([name]) => name === 'load');
    for (let k = 0; k < 50; k++) openModel2(core, gl(`c${k}`), fakeMoc(cat), 'cat.moc').dispose();
    expect(loads().slice(0, 2)).toEqual([['load', 0, a], ['load', 1, b]]);
    // Each of the fifty had its own framebuffers and not those of an older context.
    expect(loads().slice(2).every(([, index, of], k) => index === 0 && (of as { name: string }).name === `c${k}`)).toBe(true);
    expect(() => openModel2(core, gl('x'), fakeMoc({ ...cat, error: 3 }), 'cat.moc')).toThrow();
    second.dispose();
    for (const kept of [core.Live2D.glContext, core.Live2D.frameBuffers]) expect(Object.values(kept!)).toEqual([]);
  });

  it.each([
    ['is no model of Cubism 2', new TextEncoder().encode('MOC3 and more').buffer], ['is no model of Cubism 2', new ArrayBuffer(0)],
    ['is refused by the Core', new TextEncoder().encode('moc{').buffer],
    ['is refused by the Core with code 3', fakeMoc({ ...cat, error: 3 })],
    ['is refused by the Core', fakeMoc({ ...cat, width: -1 })], ['breaks off', fakeMoc({ ...cat, width: 0 })],
  ])('that %s is an error', (text, bytes) => {
    expect(() => openModel2(fakeCore2(), gl('a'), bytes as ArrayBuffer, 'cat.moc')).toThrow(
      expect.objectContaining({ name: 'ModelError', code: 'moc_damaged', file: 'cat.moc', message: `cat.moc ${text}` }) as Error);
  });

  it('goes on where it was when its graphics come back', () => {
    const core = fakeCore2();
    const first = openModel2(core, gl('a'), fakeMoc(cat), 'cat.moc');
    first.rig.parameters.values[0] = 20;
    first.update();
    first.dispose();
    const again = openModel2(core, gl('a'), fakeMoc(cat), 'cat.moc', first.rig);
    expect(again.rig).toBe(first.rig);
    again.update();
    expect(again.raw.getParamFloat(0)).toBe(20);
  });
});

describe('the pendulums of Cubism 2', () => {
  const json = {
    physics_hair: [{
      setup: { length: 0.2, regist: 0.5, mass: 0.1 },
      src: [{ id: 'PARAM_ANGLE_X', ptype: 'x', scale: 0.1, weight: 1 }, { id: 'NOTHING', ptype: 'y' }],
      targets: [{ id: 'PARAM_TAIL', ptype: 'angle', scale: 0.2, weight: 1 }],
    }],
  };

  it('swing by the Core, between the director and the lips, in a time that does not leap', () => {
    const calls: Calls = [];
    const core = fakeCore2(calls);
    const model = openModel2(core, gl('a'), fakeMoc(cat), 'cat.moc');
    const swing = createSwing(core, () => model, json)!;
    const files = { motion: () => Promise.reject(new Error('404')), physics: null, pose: null, expressions: new Map() };
    const life = startLife(model.rig, files, plainManifest, { random: () => 0, swing });
    life.set('ParamAngleX', 20);
    life.set('ParamVoice', 1);
    life.set('ParamMouthOpenY', 0.5);
    expect(life.step(16)).toBe(true);
    expect(model.update()).toBe(true);
    const value = (id: string): number => model.raw.getParamFloat(model.raw.getParamIndex(id));
    expect([value('PARAM_ANGLE_X'), value('PARAM_TAIL'), value('PARAM_MOUTH_OPEN_Y')]).toEqual([20, expect.closeTo(0.4, 5), 0.5]);
    expect(life.step(3_600_000)).toBe(false);
    expect([model.rig.parameters.values[2], calls.filter(([name]) => name === 'swing').map(([, time]) => time)])
      .toEqual([expect.closeTo(0.4, 5), [16, 116]]);
    expect(calls.filter(([name]) => name === 'source' || name === 'target'))
      .toEqual([['source', 'x', 'PARAM_ANGLE_X'], ['target', 'angle', 'PARAM_TAIL']]);
  });

  it('are none where the file has none, or the Core cannot', () => {
    const core = fakeCore2();
    const model = openModel2(core, gl('a'), fakeMoc(cat), 'cat.moc');
    for (const nothing of [null, {}, { physics_hair: 'x' }, { physics_hair: [{ src: [], targets: [] }] }]) {
      expect(createSwing(core, () => model, nothing)).toBeNull();
    }
    const { Live2D, Live2DModelWebGL } = core;
    expect(createSwing({ Live2D, Live2DModelWebGL }, () => model, json)).toBeNull();
  });
});

describe('areas of a model of Cubism 2', () => {
  const shown = { left: 0, right: 90, bottom: 0, top: 90 };

  it('are its own, then head, face and body by its outline', () => {
    const model = openModel2(fakeCore2(), gl('a'), fakeMoc(cat), 'cat.moc');
    const own = [{ name: 'Head', id: 'D_REF.HEAD' }, { name: 'tail', id: 'GONE' }];
    expect(areaIn(model, own, shown, 100, 70)).toBe('head');
    expect(areaIn(model, [{ name: 'hat', id: 'D_REF.HEAD' }], shown, 100, 70)).toBe('hat');
    const places = [[45, 65], [45, 88], [5, 65], [45, 20]] as const;
    expect(places.map(([x, y]) => areaIn(model, own, shown, x, y))).toEqual(['face', 'head', 'head', 'body']);
  });
});

describe('a Core of Cubism 2', () => {
  it('is known by its shape', () => {
    expect(isCore2(fakeCore2())).toBe(true);
    for (const other of [null, undefined, {}, { Live2D: {} }, { Live2D: { init() {}, setGL() {} } }]) expect(isCore2(other)).toBe(false);
  });
});
