import { describe, expect, it } from 'vitest';
import { readMotionText } from '../../src/cubism2/motiontext';
import { readMotion } from '../../src/live2d/life/motionfile';
import { seeded } from '../avatar/fakes';

const source = `\uFEFF# Live2D Animator Motion Data
$fps=10

$fadein=500
$fadeout=250
$fadein:PARAM_ANGLE_Y=0
PARAM_ANGLE_X=0,1.5,-3e0,4
PARAM_ANGLE_Y=7
VISIBLE:PARTS_01_ARM_L_01=1
LAYOUT:X=1,2,3,4,5,6
PARAM_TERE=0.60VISIBLE:PARTS_01_ARM_R_01=1
`;

describe('a motion of Cubism 2', () => {
  it('becomes one of today: a value for each frame, fades in seconds, parts by their ids', () => {
    const motion = readMotionText(source);
    expect(motion.Meta).toEqual({ Duration: 0.4, FadeInTime: 0.5, FadeOutTime: 0.25, Loop: true });
    expect(motion.Curves).toEqual([
      { Target: 'Parameter', Id: 'PARAM_ANGLE_X', Segments: [0, 0, 0, 0.1, 1.5, 0, 0.2, -3, 0, 0.3, 4] },
      { Target: 'Parameter', Id: 'PARAM_ANGLE_Y', FadeInTime: 0, Segments: [0, 7] },
      { Target: 'PartOpacity', Id: 'PARTS_01_ARM_L_01', Segments: [0, 1] },
      { Target: 'Parameter', Id: 'PARAM_TERE', Segments: [0, 0.6] },
    ]);
    const read = readMotion(motion);
    expect(typeof read === 'string' ? read : read.curves[0]!.curve.at(0.15)).toBeCloseTo(-0.75, 9);
  });

  it('fades in a second where it says nothing, and runs at 30 frames a second', () => {
    const { Meta } = readMotionText('PARAM_A=1,2,3\r\n\r\n$fps=none\r\n$fadein=-1');
    expect(Meta).toEqual({ Duration: 0.1, FadeInTime: 1, FadeOutTime: 1, Loop: true });
  });

  it.each([
    '', 'no motion', '=', '$fps=', 'PARAM_A=', 'PARAM_A=x,1', '\u0000\uFFFD=1,NaN,Infinity', '$fps=1e308\nPARAM_A=1,2',
  ])('survives %j', (text) => {
    const { Meta, Curves } = readMotionText(text);
    expect(Number.isFinite(Meta.Duration)).toBe(true);
    for (const { Segments } of Curves) expect(Segments.every(Number.isFinite)).toBe(true);
  });

  it('survives whatever stands in a file', () => {
    const random = seeded(3);
    const letters = 'PARAM_$fps=fadein:,.-+e0123456789\n\r #\u0000VISIBLE:Infinity NaN';
    for (let round = 0; round < 500; round++) {
      const noise = Array.from({ length: 300 }, () => letters[Math.floor(random() * letters.length)]).join('');
      const motion = readMotionText(round % 2 === 0 ? noise : source.slice(0, Math.floor(random() * source.length)) + noise);
      expect(motion.Curves.every(({ Segments }) => Segments.length > 0 && Segments.every(Number.isFinite))).toBe(true);
      expect(Object.values(motion.Meta).every((value) => typeof value === 'boolean' || (value >= 0 && Number.isFinite(value)))).toBe(true);
    }
  });
});
