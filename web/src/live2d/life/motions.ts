import type { ModelMotion } from '../../avatar/manifest';
import type { MotionEnd, Priority } from '../../avatar/motionplayer';
import { readMotion, type MotionFile } from './motionfile';
import { ease } from './reading';
import { Track, type Groups, type Said } from './track';

const rank: Readonly<Record<Priority, number>> = { idle: 0, normal: 1, force: 2 };

/** A file that has not come after so many seconds of frames is given up. */
const patience = 20;

/** Idle motions whose file did not come are asked for again after so many seconds: the hub may have been away. */
const idleRetry = 30;

/** What a motion left behind goes back to rest in this time, where the motion's own fade is shorter; in seconds. */
const shortestReturn = 0.25;

/** `broken` files stay so, `absent` ones may come another time. */
type Failure = 'broken' | 'absent';

/** A motion that was asked for: it waits for its file, then plays. */
interface Act {
  readonly motion: ModelMotion;
  readonly priority: Priority;
  readonly end: (result: MotionEnd) => void;
  waited: number;
}

interface Playing {
  readonly track: Track;
  /** Null for an idle motion that began by itself. */
  readonly act: Act | null;
  readonly silence: () => void;
}

/** A value that no motion moves any more on its way back to rest. */
interface Return {
  readonly duration: number;
  left: number;
}

export interface MotionsOptions {
  readonly motions: readonly ModelMotion[];
  /** Names of those that play by themselves. */
  readonly idle: readonly string[];
  readonly groups: Groups;
  readonly places: ReadonlyMap<string, number>;
  load(file: string): Promise<unknown>;
  random(): number;
  /** The user asked for less motion: then no motion begins by itself. Asked in every step. */
  reducedMotion(): boolean;
  onEvent(value: string): void;
  /** @returns what ends the sound. */
  playSound(file: string): () => void;
  complain(file: string, reason: string): void;
}

/**
 * Plays one motion at a time. A new one takes over where the one before left the values, and fades in from there. What it does not move
 * goes back to rest. While no motion was asked for the idle ones play by turns. Files are read when they are first played.
 */
export class Motions {
  readonly said: Said = { parts: new Map(), opacity: 1 };
  private playing: Playing | null = null;
  private waiting: Act | null = null;
  private readonly byName: ReadonlyMap<string, ModelMotion>;
  private readonly files = new Map<string, MotionFile | Failure | Promise<MotionFile | Failure>>();
  private readonly returns = new Map<number, Return>();
  /** Idle motions that have not had their turn in this round, and the one that had it last. */
  private round: string[] = [];
  private idle: readonly string[];
  private lastIdle = '';
  private idleLoads = false;
  private idlePause = 0;
  private ended = false;

  constructor(private readonly options: MotionsOptions) {
    this.byName = new Map(options.motions.map((motion) => [motion.name.toLowerCase(), motion]));
    this.idle = options.idle.map((name) => name.toLowerCase()).filter((name) => this.byName.has(name));
  }

  /** Something that was asked for plays, or waits for its file. */
  get busy(): boolean {
    const act = this.waiting ?? this.playing?.act ?? null;
    return act !== null && act.priority !== 'idle';
  }

  get moving(): boolean {
    return this.playing !== null || this.returns.size > 0;
  }

  /** The motion that plays moves the eyes. */
  get eyes(): boolean {
    return this.playing?.track.eyes ?? false;
  }

  /** A motion yields to one of the same or a higher priority; an idle one starts only when nothing else plays. */
  play(name: string, priority: Priority): Promise<MotionEnd> {
    const motion = this.byName.get(name.toLowerCase());
    if (!motion) return Promise.resolve('unknown');
    const before = this.waiting ?? this.playing?.act ?? null;
    if (before && (priority === 'idle' ? before.priority !== 'idle' : rank[priority] < rank[before.priority])) {
      return Promise.resolve('interrupted');
    }
    this.waiting?.end('interrupted');
    return new Promise((end) => {
      const act: Act = { motion, priority, end, waited: 0 };
      this.waiting = act;
      this.read(motion.file, (file) => {
        if (this.waiting !== act) return;
        this.waiting = null;
        if (typeof file === 'string') end('unknown');
        else this.start(file, motion, act);
      });
    });
  }

  /** Ends what was asked for. */
  stop(): void {
    this.waiting?.end('interrupted');
    this.waiting = null;
    if (this.playing?.act) this.leave('interrupted');
  }

