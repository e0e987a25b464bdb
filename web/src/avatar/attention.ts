import type { MotionName } from './motions';
import type { ParameterId, Pose } from './parameters';

/** What the character does in a conversation. */
export type Attending = 'idle' | 'listening' | 'transcribing' | 'thinking' | 'speaking';

export interface Attended {
  /** Only eyes and brows move. */
  readonly calm: boolean;
  /** The lips are busy: a speaker looks at the listener. */
  readonly speaking: boolean;
  /** The face shows an emotion, which comes first. */
  readonly feeling: boolean;
}

/** Thinking lasts so long before the character does something about it, and then now and then. */
export const fillerAfterMs = 1500;
const fillerPauseMs = 4200;
const nodEveryMs = 3400;
const nodMs = 620;
const easeMs = 190;

const listening: Pose = {
  ParamAngleZ: 5, ParamAngleY: -2, ParamBodyAngleY: 2.5, ParamBrowLY: 0.3, ParamBrowRY: 0.3, ParamEyeLOpen: 0.06, ParamEyeROpen: 0.06,
  ParamMouthForm: 0.25, ParamAhoge: 0.35,
};

/** Added to whatever the face and the body do; what is not named stays. */
const poses: Readonly<Record<Attending, Pose>> = {
  idle: {},
  listening,
  transcribing: { ...listening, ParamAngleZ: 2, ParamEyeBallY: 0.25 },
  thinking: {
    ParamEyeBallX: 0.65, ParamEyeBallY: 1, ParamAngleX: 7, ParamAngleY: 10, ParamAngleZ: 5,
    ParamBrowLY: 0.5, ParamBrowLForm: 0.4, ParamBrowRAngle: -0.15, ParamMouthForm: -0.15, ParamMouthSkew: 0.3,
  },
  speaking: {},
};

const ids = [...new Set(Object.values(poses).flatMap((pose) => Object.keys(pose)))] as ParameterId[];
const isFace = /^Param(Eye|Brow|Mouth)/;

/** Leans in to listen, looks up to think: a light layer that gives way to emotions and to the lips. */
export class Attention {
  to: Attending = 'idle';
  readonly #now = Object.fromEntries(ids.map((id) => [id, 0])) as Record<ParameterId, number>;
  #strength = 0;
  /** How much of the gaze is taken, 0..1. */
  #held = 0;
  #heldMs = 0;
  #fillInMs = fillerAfterMs;
  #fillers = 0;

  /** How much of the gaze follows the pointer: a listener looks at who speaks, a thinker at nothing. */
  get free(): number {
    return 1 - 0.85 * this.#strength * this.#held;
  }

  get moving(): boolean {
    return this.#heldMs < 5 * easeMs || (this.to === 'listening' && this.#heldMs % nodEveryMs > nodEveryMs - nodMs);
  }

  turn(to: Attending): void {
    this.to = to;
    this.#heldMs = 0;
    this.#fillInMs = fillerAfterMs;
    this.#fillers = 0;
  }

  apply(values: Record<ParameterId, number>, dtMs: number, { calm, speaking, feeling }: Attended): void {
    this.#heldMs += dtMs;
    const part = 1 - Math.exp(-dtMs / easeMs);
    this.#strength += ((speaking ? 0 : feeling ? 0.35 : 1) - this.#strength) * part;
    this.#held += ((this.to === 'idle' || this.to === 'speaking' ? 0 : 1) - this.#held) * part;
    for (const id of ids) {
      this.#now[id] += ((poses[this.to][id] ?? 0) - this.#now[id]) * part;
      if (!calm || isFace.test(id)) values[id] += this.#now[id] * this.#strength;
    }
    const nod = this.#heldMs % nodEveryMs - (nodEveryMs - nodMs);
    if (!calm && this.to === 'listening' && nod > 0) values.ParamAngleY -= 6 * Math.sin((nod / nodMs) * Math.PI) * this.#strength;
  }

  /** How long until there is something to do; Infinity when that is not known. */
  get quietMs(): number {
    return this.to === 'thinking' && this.#fillInMs > 0 ? this.#fillInMs : Infinity;
  }

  /** Something to do while it thinks on; null while there is no need. */
  filler(dtMs: number, busy: boolean): MotionName | null {
    if (this.to !== 'thinking') return null;
    this.#fillInMs -= dtMs;
    if (this.#fillInMs > 0 || busy) return null;
    this.#fillInMs = fillerPauseMs;
    return this.#fillers++ % 3 === 2 ? 'tilt' : 'ponder';
  }
}
