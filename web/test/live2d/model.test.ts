import { describe, expect, it, vi } from 'vitest';
import { largestMoc, openModel } from '../../src/live2d/model';
import { createCore, mocOf, type FakeMoc } from './fakes';

const open = (moc: FakeMoc, core = createCore()) => openModel(core, mocOf(moc), 'test.moc3');

describe('a model file', () => {
  it('is refused with the version that it needs, before the Core sees it', () => {
    const core = createCore();
    core.fake.latest = 5;
    expect(() => open({ version: 6 }, core)).toThrow(expect.objectContaining({ code: 'core_too_old', need: 6, have: 5, file: 'test.moc3' }));
    expect(() => open({ version: 6 }, core)).toThrow('needs a newer Core');
    expect(core.fake.mocs).toBe(0);
    expect(open({ version: 5 }, core).drawables.length).toBe(1);
  });

  it('is left to a Core that does not say what it reads', () => {
    const core = createCore();
    expect(open({ version: 9 }, { ...core, Version: { csmGetVersion: () => 1 } } as typeof core).drawables.length).toBe(1);
  });

  it.each([
    ['empty', new ArrayBuffer(0)], ['short', new ArrayBuffer(4)], ['another kind', new TextEncoder().encode('{"Version":3}').buffer],
  ])('that is %s is damaged', (_, bytes) => {
    expect(() => openModel(createCore(), bytes, 'a.moc3')).toThrow(expect.objectContaining({ code: 'moc_damaged', file: 'a.moc3' }));
  });

  it('above the limit is not given to the Core', () => {
    const huge = { byteLength: largestMoc + 1 } as ArrayBuffer;
    expect(() => openModel(createCore(), huge, 'a.moc3'))
      .toThrow(expect.objectContaining({ code: 'too_large', need: largestMoc, have: largestMoc + 1 }));
  });

  it.each([
    ['refused', 'moc_damaged', '[CSM] [E] refused'], ['damaged', 'moc_damaged', 'is damaged'], ['noMemory', 'out_of_memory', 'no memory'],
  ] as const)('that is %s leaves nothing in the Core', (how, code, text) => {
    const core = createCore();
    expect(() => open({ [how]: true }, core)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) as string }));
    expect(core.fake).toMatchObject({ mocs: 0, models: 0 });
  });

  it('is checked for consistency before a model is made of it', () => {
    const core = createCore();
    const make = vi.spyOn(core.Model, 'fromMoc');
    expect(() => open({ damaged: true }, core)).toThrow();
    expect(make).not.toHaveBeenCalled();
  });

  it.each([['RangeError: WebAssembly.Memory.grow(): failed', 'out_of_memory'], ['RuntimeError: unreachable', 'moc_damaged']])(
    'at which the Core throws %s is %s', (text, code) => {
      const core = createCore();
      vi.spyOn(core.Model, 'fromMoc').mockImplementation(() => { throw new Error(text); });
      expect(() => open({}, core)).toThrow(expect.objectContaining({ code }));
      expect(core.fake.mocs).toBe(0);
    });
});

describe('the Core', () => {
  it('is given one handler for its log and one reservation, however many models there are', () => {
    const core = createCore();
    for (let i = 0; i < 5; i++) open({}, core);
    expect(core.fake.handlers).toBe(1);
    expect(core.fake.reserved.length).toBe(1);
  });

  it('may have neither', () => {
    const { Moc, Model, Version } = createCore();
    expect(openModel({ Moc, Model, Version }, mocOf({}), 'a.moc3').drawables.length).toBe(1);
  });

  it('may refuse the handler', () => {
    const core = createCore();
    core.Logging!.csmSetLogFunction!(() => {});
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(open({}, core).drawables.length).toBe(1);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  it('whose memory grows cuts off all arrays: earlier models are made anew, with their values', () => {
    const core = createCore();
    const first = open({ parts: [{ id: 'PartArm' }] }, core);
    first.rig.parameters.values[0] = 17;
    first.rig.parts.opacities[0] = 0.25;
    first.update();
    open({ grows: true }, core);
    expect(first.rig.parameters.values[0]).toBe(17);
    expect(first.rig.parts.opacities[0]).toBe(0.25);
    expect([first.rig.parameters.minimums[0], first.rig.parameters.maximums[0]]).toEqual([-30, 30]);
    expect(first.raw.drawables.opacities.length).toBe(1);
    first.dispose();
    expect(core.fake).toMatchObject({ mocs: 1, models: 1 });
  });
});

describe('a model', () => {
  const three = [{ order: 5 }, { order: 1 }, { order: 3 }];

  it.each([5, 6] as const)('of shape %i has its ranks', (shape) => {
    expect([...open({ shape, drawables: three }).renderOrders() as Int32Array]).toEqual([2, 0, 1]);
  });

  it('of a Core that gives ranks only as a property has them too', () => {
    const model = open({ shape: 6, drawables: three });
    Object.assign(model.raw, { getRenderOrders: undefined });
    expect([...model.renderOrders() as Int32Array]).toEqual([2, 0, 1]);
  });

  it('of shape 5 has its blending in flags', () => {
    const model = open({ drawables: [{ flags: 0 }, { flags: 1 }, { flags: 2 }, { flags: 4 }] });
    expect(model.drawables.map(({ blend }) => blend)).toEqual([0, 1, 2, 0].map((colour) => ({ colour, alpha: 0 })));
    expect(model.simple).toBe(true);
  });

  it('of shape 6 has its blending in two bytes', () => {
    const model = open({ shape: 6, drawables: [{ blend: [17, 4] }, { blend: [3, 0] }, { blend: [0, 2] }, { blend: [2, 0] }] });
    expect(model.drawables.map(({ blend }) => [blend.colour, blend.alpha])).toEqual([[17, 4], [3, 0], [0, 2], [2, 0]]);
    expect(model.simple).toBe(false);
  });

  it('has masks without repetition, and without those that are none', () => {
    const model = open({ drawables: [{ masks: [2, -1, 1, 2] }, { masks: [-1] }, { masks: [9] }, { flags: 8, masks: [0] }] });
    expect(model.drawables.map(({ masks }) => masks)).toEqual([[1, 2], [], [], [0]]);
    expect(model.drawables.map(({ inverted }) => inverted)).toEqual([false, false, false, true]);
  });

  it('draws things into the offscreen of the nearest part that has one', () => {
    const parts = [{ id: 'A' }, { id: 'B', parent: 0 }, { id: 'C', parent: 1 }, { id: 'D' }];
    const drawables = [{ part: 2 }, { part: 0 }, { part: 3 }, {}];
    const model = open({ shape: 6, parts, drawables, offscreens: [{ part: 0 }, { part: 1 }] });
    expect(model.drawables.map(({ into }) => into)).toEqual([1, 0, -1, -1]);
    expect(model.offscreens.map(({ into }) => into)).toEqual([-1, 0]);
  });

  it('with parts in a circle is read all the same', () => {
    const model = open({ shape: 6, parts: [{ id: 'A', parent: 1 }, { id: 'B', parent: 0 }], drawables: [{ part: 0 }], offscreens: [] });
    expect(model.drawables[0]!.into).toBe(-1);
  });

  it('is computed again only when something changed', () => {
    const core = createCore();
    const model = open({}, core);
    expect([model.update(), model.update()]).toEqual([true, false]);
    model.rig.parameters.values[0] = 3;
    expect([model.update(), model.update()]).toEqual([true, false]);
  });
});
