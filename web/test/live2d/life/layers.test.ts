import { describe, expect, it } from 'vitest';
import { parameters as table } from '../../../src/avatar/parameters';
import { begin, curve, holding, motion, stage, type Model } from './fakes';

const hair = {
  Meta: { Fps: 60, EffectiveForces: { Gravity: { X: 0, Y: -1 }, Wind: { X: 0, Y: 0 } } },
  PhysicsSettings: [{
    Input: [{ Source: { Target: 'Parameter', Id: 'ParamAngleX' }, Weight: 100, Type: 'X', Reflect: false }],
    Output: [
      { Destination: { Target: 'Parameter', Id: 'ParamHair' }, VertexIndex: 1, Scale: 50, Weight: 100, Type: 'Angle', Reflect: false },
    ],
    Vertices: [{ Mobility: 1, Delay: 1, Acceleration: 1, Radius: 0 }, { Mobility: 0.9, Delay: 0.9, Acceleration: 1.5, Radius: 10 }],
    Normalization: { Position: { Minimum: -10, Default: 0, Maximum: 10 }, Angle: { Minimum: -10, Default: 0, Maximum: 10 } },
  }],
};

describe('the layers of a frame', () => {
  it('come in this order: motion, expressions, director, physics, lips; only the motion is kept (pitfall 7)', async () => {
    const at = stage({
      parameters: { ParamAngleX: [-30, 0, 30], ParamEyeLOpen: [0, 1, 1], ParamMouthOpenY: [0, 0, 1], ParamHair: [-90, 0, 90] },
      motions: {
        act: motion(9, [
          curve('ParamAngleX', [0, 4, 0, 9, 4]), curve('ParamMouthOpenY', [0, 0.7, 0, 9, 0.7]), curve('ParamHair', [0, 80, 0, 9, 80]),
        ]),
      },
      expressions: { doubled: { FadeInTime: 0, Parameters: [{ Id: 'ParamAngleX', Value: 2, Blend: 'Multiply' }] } },
      physics: hair,
    });
    at.life.express(['doubled'], 1);
    at.life.set('ParamAngleX', 3);
    await begin(at, 'act');
    // The director's 3 comes upon the doubled 4; the hair hangs at what physics says and not at the motion's 80.
    expect(at.value('ParamAngleX')).toBe(11);
    expect(at.value('ParamHair')).toBeCloseTo(0, 5);
    expect(at.value('ParamMouthOpenY')).toBeCloseTo(0.7, 5);
    at.life.set('ParamAngleX', -20);
    at.pass(0.1);
    expect(at.value('ParamAngleX')).toBe(-12);
    expect(Math.abs(at.value('ParamHair'))).toBeGreaterThan(1);
    at.life.set('ParamVoice', 1);
    at.life.set('ParamMouthOpenY', 0.2);
    at.pass(0.1);
    expect(at.value('ParamMouthOpenY')).toBeCloseTo(0.2, 5);
    at.life.set('ParamVoice', 0);
    at.life.set('ParamMouthOpenY', 0);
    at.life.set('ParamAngleX', 0);
    at.pass(0.1);
    expect([at.value('ParamAngleX'), at.value('ParamMouthOpenY')]).toEqual([8, expect.closeTo(0.7, 5)]);
  });

  it('hold parameters over everything but lips, until others are held', async () => {
    const at = stage({
      parameters: { ParamAngleX: [-30, 0, 30], ParamHair: [-90, 0, 90], ParamMouthOpenY: [0, 0, 1], ParamEyeLOpen: [0, 1, 1] },
      motions: { turn: holding('ParamAngleX', 10) }, physics: hair,
    });
    await begin(at, 'turn');
    at.life.set('ParamAngleX', 5);
    at.life.set('ParamEyeLOpen', 0);
    at.life.hold({ ParamAngleX: -7, ParamHair: 33, ParamMouthOpenY: 0.9, ParamEyeLOpen: 0.6, Unknown: 4, ParamCheek: Number.NaN });
    at.pass(0.5);
    expect(['ParamAngleX', 'ParamHair', 'ParamMouthOpenY', 'ParamEyeLOpen'].map(at.value))
      .toEqual([-7, 33, 0.9, 0.6].map((v) => expect.closeTo(v, 5)));
    at.life.set('ParamVoice', 1);
    at.life.set('ParamMouthOpenY', 0.1);
    at.pass(0.1);
    expect(at.value('ParamMouthOpenY')).toBeCloseTo(0.1, 5);
    at.life.hold({});
    at.pass(0.1);
    expect(at.value('ParamAngleX')).toBe(15);
  });

  it('come and go within the time that is given, without a jump', async () => {
    const at = stage({ parameters: { ParamAngleX: [-30, 0, 30], ParamHair: [-90, 0, 90] }, physics: hair });
    const jumps: number[] = [];
    const pass = (seconds: number): void => {
      for (let i = 0; i < seconds * 60; i++) {
        const before = at.value('ParamAngleX');
        at.life.step(1000 / 60);
        jumps.push(Math.abs(at.value('ParamAngleX') - before));
      }
    };
    at.life.hold({ ParamAngleX: 20, ParamHair: 500 }, 400);
    expect(at.value('ParamAngleX')).toBe(0);
    pass(0.2);
    expect(at.value('ParamAngleX')).toBeCloseTo(10, 1);
    expect(at.life.step(0)).toBe(true);
    pass(0.25);
    expect([at.value('ParamAngleX'), at.value('ParamHair')]).toEqual([20, 90]);
    at.life.hold({ ParamAngleX: -10 }, 400);
    pass(0.2);
    expect(at.value('ParamAngleX')).toBeCloseTo(5, 1);
    pass(0.25);
    expect(at.value('ParamAngleX')).toBe(-10);
    at.life.hold({}, 400);
    pass(0.2);
    // Half way back it is taken up again, from where it is.
    at.life.hold({ ParamAngleX: -10 }, 400);
    pass(0.25);
    expect(at.value('ParamAngleX')).toBeGreaterThan(-10);
    at.life.hold({}, 400);
    pass(0.5);
    expect(at.value('ParamAngleX')).toBe(0);
    expect(Math.max(...jumps)).toBeLessThan(2);
  });
});

