import { learn, swing, type Key, type LaterMotion, type Motion } from './motions';
import { both } from './parameters';

/** What the character does when it is touched, greets late, or is left alone. The first load of the page is too small for it. */
const reactions: Readonly<Record<LaterMotion, Motion>> = {
  /** Under a stroking hand: it leans into it, and ears and cowlick follow. */
  purr: {
    durationMs: 2600,
    add: both<readonly Key[]>({
      'ParamEye*Smile': [[0, 0], [300, 1], [2200, 1], [2600, 0]],
      'ParamEye*Open': [[0, 0], [300, -1], [2200, -1], [2600, 0]],
      ParamCheek: [[0, 0], [300, 0.5], [2200, 0.5], [2600, 0]],
      ParamAngleY: [[0, 0], [300, -5], [2200, -5], [2600, 0]],
      ParamAngleZ: swing(0, 400, 9, -5, 8, -5, 4),
      ParamAhoge: swing(0, 400, 0.8, -0.4, 0.8, -0.4, 0.6),
    }),
  },
  /** A hand before the mouth, and a tear after it. */
  yawn: {
    durationMs: 3600,
    set: {
      ParamArmRA: [[0, 34], [600, 38], [2900, 38], [3600, 24]],
      ParamArmRB: [[0, 60], [600, 160], [2900, 156], [3600, 20]],
    },
    add: both<readonly Key[]>({
      'ParamEye*Open': [[0, 0], [700, -1], [2900, -1], [3600, 0]],
      'ParamBrow*Y': [[0, 0], [700, 0.6], [2900, 0.6], [3600, 0]],
      ParamMouthOpenY: [[0, 0], [900, 0.9], [2200, 0.9], [2900, 0]],
      ParamMouthRound: [[0, 0], [900, 0.7], [2200, 0.7], [2900, 0]],
      ParamAngleY: [[0, 0], [900, 10], [2200, 10], [3600, 0]],
      ParamTear: [[0, 0], [2200, 0], [2900, 0.6], [3600, 0]],
    }),
  },
  /** A greeting with more respect than a wave. */
  bow: {
    durationMs: 1900,
    add: both<readonly Key[]>({
      'ParamEye*Open': [[0, 0], [500, -0.9], [1100, -0.9], [1900, 0]],
      ParamAngleY: [[0, 0], [500, -22], [1100, -22], [1900, 0]],
      ParamBodyAngleY: [[0, 0], [500, -9], [1100, -9], [1900, 0]],
      ParamFloat: [[0, 0], [500, -0.5], [1100, -0.5], [1900, 0]],
    }),
  },
  flinch: {
    durationMs: 900,
    add: both<readonly Key[]>({
      'ParamEye*Open': [[0, 0], [90, -1], [320, -1], [520, 0.1], [900, 0]],
      ParamAngleY: [[0, 0], [140, -9], [420, -4], [900, 0]],
      ParamFloat: [[0, 0], [140, -0.4], [420, 0.25], [900, 0]],
      ParamCheek: [[0, 0], [250, 0.6], [700, 0.5], [900, 0]],
      ParamAhoge: [[0, 0], [120, -1], [420, 1], [900, 0]],
    }),
  },
  bounce: {
    durationMs: 1400,
    add: both<readonly Key[]>({
      ParamFloat: [[0, 0], [130, -0.35], [340, 1], [560, -0.25], [760, 0.75], [980, -0.15], [1150, 0.15], [1400, 0]],
      ParamBodyAngleY: [[0, 0], [130, -5], [340, 4], [560, -4], [760, 3], [1000, -2], [1400, 0]],
      'ParamArm*A': [[0, 0], [340, 22], [560, 6], [760, 18], [1400, 0]],
    }),
  },
  stretch: {
    durationMs: 3000,
    set: both<readonly Key[]>({
      'ParamArm*A': [[0, 40], [800, 126], [2000, 132], [3000, 30]],
      'ParamHand*Open': [[0, 0], [800, 0.7], [2000, 0.7], [3000, 0]],
      'ParamArm*B': [[0, 20], [800, 12], [2000, 4], [3000, -10]],
    }),
    add: both<readonly Key[]>({
      ParamAngleY: [[0, 0], [900, 10], [2000, 11], [3000, 0]],
      'ParamEye*Open': [[0, 0], [700, -1], [2100, -1], [2700, 0]],
      ParamBodyAngleY: [[0, 0], [900, 8], [2000, 8], [3000, 0]],
      ParamFloat: [[0, 0], [900, 0.6], [2000, 0.5], [3000, 0]],
      ParamAngleZ: [[0, 0], [900, 0], [1500, 6], [2300, -3], [3000, 0]],
    }),
  },
  hum: {
    durationMs: 3000,
    add: both<readonly Key[]>({
      ParamAngleZ: swing(0, 600, 7, -7, 6, -4),
      ParamBodyAngleZ: swing(0, 600, 2.4, -2.4, 2, -1),
      ParamFloat: swing(0, 300, 0.3, 0, 0.3, 0, 0.3, 0, 0.3, 0, 0.2),
      'ParamEye*Smile': [[0, 0], [400, 0.9], [2500, 0.9], [3000, 0]],
      'ParamEye*Open': [[0, 0], [400, -1], [2500, -1], [3000, 0]],
    }),
  },
  glance: {
    durationMs: 2600,
    add: {
      ParamEyeBallX: [[0, 0], [180, -0.8], [1000, -0.8], [1250, 0.7], [2100, 0.7], [2500, 0]],
      ParamAngleX: [[0, 0], [420, -13], [1050, -13], [1550, 12], [2150, 12], [2600, 0]],
      ParamEyeBallY: [[0, 0], [180, 0.2], [2100, 0.1], [2500, 0]],
    },
  },
  /** Only the ears, or the cowlick where there are none. */
  twitch: { durationMs: 900, add: { ParamAhoge: swing(0, 130, 0.9, -0.6, 0.7, -0.3), ParamAngleZ: swing(0, 220, 3, -1) } },
};

const names: Readonly<Record<string, LaterMotion>> = {
  鞠躬: 'bow', お辞儀: 'bow', 打哈欠: 'yawn', あくび: 'yawn', pat: 'purr', stroke: 'purr', 摸头: 'purr', なでる: 'purr',
};

/** Lets every player of motions know them, from now on. Calling it again changes nothing. */
export const learnReactions = (): void => learn(reactions, names);
