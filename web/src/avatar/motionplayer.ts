import { findMotion, motions, sample, smooth, type Motion, type MotionName } from './motions';
import type { ParameterId } from './parameters';

export type Priority = 'idle' | 'normal' | 'force';
export type MotionEnd = 'done' | 'interrupted' | 'unknown';

interface Playing {
  readonly name: MotionName;
  readonly motion: Motion;
  readonly priority: Priority;
  readonly end: (result: MotionEnd) => void;
  ms: number;
  /** Time at which it was told to leave; Infinity while it may play on. */
  leavesAt: number;
}

const rank: Readonly<Record<Priority, number>> = { idle: 0, normal: 1, force: 2 };
const fadeInMs = 220;
const fadeOutMs = 260;

/** Plays one motion at a time; the one that was interrupted fades out below its successor. */
export class MotionPlayer {
  private current: Playing | null = null;
  private leaving: Playing[] = [];

  /** The motion that plays now, null between motions. */
  get name(): MotionName | null {
    return this.current?.name ?? null;
  }

  get busy(): boolean {
    return this.current !== null || this.leaving.length > 0;
  }

  /** Only idle motions play: no publisher asked for them, and the user does not watch closely. */
  get idling(): boolean {
    return this.current?.priority === 'idle' && this.leaving.length === 0;
  }

  /** A motion yields to one of the same or a higher priority; an idle one starts only when nothing plays. */
  play(name: string, priority: Priority): Promise<MotionEnd> {
    const found = findMotion(name);
    if (!found) return Promise.resolve('unknown');
    const { current } = this;
    if (current && (priority === 'idle' || rank[priority] < rank[current.priority])) return Promise.resolve('interrupted');
    this.stop();
    return new Promise((end) => {
      this.current = { name: found, motion: motions[found], priority, end, ms: 0, leavesAt: Infinity };
    });
  }

  /** Interrupts what plays. */
  stop(): void {
    if (!this.current) return;
    this.current.leavesAt = this.current.ms;
    this.leaving.push(this.current);
    this.current.end('interrupted');
    this.current = null;
  }

  step(dtMs: number): void {
    for (const playing of this.leaving) playing.ms += dtMs;
    this.leaving = this.leaving.filter((playing) => playing.ms < playing.leavesAt + fadeOutMs);
    const { current } = this;
    if (!current) return;
    current.ms += dtMs;
    if (current.ms < current.motion.durationMs) return;
    this.current = null;
    current.end('done');
  }

  /** Lays the motions over `values`. `amount` scales additions; zero also leaves the limbs where they are. */
  apply(values: Record<ParameterId, number>, amount: number): void {
    for (const playing of this.leaving) lay(playing, values, amount);
    if (this.current) lay(this.current, values, amount);
  }
}

function lay({ motion, ms, leavesAt }: Playing, values: Record<ParameterId, number>, amount: number): void {
  const weight = smooth(ms / fadeInMs) * smooth((motion.durationMs - ms) / fadeOutMs) * (1 - smooth((ms - leavesAt) / fadeOutMs)) * amount;
  if (weight <= 0) return;
  const { add = {}, set = {} } = motion;
  for (const id in set) {
    const key = id as ParameterId;
    values[key] += (sample(set[key] ?? [], ms) - values[key]) * weight;
  }
  for (const id in add) values[id as ParameterId] += sample(add[id as ParameterId] ?? [], ms) * weight;
}