describe('the director on a model', () => {
  it('knows what the model has of the table, by today\'s and by old names', () => {
    const ids = [
      'PARAM_ANGLE_X', 'ParamAngleY', 'PARAM_BODY_ANGLE_Z', 'PARAM_EYE_L_OPEN', 'PARAM_BROW_R_ANGLE', 'PARAM_TERE', 'PARAM_MOUTH_OPEN_Y',
      'ParamArmLA', 'ParamTear', 'PARAM_BREATH', 'ParamCustom',
    ];
    const at = stage({ parameters: Object.fromEntries(ids.map((id) => [id, [-1, 0, 1]])) });
    expect(Object.keys(at.life.known).sort()).toEqual([
      'ParamAngleX', 'ParamAngleY', 'ParamBodyAngleZ', 'ParamBreath', 'ParamBrowRAngle', 'ParamCheek', 'ParamEyeLOpen', 'ParamMouthOpenY',
      'ParamVoice',
    ]);
    expect(at.life.known.ParamAngleX).toEqual(table.ParamAngleX);
    at.life.set('ParamAngleX', 15);
    at.life.set('ParamCheek', 1);
    at.life.step(16);
    expect([at.value('PARAM_ANGLE_X'), at.value('PARAM_TERE')]).toEqual([0.5, 1]);
    expect([at.life.get('ParamAngleX'), at.life.get('ParamCheek')]).toEqual([15, 1]);
    expect([at.life.get('ParamAngleZ'), at.life.get('constructor')]).toEqual([Number.NaN, Number.NaN]);
  });

  it('lays what differs from rest over the model, from side to side of the ranges', () => {
    const at = stage({
      parameters: { ParamAngleX: [-45, 0, 45], ParamMouthForm: [-2, 0, 1], ParamCheek: [0, 0, 1], ParamBrowLY: [-1, 0.5, 1] },
    });
    at.life.step(16);
    expect(['ParamAngleX', 'ParamMouthForm', 'ParamCheek', 'ParamBrowLY'].map(at.value)).toEqual([0, 0, 0, 0.5]);
    expect(at.life.get('ParamMouthForm')).toBe(table.ParamMouthForm.rest);
    const given = [['ParamAngleX', 20], ['ParamMouthForm', -1], ['ParamCheek', 0.65], ['ParamBrowLY', 1]] as const;
    for (const [id, value] of given) at.life.set(id, value);
    at.life.step(16);
    expect(['ParamAngleX', 'ParamMouthForm', 'ParamCheek', 'ParamBrowLY'].map(at.value)).toEqual([30, -2, expect.closeTo(0.5, 5), 1]);
    expect(at.life.get('ParamCheek')).toBeCloseTo(0.65, 5);
    at.life.set('ParamAngleX', 1000);
    at.life.set('ParamCheek', Number.NaN);
    at.life.set('ParamTail', 3);
    at.life.step(16);
    expect([at.value('ParamAngleX'), at.life.get('ParamAngleX')]).toEqual([45, 30]);
  });

  it('multiplies the eyes, and those that the model\'s author named with both', () => {
    const at = stage({
      parameters: { ParamEyeLOpen: [0, 1, 1.5], ParamEyeROpen: [0, 1, 1.5], ParamThirdEye: [0, 1, 1] },
      manifest: { eyeBlink: ['ParamThirdEye'] },
      expressions: { wide: { FadeInTime: 0, Parameters: [{ Id: 'ParamEyeLOpen', Value: 1.4, Blend: 'Overwrite' }] } },
    });
    at.life.express(['wide'], 1);
    at.life.set('ParamEyeLOpen', 0.5);
    at.life.set('ParamEyeROpen', 0);
    at.life.step(16);
    expect(['ParamEyeLOpen', 'ParamEyeROpen', 'ParamThirdEye'].map(at.value)).toEqual([0.7, 0, 0.25].map((v) => expect.closeTo(v, 5)));
    expect(at.life.get('ParamEyeLOpen')).toBeCloseTo(0.7, 5);
  });

  it('lets the model breathe only where it says how', async () => {
    const at = stage({ parameters: { ParamBreath: [0, 0, 2] }, motions: { sigh: holding('ParamBreath', 1.5) } });
    await begin(at, 'sigh');
    expect(at.value('ParamBreath')).toBe(1.5);
    at.life.set('ParamBreath', 0.25);
    at.life.step(16);
    expect([at.value('ParamBreath'), at.life.get('ParamBreath')]).toEqual([0.5, 0.25]);
  });
});

