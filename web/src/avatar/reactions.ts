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
  /** Only the ears, or the cowlick where there are none. */
  twitch: { durationMs: 900, add: { ParamAhoge: swing(0, 130, 0.9, -0.6, 0.7, -0.3), ParamAngleZ: swing(0, 220, 3, -1) } },
};

const names: Readonly<Record<string, LaterMotion>> = {
  鞠躬: 'bow', お辞儀: 'bow', 打哈欠: 'yawn', あくび: 'yawn', pat: 'purr', stroke: 'purr', 摸头: 'purr', なでる: 'purr',
};

/** Lets every player of motions know them, from now on. Calling it again changes nothing. */
export const learnReactions = (): void => learn(reactions, names);
