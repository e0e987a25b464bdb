import { afterEach, describe, expect, it, vi } from 'vitest';
import { seeded } from '../../avatar/fakes';
import { curve, motion, motionNamed, stage } from './fakes';
import { spoil } from './spoil';

afterEach(() => void vi.restoreAllMocks());

const parameters = {
  ParamAngleX: [-30, 0, 30], ParamEyeLOpen: [0, 1, 1], ParamMouthOpenY: [0, 0, 1], ParamHair: [-1, 0, 1], Flat: [2, 2, 2],
} as const;
const bob = { Position: { X: 0, Y: 0 }, Mobility: 0.9, Delay: 0.8, Acceleration: 1.2, Radius: 10 };

const formats: Readonly<Record<string, unknown>> = {
  motion: motion(0.8, [
    curve('ParamAngleX', [0, 0, 1, 0.1, 3, 0.2, -5, 0.3, 20, 0, 0.5, -20, 2, 0.6, 3, 3, 0.8, 0], { FadeInTime: 0.1, FadeOutTime: 0.2 }),
    curve('ParamEyeLOpen', [0, 1, 0, 0.8, 0]), curve('EyeBlink', [0, 1, 0, 0.8, 0.5], { Target: 'Model' }),
    curve('LipSync', [0, 0, 0, 0.8, 1], { Target: 'Model' }), curve('Opacity', [0, 1, 0, 0.8, 0.2], { Target: 'Model' }),
    curve('ArmB', [0, 1, 0, 0.8, 0], { Target: 'PartOpacity' }), curve('Hat', [0, 1, 0, 0.8, 0], { Target: 'PartOpacity' }),
  ], { FadeInTime: 0.2, FadeOutTime: 0.2, Loop: true, AreBeziersRestricted: false }, { UserData: [{ Time: 0.2, Value: 'here' }] }),
  expression: {
    Type: 'Live2D Expression', FadeInTime: 0.1, FadeOutTime: 0.1,
    Parameters: [
      { Id: 'ParamAngleX', Value: 3, Blend: 'Add' }, { Id: 'ParamEyeLOpen', Value: 2, Blend: 'Multiply' },
      { Id: 'ParamMouthOpenY', Value: 0.4, Blend: 'Overwrite' }, { Id: 'ParamAngleX', Value: 2, Blend: 'Multiply' },
    ],
  },
  physics: {
    Version: 3, Meta: { Fps: 60, EffectiveForces: { Gravity: { X: 0, Y: -1 }, Wind: { X: 0.1, Y: 0 } } },
    PhysicsSettings: [1, 2].map((segments) => ({
      Input: [
        { Source: { Target: 'Parameter', Id: 'ParamAngleX' }, Weight: 60, Type: 'X', Reflect: false },
        { Source: { Target: 'Parameter', Id: 'Flat' }, Weight: 40, Type: 'Angle', Reflect: true },
      ],
      Output: [
        { Destination: { Target: 'Parameter', Id: 'ParamHair' }, VertexIndex: segments, Scale: 2, Weight: 90, Type: 'Angle' },
      ],
      Vertices: Array.from({ length: segments + 1 }, () => bob),
      Normalization: { Position: { Minimum: -10, Default: 0, Maximum: 10 }, Angle: { Minimum: -10, Default: 0, Maximum: 10 } },
    })),
  },
  pose: { Type: 'Live2D Pose', FadeInTime: 0.2, Groups: [[{ Id: 'ArmA', Link: ['Hat'] }, { Id: 'ArmB', Link: [] }], [{ Id: 'Hat' }]] },
};

/** As many as a quick run has time for; the same ones in every run. */
const rounds = 200;

describe.each(Object.keys(formats))('a broken %s file', (format) => {
  it('stops nothing and gives no value that is out of range or none', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const frames = [0, 16, 7, 33, 500, 0.001, 16, 4900, 16, 3e9, 16, Number.NaN, -5, Infinity, 16, 120];
    let moved = 0;
    for (let round = 0; round < rounds; round++) {
      const random = seeded(round + 1);
      const chance = [0.005, 0.03, 0.15][round % 3]!;
      const file = (name: string): unknown => (name === format ? spoil(formats[name], random, chance) : formats[name]);
      const at = stage({
        parameters, parts: ['ArmA', 'ArmB', 'Hat'], physics: file('physics'), pose: file('pose'),
        expressions: { smile: file('expression') }, motions: { act: file('motion') },
        manifest: { motions: [motionNamed('act')], idle: round % 2 === 0 ? ['act'] : [] },
      });
      const end = at.life.play('act', 'force');
      at.life.express(['smile'], round % 5 === 0 ? Number.NaN : 1);
      await at.settle();
      for (const [k, ms] of frames.entries()) {
        at.life.set('ParamAngleX', (k - 8) * 5);
        at.life.set('ParamVoice', k % 2);
        if (k === 12) at.life.express([], 1);
        at.life.step(ms);
        await at.settle();
        const { values, minimums, maximums } = at.rig.parameters;
        values.forEach((value, index) => {
          expect(value >= minimums[index]! && value <= maximums[index]!, `round ${round}: value ${index} is ${value}`).toBe(true);
        });
        at.rig.parts.opacities.forEach((value) => expect(value >= 0 && value <= 1, `round ${round}: opacity is ${value}`).toBe(true));
        expect(at.life.opacity >= 0 && at.life.opacity <= 1).toBe(true);
        for (const id of Object.keys(at.life.known)) expect(at.life.get(id)).not.toBeNaN();
      }
      if (at.value('ParamAngleX') !== 0) moved++;
      at.life.stop();
      expect(['done', 'interrupted', 'unknown']).toContain(await end);
    }
    expect(moved).toBeGreaterThan(rounds / 4);
  });
});
