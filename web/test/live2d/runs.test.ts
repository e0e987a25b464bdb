import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/live2d/model';
import { groupMasks } from '../../src/live2d/masks';
import { isPlain, runsOf } from '../../src/live2d/runs';
import { createCore, mocOf, type FakeDrawable, type FakeMoc } from './fakes';

function runs(drawables: readonly FakeDrawable[], more: FakeMoc = {}): (readonly [number, number])[] {
  const model = openModel(createCore(), mocOf({ shape: 6, ...more, drawables }), 'a.moc3');
  model.update();
  const items = [...model.drawables, ...model.offscreens];
  const order = items.map((_, i) => i).sort((a, b) => model.renderOrders()[a]! - model.renderOrders()[b]!);
  return runsOf(order, items, groupMasks(items).of, model.raw.drawables).map(({ item, corners }) => [item, corners]);
}

describe('drawables that follow each other', () => {
  it('are drawn together while they are alike', () => {
    expect(runs([{}, {}, {}])).toEqual([[0, 18]]);
  });

  it.each<[string, FakeDrawable]>([
    ['texture', { texture: 1 }], ['opacity', { opacity: 0.5 }], ['blending', { blend: [1, 0] }], ['mask', { masks: [0] }],
    ['side', { flags: 0 }], ['colour', { multiply: [1, 0.5, 1, 1] }], ['light', { screen: [0, 0, 0.1, 1] }],
  ])('are drawn apart where one has another %s', (_, other) => {
    expect(runs([{}, other, {}])).toEqual([[0, 6], [1, 6], [2, 6]]);
  });

  it('are drawn apart where each reads what lies below', () => {
    expect(runs([{ blend: [6, 0] }, { blend: [6, 0] }])).toEqual([[0, 6], [1, 6]]);
  });

  it('are drawn apart where the mask of one is inverted', () => {
    expect(runs([{}, { flags: 4, masks: [0] }, { flags: 12, masks: [0] }])).toEqual([[0, 6], [1, 6], [2, 6]]);
  });

  it('are drawn apart within a layer, and around its beginning', () => {
    const more = { parts: [{ id: 'Part' }], offscreens: [{ part: 0, order: 1 }] };
    expect(runs([{ order: 0 }, { part: 0, order: 2 }, { part: 0, order: 3 }], more)).toEqual([[0, 6], [3, 0], [1, 6], [2, 6]]);
  });
});

it('plain is what opacity and colours leave alone', () => {
  const drawables = [{}, { opacity: 0.5 }, { multiply: [1, 1, 0, 1] }, { screen: [0.1, 0, 0, 1] }];
  const { raw } = openModel(createCore(), mocOf({ drawables }), 'a.moc3');
  expect(drawables.map((_, i) => isPlain(raw.drawables, i))).toEqual([true, false, false, false]);
});
