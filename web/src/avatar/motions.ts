import { both, type ParameterId } from './parameters';

/** Time in milliseconds and value; between two keys the value eases in and out. Times rise. */
export type Key = readonly [ms: number, value: number];
export type Tracks = Readonly<Partial<Record<ParameterId, readonly Key[]>>>;

/** A movement over parameters. `add` rides on what the body does anyway; `set` takes a limb over and gives it back. */
export interface Motion {
  readonly durationMs: number;
  readonly add?: Tracks;
  readonly set?: Tracks;
}

/** A swing to and fro around zero that starts and ends at rest. */
export function swing(from: number, beatMs: number, ...values: readonly number[]): readonly Key[] {
  return [[from, 0], ...values.map((value, i): Key => [from + beatMs * (i + 1), value]), [from + beatMs * (values.length + 1), 0]];
}

const first = {
  wave: {
    durationMs: 2300,
    set: {
      ParamArmRA: [[0, 60], [380, 106], [1900, 106], [2300, 40]],
      ParamArmRB: [[0, 30], [380, 66], [620, 36], [860, 72], [1100, 36], [1340, 72], [1580, 40], [1900, 62], [2300, 10]],
      ParamHandR: [[0, -20], [380, 12], [620, -22], [860, 18], [1100, -22], [1340, 18], [1580, -16], [1900, 4], [2300, -10]],
      ParamHandROpen: [[0, 0.4], [380, 1], [1900, 1], [2300, 0.2]],
    },
    add: {
      ParamAngleZ: [[0, 0], [420, -7], [1800, -6], [2300, 0]],
      ParamBodyAngleZ: [[0, 0], [420, -2.5], [1800, -2], [2300, 0]],
      ParamFloat: [[0, 0], [400, 0.35], [800, 0.1], [1200, 0.3], [1700, 0.05], [2300, 0]],
      ...both<readonly Key[]>({ 'ParamEye*Smile': [[0, 0], [400, 0.35], [1900, 0.35], [2300, 0]] }),
    },
  },
  nod: {
    durationMs: 1100,
    add: {
      ParamAngleY: [[0, 0], [220, -17], [440, 3], [680, -13], [920, 2], [1100, 0]],
      ParamBodyAngleY: [[0, 0], [240, -4], [460, 1], [700, -3], [1100, 0]],
    },
  },
  shake: {
    durationMs: 1300,
    add: { ParamAngleX: swing(0, 210, -19, 19, -17, 14, -5), ParamBodyAngleX: swing(40, 210, -3, 3, -2.5, 2, -1) },
  },
  tilt: {
    durationMs: 1900,
    add: {
      ParamAngleZ: [[0, 0], [450, 14], [1350, 14], [1900, 0]],
      ParamBrowLY: [[0, 0], [450, 0.5], [1350, 0.5], [1900, 0]],
      ParamEyeBallY: [[0, 0], [500, 0.2], [1300, 0.2], [1900, 0]],
    },
  },
  ponder: {
    durationMs: 3600,
    set: {
      ParamArmRA: [[0, 34], [600, 38], [2900, 38], [3600, 24]],
      ParamArmRB: [[0, 60], [600, 160], [2900, 156], [3600, 20]],
      ParamHandR: [[0, 0], [600, 10], [3600, 0]],
    },
    add: {
      ParamAngleZ: [[0, 0], [700, 4], [1800, -1], [2900, 3], [3600, 0]],
      ParamEyeBallX: [[0, 0], [1300, 0], [1600, -0.9], [2700, -0.9], [3100, 0]],
      ParamAngleX: [[0, 0], [1300, 0], [1900, -12], [2700, -12], [3500, 0]],
      ParamBrowRY: [[0, 0], [1500, 0.4], [2800, 0.4], [3400, 0]],
    },
  },
} as const satisfies Record<string, Motion>;

/** Motions that come with `reactions.ts`, after the page stands. Until then nothing has their names. */
export type LaterMotion = 'purr' | 'yawn' | 'bow' | 'twitch' | 'stretch' | 'hum' | 'glance' | 'flinch' | 'bounce';

export type MotionName = keyof typeof first | LaterMotion;

export const motions = first as typeof first & Record<LaterMotion, Motion>;

/** What the character does of itself when nothing happens. */
export const idleMotions: readonly MotionName[] = ['tilt', 'glance', 'hum', 'stretch', 'twitch', 'tilt'];

const aliases: Record<string, MotionName> = {
  hello: 'wave', hi: 'wave', bye: 'wave', greet: 'wave', 挥手: 'wave', 打招呼: 'wave', 手を振る: 'wave',
  yes: 'nod', agree: 'nod', 点头: 'nod', 頷く: 'nod', うなずく: 'nod',
  no: 'shake', disagree: 'shake', 摇头: 'shake', 首を振る: 'shake',
  jump: 'bounce', hop: 'bounce', 跳: 'bounce', jump_up: 'bounce', ジャンプ: 'bounce',
  歪头: 'tilt', 首をかしげる: 'tilt', 伸懒腰: 'stretch', 伸び: 'stretch', 哼歌: 'hum', look_around: 'glance',
};

/** Adds motions, and other names for them. */
export function learn(more: Readonly<Record<LaterMotion, Motion>>, names: Readonly<Record<string, LaterMotion>>): void {
  Object.assign(motions, more);
  Object.assign(aliases, names);
}

/** The motion that a name or alias means. */
export function findMotion(name: string): MotionName | undefined {
  const key = name.trim().toLowerCase();
  const found = Object.hasOwn(aliases, key) ? aliases[key]! : key;
  return Object.hasOwn(motions, found) ? found as MotionName : undefined;
}

/** Eases in and out between 0 and 1. */
export const smooth = (t: number): number => {
  const x = Math.min(1, Math.max(0, t));
  return x * x * (3 - 2 * x);
};

/** The value of a track at a time; it holds its first and last key outside. */
export function sample(keys: readonly Key[], ms: number): number {
  let previous = keys[0];
  if (!previous) return 0;
  for (const key of keys) {
    if (ms <= key[0]) {
      const span = key[0] - previous[0];
      return span > 0 ? previous[1] + (key[1] - previous[1]) * smooth((ms - previous[0]) / span) : key[1];
    }
    previous = key;
  }
  return previous[1];
}
