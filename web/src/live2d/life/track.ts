import { ease } from './reading';
import type { MotionCurve, MotionFile } from './motionfile';

/** The parameters that the model's author named for eyes and mouth, by index. */
export interface Groups {
  readonly eyeBlink: readonly number[];
  readonly lipSync: readonly number[];
}

/** What motions have said last; it stays until another one says something else. */
export interface Said {
  /** By the id of the part. */
  readonly parts: Map<string, number>;
  /** Of the whole model, 0 to 1. */
  opacity: number;
}

interface Parameter extends MotionCurve {
  readonly index: number;
}

export interface TrackOptions {
  /** In seconds; null: as the motion's file has it. */
  readonly fadeIn: number | null;
  readonly fadeOut: number | null;
  readonly loop: boolean;
}

/** As the specification has it where neither model nor motion says anything. */
const fadeSeconds = 1;

/** Fades were made for a frame in 1/60 s, in which this much of the way is gone; frames of another length go as far in the same time. */
const fadeRate = 60;

/** One motion that plays on the parameters of one model. Times are seconds. */
export class Track {
  readonly fadeOut: number;
  /** The parameters that it moves. */
  readonly driven: ReadonlySet<number>;
  /** It moves parameters that blink. */
  readonly eyes: boolean;
  private readonly fadeIn: number;
  private readonly parameters: readonly Parameter[];
  private readonly parts: readonly MotionCurve[];
  private readonly eyeBlink: MotionCurve | undefined;
  private readonly lipSync: MotionCurve | undefined;
  private readonly opacity: MotionCurve | undefined;
  /** Since its start, and within the present round of its loop. */
  private time = 0;
  private local = 0;
  private fresh = true;

  constructor(
    private readonly file: MotionFile,
    places: ReadonlyMap<string, number>,
    private readonly groups: Groups,
    private readonly options: TrackOptions,
  ) {
    this.fadeIn = options.fadeIn ?? file.fadeIn ?? fadeSeconds;
    this.fadeOut = options.fadeOut ?? file.fadeOut ?? fadeSeconds;
    this.parameters = file.curves.flatMap((curve): Parameter[] => {
      const index = curve.target === 'parameter' ? places.get(curve.id) : undefined;
      return index === undefined ? [] : [{ ...curve, index }];
    });
    const of = (target: MotionCurve['target']): MotionCurve | undefined => file.curves.find((curve) => curve.target === target);
    this.parts = file.curves.filter(({ target }) => target === 'part');
    this.eyeBlink = of('eyeBlink');
    this.lipSync = of('lipSync');
    this.opacity = of('opacity');
    this.driven = new Set([
      ...this.parameters.map(({ index }) => index), ...(this.eyeBlink ? groups.eyeBlink : []), ...(this.lipSync ? groups.lipSync : []),
    ]);
    this.eyes = groups.eyeBlink.some((index) => this.driven.has(index));
  }

  get over(): boolean {
    return !this.options.loop && this.time >= this.file.duration;
  }

  get movesOpacity(): boolean {
    return this.opacity !== undefined;
  }

  /** Advances by `dt`, the first time by nothing, and lays the motion over `values`. */
  step(values: Float32Array, said: Said, dt: number, tell: (value: string) => void): void {
    const passed = this.fresh ? 0 : dt;
    const before = this.fresh ? -1 : this.local;
    this.fresh = false;
    this.time += passed;
    this.local += passed;
    this.events(before, tell);
    const { duration } = this.file;
    const { loop } = this.options;
    if (loop && this.local >= duration) this.local = duration > 0 ? this.local % duration : 0;

    const t = Math.min(this.local, duration);
    const at = ({ curve }: MotionCurve): number => (loop ? curve.around(t, duration) : curve.at(t));
    for (const part of this.parts) said.parts.set(part.id, at(part));
    const whole = this.part(this.fadeIn, this.fadeOut, passed);
    if (this.opacity) said.opacity += (at(this.opacity) - said.opacity) * whole;
    this.lay(values, at, whole, passed);
  }

  private lay(values: Float32Array, at: (curve: MotionCurve) => number, whole: number, passed: number): void {
    const { eyeBlink, lipSync } = this.groups;
    const blink = this.eyeBlink && at(this.eyeBlink);
    const lips = this.lipSync && at(this.lipSync);
    for (const one of this.parameters) {
      const { index, fadeIn, fadeOut } = one;
      let value = at(one);
      // The curves of the groups work on what the parameter's own curve says …
      if (blink !== undefined && eyeBlink.includes(index)) value *= blink;
      if (lips !== undefined && lipSync.includes(index)) value += lips;
      const part = fadeIn === null && fadeOut === null ? whole : this.part(fadeIn ?? this.fadeIn, fadeOut ?? this.fadeOut, passed);
      values[index]! += (value - values[index]!) * part;
    }
    // … and stand alone where it has none.
    const own = (index: number): boolean => this.parameters.some((one) => one.index === index);
    if (blink !== undefined) for (const index of eyeBlink) if (!own(index)) values[index]! += (blink - values[index]!) * whole;
    if (lips !== undefined) for (const index of lipSync) if (!own(index)) values[index]! += (lips - values[index]!) * whole;
  }

  /** Which part of the way from where a value is to where the motion has it is gone in this frame. */
  private part(fadeIn: number, fadeOut: number, passed: number): number {
    const left = this.options.loop ? Infinity : this.file.duration - this.time;
    const weight = (fadeIn > 0 ? ease(this.time / fadeIn) : 1) * (fadeOut > 0 && left < fadeOut ? ease(left / fadeOut) : 1);
    return weight >= 1 ? 1 : 1 - (1 - weight) ** (passed * fadeRate);
  }

  private events(before: number, tell: (value: string) => void): void {
    const { duration, events } = this.file;
    const past = this.options.loop && duration > 0 && this.local >= duration ? this.local % duration : -1;
    for (const { time, value } of events) {
      if ((time > before && time <= this.local) || (past >= 0 && time <= Math.min(past, before))) tell(value);
    }
  }
}
