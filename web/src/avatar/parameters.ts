/** One parameter of a character: its Cubism id and what it accepts. */
export interface ParameterInfo {
  readonly min: number;
  readonly max: number;
  /** Value of a calm, attentive character. */
  readonly rest: number;
}

const range = (min: number, max: number, rest = 0): ParameterInfo => ({ min, max, rest });

/**
 * The ids that presets, motions and the director speak: the standard Cubism ids, then a few of our own for what the
 * standard has no word for. Left and right are the character's own. Angles are degrees; AngleX turns to the viewer's
 * right, AngleY looks up, AngleZ tilts to the viewer's right; eyeballs follow the same signs. A renderer that lacks an id
 * is never given it.
 */
export const parameters = {
  ParamAngleX: range(-30, 30),
  ParamAngleY: range(-30, 30),
  ParamAngleZ: range(-30, 30),
  ParamBodyAngleX: range(-10, 10),
  ParamBodyAngleY: range(-10, 10),
  ParamBodyAngleZ: range(-10, 10),
  ParamBreath: range(0, 1),

  ParamEyeLOpen: range(0, 1.3, 1),
  ParamEyeROpen: range(0, 1.3, 1),
  ParamEyeLSmile: range(0, 1),
  ParamEyeRSmile: range(0, 1),
  ParamEyeBallX: range(-1, 1),
  ParamEyeBallY: range(-1, 1),
  /** Size of the iris: negative shrinks it (fright), positive widens it (delight). */
  ParamEyeBallForm: range(-1, 1),

  ParamBrowLY: range(-1, 1),
  ParamBrowRY: range(-1, 1),
  /** Positive lifts the inner end (worry), negative lowers it (anger). */
  ParamBrowLAngle: range(-1, 1),
  ParamBrowRAngle: range(-1, 1),
  /** Positive arches the brow, negative straightens it. */
  ParamBrowLForm: range(-1, 1),
  ParamBrowRForm: range(-1, 1),

  ParamMouthOpenY: range(0, 1),
  /** Corners of the mouth: 1 up, -1 down. */
  ParamMouthForm: range(-1, 1, 0.5),
  /** 1 rounds the lips as for "u" and "o". */
  ParamMouthRound: range(0, 1),
  /** Lifts one corner: positive the viewer's right. */
  ParamMouthSkew: range(-1, 1),
  /** 1 while speech holds the mouth. */
  ParamVoice: range(0, 1),
  ParamCheek: range(0, 1, 0.3),

  /** Upper arm, degrees outward from hanging down. */
  ParamArmLA: range(-40, 150, 16),
  ParamArmRA: range(-40, 150, 16),
  /** Elbow, degrees: negative folds the forearm inward, positive outward. */
  ParamArmLB: range(-170, 170, -64),
  ParamArmRB: range(-170, 170, -64),
  /** Wrist, degrees: positive bends outward. */
  ParamHandL: range(-90, 90, -12),
  ParamHandR: range(-90, 90, -12),
  /** Fingers: 0 together, 1 spread. */
  ParamHandLOpen: range(0, 1, 0.1),
  ParamHandROpen: range(0, 1, 0.1),

  /** Height of the floating body: positive is up. */
  ParamFloat: range(-1, 1),
  ParamAhoge: range(-1, 1),
  ParamTear: range(0, 1),
  ParamAnger: range(0, 1),
  ParamSweat: range(0, 1),
  ParamHeart: range(0, 1),
  ParamSparkle: range(0, 1),
  ParamStartle: range(0, 1),
  ParamQuestion: range(0, 1),
  ParamSleep: range(0, 1),
} as const satisfies Record<string, ParameterInfo>;

/** An id of {@link parameters}. */
export type ParameterId = keyof typeof parameters;

/** Parameter values by id; what is absent rests. */
export type Pose = Readonly<Partial<Record<ParameterId, number>>>;

type SidedId =
  | 'ParamEye*Open' | 'ParamEye*Smile' | 'ParamBrow*Y' | 'ParamBrow*Angle' | 'ParamBrow*Form'
  | 'ParamArm*A' | 'ParamArm*B' | 'ParamHand*' | 'ParamHand*Open';

/** Something for each parameter, where a name with `*` stands for both sides. */
export function both<T>(sided: Readonly<Partial<Record<ParameterId | SidedId, T>>>): Readonly<Partial<Record<ParameterId, T>>> {
  const plain: Partial<Record<ParameterId, T>> = {};
  for (const [id, value] of Object.entries(sided) as [string, T][]) {
    if (id.includes('*')) for (const side of ['L', 'R']) plain[id.replace('*', side) as ParameterId] = value;
    else plain[id as ParameterId] = value;
  }
  return plain;
}