describe('lips', () => {
  const speak = (model: Model, open: number, grip = 1, more: Record<string, number> = {}): ReturnType<typeof stage> => {
    const at = stage(model);
    at.life.step(16);
    for (const [id, value] of Object.entries({ ParamVoice: grip, ParamMouthOpenY: open, ...more })) at.life.set(id, value);
    at.life.step(16);
    return at;
  };

  it('are the parameters that the author named, else the usual ones by either name (pitfall 23)', () => {
    const parameters = { ParamMouthOpenY: [0, 0, 1], ParamJaw: [0, 0, 4] } as const;
    const named = speak({ parameters, manifest: { lipSync: ['ParamJaw', 'ParamGone'] } }, 0.5);
    expect([named.value('ParamJaw'), named.value('ParamMouthOpenY')]).toEqual([2, 0]);
    expect(named.life.get('ParamMouthOpenY')).toBe(0.5);
    const usual = speak({ parameters, manifest: { lipSync: ['ParamGone'] } }, 0.5);
    expect([usual.value('ParamJaw'), usual.value('ParamMouthOpenY')]).toEqual([0, 0.5]);
    expect(speak({ parameters: { PARAM_MOUTH_OPEN_Y: [0, 0, 2] } }, 0.5).value('PARAM_MOUTH_OPEN_Y')).toBe(1);
    const mute = stage({ parameters: { ParamAngleX: [-1, 0, 1] } });
    expect(Object.keys(mute.life.known)).toEqual(['ParamAngleX']);
    // So are the eyes.
    const eyes = stage({ parameters: { PARAM_EYE_L_OPEN: [0, 1, 1], ParamEyeROpen: [0, 1, 1] } });
    eyes.life.set('ParamEyeLOpen', 0);
    eyes.life.step(16);
    expect([eyes.value('PARAM_EYE_L_OPEN'), eyes.value('ParamEyeROpen')]).toEqual([0, 1]);
  });

  it('win over motions as far as the voice holds them, and open for emotions without a voice', async () => {
    const at = stage({ parameters: { ParamMouthOpenY: [0, 0, 1] }, motions: { gape: holding('ParamMouthOpenY', 0.8) } });
    at.life.set('ParamMouthOpenY', 0.3);
    at.life.step(16);
    expect(at.value('ParamMouthOpenY')).toBeCloseTo(0.3, 5);
    await begin(at, 'gape');
    at.life.set('ParamMouthOpenY', 0);
    at.life.set('ParamVoice', 0.5);
    at.life.step(16);
    expect(at.value('ParamMouthOpenY')).toBeCloseTo(0.4, 5);
    at.life.set('ParamVoice', 1);
    at.life.step(16);
    expect(at.value('ParamMouthOpenY')).toBe(0);
  });

  const shapes = ['ParamA', 'ParamI', 'ParamU', 'ParamE', 'ParamO'];
  const fiveShapes = Object.fromEntries(shapes.map((id) => [id, [0, 0, 1] as const]));

  it.each([
    ['ParamA', 0.95, {}], ['ParamI', 0.42, { ParamMouthForm: 0.85 }], ['ParamE', 0.62, { ParamMouthForm: 0.85 }],
    ['ParamU', 0.38, { ParamMouthRound: 0.85 }], ['ParamO', 0.72, { ParamMouthRound: 0.85 }],
  ])('shape %s where the model has shapes for vowels', (id, open, more) => {
    const at = speak({ parameters: fiveShapes, manifest: { lipSync: ['ParamA'] } }, open, 1, more);
    for (const one of shapes) expect(at.value(one)).toBeCloseTo(one === id ? 1 : 0, 1);
    at.life.set('ParamMouthOpenY', 0);
    at.life.step(16);
    expect(shapes.map(at.value)).toEqual([0, 0, 0, 0, 0]);
  });

  it('know the shapes by ParamMouthA too, open the rest as well, and take no single ParamA for a shape', () => {
    const shaped = { ParamMouthA: [0, 0, 1], ParamMouthI: [0, 0, 1], ParamMouthU: [0, 0, 1], ParamMouthOpenY: [0, 0, 1] } as const;
    const both = speak({ parameters: shaped }, 0.95);
    expect([both.value('ParamMouthA'), both.value('ParamMouthOpenY')]).toEqual([1, expect.closeTo(0.95, 5)]);
    const single = speak({ parameters: { ParamA: [0, 0, 1], ParamMouthOpenY: [0, 0, 1] } }, 0.5);
    expect([single.value('ParamA'), single.value('ParamMouthOpenY')]).toEqual([0, 0.5]);
  });

  it('take a smile that lasts for no vowel', () => {
    const at = speak({ parameters: { ...fiveShapes, ParamMouthForm: [-1, 0, 1] } }, 0.95, 1, { ParamMouthForm: 1 });
    at.pass(8, 20);
    expect(at.value('ParamA')).toBeGreaterThan(0.95);
  });
});
