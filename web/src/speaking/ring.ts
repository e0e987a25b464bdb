/** What a ring is told. */
export type RingOrder =
  | { readonly type: 'frames'; readonly frames: Float32Array<ArrayBuffer> }
  /** Play, from silence if `soft`. */
  | { readonly type: 'go'; readonly soft: boolean }
  /** Pause, and go on with the very next frame. */
  | { readonly type: 'hold'; readonly on: boolean }
  | { readonly type: 'stop' };

/** How far a ring has come. */
export interface RingReport {
  /** Frames played so far, and the moment at which the next one is due, in seconds of the device. */
  readonly frames: number;
  readonly time: number;
  /** Playing; otherwise it waits for frames and a `go`. */
  readonly running: boolean;
  /** Between its order to pause and the one to go on. */
  readonly held: boolean;
}

/** Long enough for no click, short enough for silence at once. */
export const fadeSeconds = 0.008;

const reportEvery = 1_024;

/** Frames on their way to the loudspeaker. It knows exactly how many were played. Lives in the audio thread. */
export class Ring {
  private queue: Float32Array[] = [];
  private head = 0;
  private played = 0;
  private reported = 0;
  private running = false;
  private stopping = false;
  private news = false;
  private held = false;
  /** To go on as soon as the pause has begun. */
  private released = false;
  /** Frames that were faded out since the pause began. They are played again, faded in: both together are the frames. */
  private ahead = 0;
  private gain = 0;
  private slope = 0;
  /** The last value played, faded out where the frames end too early. */
  private last = 0;
  private readonly step: number;

  constructor(private readonly rate: number) {
    this.step = 1 / (fadeSeconds * rate);
  }

  order(order: RingOrder): void {
    if (order.type === 'frames') this.queue.push(order.frames);
    else if (order.type === 'hold') this.hold(order.on);
    else if (order.type === 'stop') {
      this.stopping = true;
      this.slope = -this.step;
    } else {
      this.running = true;
      this.news = true;
      this.gain = order.soft ? 0 : 1;
      this.slope = order.soft ? this.step : 0;
    }
  }

  /** Fills a block that begins at `time`. Returns what is worth telling, if anything. */
  fill(block: Float32Array, time: number): RingReport | null {
    const was = this.running;
    const before = this.played;
    for (let i = 0; i < block.length; i++) block[i] = this.next();
    if (was === this.running && !this.news && this.played - this.reported < reportEvery) return null;
    this.news = false;
    this.reported = this.played;
    return { frames: this.played, time: time + (this.played - before) / this.rate, running: this.running, held: this.held };
  }

  /** Silent for good. */
  get over(): boolean {
    return this.stopping && (this.gain <= 0 || !this.running) && Math.abs(this.last) < 1e-4;
  }

  private hold(on: boolean): void {
    this.released = !on && this.held;
    if (!on || this.held) return;
    this.held = true;
    this.news = true;
    this.ahead = 0;
    this.slope = -this.step;
  }

  /** Fades out what comes next without taking it. */
  private pause(): number {
    this.gain = Math.max(0, this.gain - this.step);
    if (!this.running) this.last *= 1 - 4 * this.step;
    else this.last = this.gain === 0 ? 0 : (this.peek(this.ahead++) ?? 0) * this.gain;
    if (this.released && (this.gain === 0 || !this.running)) this.resume();
    return this.last;
  }

  private resume(): void {
    this.held = this.released = false;
    this.news = true;
    this.gain = 0;
    this.slope = this.stopping ? -this.step : this.step;
  }

  private peek(ahead: number): number | undefined {
    let at = this.head + ahead;
    for (const frames of this.queue) {
      if (at < frames.length) return frames[at];
      at -= frames.length;
    }
    return undefined;
  }

  private next(): number {
    if (this.held) return this.pause();
    const [first] = this.queue;
    if (!this.running || first === undefined) {
      this.running = false;
      this.last *= 1 - 4 * this.step;
      return this.last;
    }
    this.gain = Math.min(1, Math.max(0, this.gain + this.slope));
    if (this.stopping && this.gain === 0) {
      this.queue = [];
      this.last = 0;
      return 0;
    }
    this.last = first[this.head]! * this.gain;
    this.played++;
    if (++this.head === first.length) {
      this.queue.shift();
      this.head = 0;
    }
    return this.last;
  }
}
