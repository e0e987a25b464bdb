import { findMotion, motions, sample, smooth, type Motion, type MotionName } from './motions';
import type { ParameterId } from './parameters';

export type Priority = 'idle' | 'normal' | 'force';
export type MotionEnd = 'done' | 'interrupted' | 'unknown';

/** A motion that the character brings along, ready to be played. */
export interface OwnMotion {
  readonly name: string;
  /** @returns How it ended; never rejects. */
  play(priority: Priority): Promise<MotionEnd>;
  /** Takes it back, with its own fade. */
  stop(): void;
}

interface Playing {
  readonly name: string;
  /** How it moves our parameters; null where the character plays it by itself. */
  readonly motion: Motion | null;
  readonly priority: Priority;
  readonly end: (result: MotionEnd) => void;
  /** Lets go of it. */
  readonly leave: () => void;
  ms: number;
  /** Time at which it was told to leave; Infinity while it may play on. */
  leavesAt: number;
}

const rank: Readonly<Record<Priority, number>> = { idle: 0, normal: 1, force: 2 };
const fadeInMs = 220;
const fadeOutMs = 260;

/** Plays one motion at a time, of ours or of the character's own; the one that was interrupted fades out below its successor. */
export class MotionPlayer {
  /** Finds a motion among those that the character brings along: they come first. */
  own: (name: string) => OwnMotion | undefined = () => undefined;
  #current: Playing | null = null;
  #leaving: Playing[] = [];

  /** The motion that plays now, null between motions. */
  get name(): string | null {
    return this.#current?.name ?? null;
  }

  get busy(): boolean {
    return this.#current !== null || this.#leaving.length > 0;
  }

  /** Only idle motions play: no publisher asked for them, and the user does not watch closely. */
  get idling(): boolean {
    return this.#current?.priority === 'idle' && this.#leaving.length === 0;
  }

  /** A motion yields to one of the same or a higher priority; an idle one starts only when nothing plays. */
  play(name: string, priority: Priority, own = this.own(name)): Promise<MotionEnd> {
    const found = own?.name ?? findMotion(name);
    if (found === undefined) return Promise.resolve('unknown');
    const current = this.#current;
    if (current && (priority === 'idle' || rank[priority] < rank[current.priority])) return Promise.resolve('interrupted');
    this.stop();
    return new Promise((end) => {
      const playing: Playing = {
        name: found, motion: own ? null : motions[found as MotionName], priority, end, ms: 0, leavesAt: Infinity,
        leave: () => (own ? own.stop() : this.#leaving.push(playing)),
      };
      this.#current = playing;
      void own?.play(priority).then((result) => {
        if (this.#current === playing) this.#current = null;
        end(result);
      });
    });
  }

  /** Interrupts what plays. */
  stop(): void {
    const current = this.#current;
    if (!current) return;
    this.#current = null;
    current.leavesAt = current.ms;
    current.leave();
    current.end('interrupted');
  }

  /** Interrupts what the character plays by itself: it leaves the stage. */
  stopOwn(): void {
    if (this.#current?.motion === null) this.stop();
  }

  step(dtMs: number): void {
    for (const playing of this.#leaving) playing.ms += dtMs;
    this.#leaving = this.#leaving.filter((playing) => playing.ms < playing.leavesAt + fadeOutMs);
    const current = this.#current;
    if (!current?.motion) return;
    current.ms += dtMs;
    if (current.ms < current.motion.durationMs) return;
    this.#current = null;
    current.end('done');
  }

  /** Lays the motions over `values`. `amount` scales additions; zero also leaves the limbs where they are. */
  apply(values: Record<ParameterId, number>, amount: number): void {
    for (const playing of this.#leaving) lay(playing, values, amount);
    if (this.#current) lay(this.#current, values, amount);
  }
}

function lay({ motion, ms, leavesAt }: Playing, values: Record<ParameterId, number>, amount: number): void {
  if (!motion) return;
  const weight = smooth(ms / fadeInMs) * smooth((motion.durationMs - ms) / fadeOutMs) * (1 - smooth((ms - leavesAt) / fadeOutMs)) * amount;
  if (weight <= 0) return;
  const { add = {}, set = {} } = motion;
  for (const id in set) {
    const key = id as ParameterId;
    values[key] += (sample(set[key] ?? [], ms) - values[key]) * weight;
  }
  for (const id in add) values[id as ParameterId] += sample(add[id as ParameterId] ?? [], ms) * weight;
}