  /** Ends everything for good: nothing sounds any more, and a file that is still on its way begins nothing. */
  end(): void {
    this.stop();
    if (this.playing) this.leave('interrupted');
    this.ended = true;
  }

  /** Advances by `dt` seconds and writes into `values`; what it moves no more it leads back to `rest`. */
  step(values: Float32Array, rest: Float32Array, dt: number): void {
    this.wait(dt);
    if (this.playing?.track.over) this.leave('done');
    const calm = this.options.reducedMotion();
    if (calm && this.playing?.act === null) this.leave('interrupted');
    if (!calm && !this.playing) this.turn(dt);
    this.playing?.track.step(values, this.said, dt, this.options.onEvent);
    for (const [index, back] of this.returns) {
      const before = ease(back.left / back.duration);
      back.left -= dt;
      const part = back.left > 0 && before > 0 ? ease(back.left / back.duration) / before : 0;
      if (index === wholeModel) this.said.opacity = 1 + (this.said.opacity - 1) * part;
      else values[index] = rest[index]! + (values[index]! - rest[index]!) * part;
      if (part === 0) this.returns.delete(index);
    }
  }

  /** Begins the next idle motion, or the reading of its file. */
  private turn(dt: number): void {
    this.idlePause -= dt;
    if (this.idleLoads || this.idlePause > 0 || this.idle.length === 0) return;
    const name = this.nextIdle();
    const motion = this.byName.get(name)!;
    this.idleLoads = true;
    this.read(motion.file, (file) => {
      this.idleLoads = false;
      if (file === 'absent') this.idlePause = idleRetry;
      else if (file === 'broken') this.idle = this.idle.filter((one) => one !== name);
      else if (!this.ended && !this.playing && !this.options.reducedMotion()) this.start(file, motion, null);
    });
  }

  private nextIdle(): string {
    if (this.round.length === 0) this.round = [...this.idle];
    const fresh = this.round.length > 1 ? this.round.filter((one) => one !== this.lastIdle) : this.round;
    const next = fresh[Math.min(fresh.length - 1, Math.floor(this.options.random() * fresh.length))]!;
    this.round = this.round.filter((one) => one !== next);
    this.lastIdle = next;
    return next;
  }

  private start(file: MotionFile, motion: ModelMotion, act: Act | null): void {
    if (this.playing) this.leave('interrupted');
    const { places, groups } = this.options;
    // A motion that was asked for plays once, so that it ends; so does an idle one that has to let others have their turn.
    // One of no length holds what it says.
    const loop = act === null && this.idle.length === 1 && (file.loop || file.duration < 0.1);
    const track = new Track(file, places, groups, { fadeIn: motion.fadeIn, fadeOut: motion.fadeOut, loop });
    const silence = motion.sound === null ? () => {} : this.options.playSound(motion.sound);
    this.playing = { track, act, silence };
    for (const index of track.driven) this.returns.delete(index);
    if (track.movesOpacity) this.returns.delete(wholeModel);
  }

  private leave(result: MotionEnd): void {
    const { track, act, silence } = this.playing!;
    this.playing = null;
    const duration = Math.max(shortestReturn, track.fadeOut);
    for (const index of track.driven) this.returns.set(index, { duration, left: duration });
    if (track.movesOpacity) this.returns.set(wholeModel, { duration, left: duration });
    if (result === 'interrupted') silence();
    act?.end(result);
  }

  private wait(dt: number): void {
    const act = this.waiting;
    if (!act || (act.waited += dt) < patience) return;
    this.waiting = null;
    this.options.complain(act.motion.file, `it did not come within ${patience} s`);
    act.end('unknown');
  }

  /** Gives the file to `use`: at once if it has been read, so that one motion follows another without a gap. */
  private read(file: string, use: (read: MotionFile | Failure) => void): void {
    const known = this.files.get(file) ?? this.load(file);
    this.files.set(file, known);
    if (known instanceof Promise) void known.then(use);
    else use(known);
  }

  private async load(file: string): Promise<MotionFile | Failure> {
    try {
      const read = readMotion(await this.options.load(file));
      if (typeof read === 'string') this.options.complain(file, read);
      const result = typeof read === 'string' ? 'broken' : read;
      this.files.set(file, result);
      return result;
    } catch (error) {
      this.files.delete(file);
      this.options.complain(file, error instanceof Error ? error.message : String(error));
      return 'absent';
    }
  }
}

/** Stands for the whole model's opacity among the indices of parameters. */
const wholeModel = -1;
