import { emotions, type Emotion } from './emotions';
import { smooth } from './motions';
import { parameters, type ParameterId, type Pose } from './parameters';

const ids = Object.keys(parameters) as ParameterId[];
const bodyId = /^Param(Arm|Hand|Body|Float|Angle)/;

/** Holds the face of an emotion and cross-fades to the next; limbs take longer than the face. */
export class Expression {
  emotion: Emotion = 'neutral';
  readonly #from: Record<ParameterId, number>;
  readonly #goal: Record<ParameterId, number>;
  readonly #now: Record<ParameterId, number>;
  #ms = Infinity;
  #fadeMs = 1;
  #leftMs = Infinity;

  /** What is done when the time of an emotion is over. */
  onEnd = (): void => this.show('neutral', 1, this.#fadeMs, Infinity);

  constructor() {
    const rest = (): Record<ParameterId, number> =>
      Object.fromEntries(ids.map((id) => [id, parameters[id].rest])) as Record<ParameterId, number>;
    this.#from = rest();
    this.#goal = rest();
    this.#now = rest();
  }

  get fading(): boolean {
    return this.#ms < this.#fadeMs * limbs;
  }

  /**
   * Fades to an emotion with a strength of 0..1, for `durationMs`; Infinity keeps it. `pose` is what it looks like: nothing, where the
   * character shows it in a way of its own.
   */
  show(emotion: Emotion, weight: number, fadeMs: number, durationMs: number, pose: Pose = emotions[emotion]): void {
    this.emotion = emotion;
    this.#leftMs = durationMs;
    this.#fadeMs = fadeMs;
    this.#ms = 0;
    for (const id of ids) {
      const { rest } = parameters[id];
      this.#from[id] = this.#now[id];
      this.#goal[id] = rest + ((pose[id] ?? rest) - rest) * weight;
    }
  }

  step(dtMs: number): Readonly<Record<ParameterId, number>> {
    this.#leftMs -= dtMs;
    if (this.#leftMs <= 0) {
      this.#leftMs = Infinity;
      this.onEnd();
    }
    if (!this.fading) return this.#now;
    this.#ms += dtMs;
    for (const id of ids) {
      const t = smooth(this.#ms / (this.#fadeMs * (bodyId.test(id) ? limbs : 1)));
      this.#now[id] = this.#from[id] + (this.#goal[id] - this.#from[id]) * t;
    }
    return this.#now;
  }
}

const limbs = 1.7;
