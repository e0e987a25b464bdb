import { describe, expect, it } from 'vitest';
import { readHairs, readOlderExpression, readOlderPose } from '../../src/cubism2/olderfiles';
import { seeded } from '../avatar/fakes';
import { stage } from '../live2d/life/fakes';
import { spoil } from '../live2d/life/spoil';

describe('files of Cubism 2', () => {
  it('turn into expressions of today, written as what they become', () => {
    expect(readOlderExpression({
      type: 'Live2D Expression', fade_in: 500, fade_out: 250,
      params: [
        { id: 'A', val: 1, def: 0.6 }, { id: 'B', val: 0.5, def: 2, calc: 'mult' }, { id: 'C', val: 3, calc: 'set' },
        { id: 'D', val: 2, calc: 'add' },
      ],
    })).toEqual({
      FadeInTime: 0.5, FadeOutTime: 0.25,
      Parameters: [
        { Id: 'A', Blend: 'Add', Value: 0.4 }, { Id: 'B', Blend: 'Multiply', Value: 0.25 }, { Id: 'C', Blend: 'Overwrite', Value: 3 },
        { Id: 'D', Blend: 'Add', Value: 2 },
      ],
    });
    expect(readOlderExpression({ type: 'Live2D Expression' })).toEqual({ FadeInTime: 1, FadeOutTime: 1, Parameters: [] });
    expect(readOlderExpression({ params: [{ id: 'A', val: 3, def: 0, calc: 'mult' }, 5, null] })).toMatchObject({
      Parameters: [{ Id: 'A', Value: 3 }, { Id: undefined, Value: 0 }, { Id: undefined, Value: 0 }],
    });
    for (const json of [null, [], 'text', 7]) expect(readOlderExpression(json)).toBeNull();
  });

  it('turn into poses of today', () => {
    const groups = [{ group: [{ id: 'ARM_A', link: ['HAND_A'] }, { id: 'ARM_B' }] }, { group: 4 }, 'x'];
    expect(readOlderPose({ type: 'Live2D Pose', fade_in: 0, parts_visible: groups })).toEqual({
      FadeInTime: 0, Groups: [[{ Id: 'ARM_A', Link: ['HAND_A'] }, { Id: 'ARM_B', Link: [] }], [], []],
    });
    expect(readOlderPose(null)).toEqual({ FadeInTime: 0.5, Groups: [] });
  });

  it('tell the pendulums of parameters that the model has', () => {
    const hair = {
      setup: { length: 0.2, regist: 0.5, mass: 0.1 }, src: [{ id: 'A', ptype: 'x', scale: 0.005, weight: 1 }, { id: 'GONE', ptype: 'y' }],
      targets: [{ id: 'B', ptype: 'angle', scale: 0.02, weight: 7 }],
    };
    const nowhere = { ...hair, targets: [{ id: 'GONE', ptype: 'angle' }] };
    const broken = { setup: { length: 0, mass: Number.NaN, regist: -5 }, src: hair.src, targets: hair.targets };
    expect(readHairs({ physics_hair: [hair, nowhere, broken, null] }, (id) => id !== 'GONE' && id !== '')).toEqual([
      {
        length: 0.2, resistance: 0.5, mass: 0.1, sources: [{ id: 'A', kind: 'x', scale: 0.005, weight: 1 }],
        targets: [{ id: 'B', kind: 'angle', scale: 0.02, weight: 1 }],
      },
      expect.objectContaining({ length: 0.001, resistance: 0, mass: 0.1 }),
    ]);
  });

  it('survive whatever stands in them', () => {
    const params = [{ id: 'A', val: 1, def: 0.5 }, { id: 'B', val: 2, def: 0.1, calc: 'mult' }];
    const expression = { fade_in: 100, fade_out: 100, params };
    const pose = { fade_in: 200, parts_visible: [{ group: [{ id: 'P', link: ['Q'] }, { id: 'R' }] }] };
    const link = { ptype: 'angle', scale: 1, weight: 1 };
    const hair = { setup: { length: 1, regist: 1, mass: 1 }, src: [{ id: 'A', ...link }], targets: [{ id: 'B', ...link }] };
    for (let round = 0; round < 300; round++) {
      const random = seeded(round + 1);
      const chance = [0.01, 0.05, 0.2][round % 3]!;
      const smile = readOlderExpression(spoil(expression, random, chance));
      const at = stage({
        parameters: { A: [-1, 0, 1], B: [0, 1, 2] }, parts: ['P', 'Q', 'R'], pose: readOlderPose(spoil(pose, random, chance)),
        expressions: smile === null ? {} : { smile },
      });
      at.life.express(['smile'], 1);
      at.pass(0.5, 30);
      const shown = [...at.rig.parameters.values, ...at.rig.parts.opacities];
      expect(shown.every((value) => value >= -1 && value <= 2)).toBe(true);
      const hairs = readHairs(spoil({ physics_hair: [hair, hair] }, random, chance), () => true);
      const numbers = hairs.flatMap(({ length, resistance, mass, sources, targets }) =>
        [length, resistance, mass, ...[...sources, ...targets].flatMap(({ scale, weight }) => [scale, weight])]);
      expect(numbers.every(Number.isFinite)).toBe(true);
    }
  });
});
