import { Resampler } from './resampler';
import type { Turn } from './turn';

/** What plays a turn, or a stretch of it. */
export interface Output {
  /** Milliseconds of the turn that have been heard, or would have been. Never runs backwards. */
  position(): number;
  /** More of the turn has come. */
  feed(): void;
  /** It ends here, if it does not go on to the end of the turn; for the speech of a browser this becomes known at its end. */
  limit(): number;
  /** Pauses at once, or goes on exactly there. */
  hold(on: boolean): void;
  /** Silence, at once but without a click. */
  stop(): void;
}

/** Sound ahead before the first sample is played: less would stumble over every hiccup of the network, or of a page that draws a bubble. */
const firstCushion = 100;

/** And after it has stumbled. */
const laterCushion = 160;

export interface ClockOutputOptions {
  readonly turn: Turn;
  readonly from: number;
  readonly until: number;
  /** Milliseconds that never run backwards. */
  readonly now: () => number;
  /** It was playing already, elsewhere. */
  readonly running: boolean;
}

/** Plays by the clock what is not heard here, so that all pages are in step. */
export function clockOutput({ turn, from, until, now, running }: ClockOutputOptions): Output {
  let waits = !running;
  let cushion = firstCushion;
  let position = from;
  let last = now();
  let held = false;

  const advance = (): void => {
    const time = now();
    if (held) {
      last = time;
      return;
    }
    if (waits && turn.ready(position, cushion)) {
      waits = false;
      last = time;
    }
    if (!waits) {
      position = Math.min(position + Math.max(0, time - last), turn.available);
      if (position === turn.available && !turn.complete) {
        waits = true;
        cushion = laterCushion;
      }
    }
    last = time;
  };

  return {
    position() {
      advance();
      return Math.min(position, until);
    },
    feed: advance,
    limit: () => until,
    hold(on) {
      advance();
      held = on;
    },
    stop() {},
  };
}

/** Takes frames to a loudspeaker. */
export interface Sink {
  /** Frames per second. */
  readonly rate: number;
  push(frames: Float32Array<ArrayBuffer>): void;
  /** Plays what was pushed, without a click if the sound begins in its middle. */
  go(soft: boolean): void;
  /** False before {@link go}, and when it has run dry. */
  running(): boolean;
  /** Frames that were pushed and not played yet. */
  pending(): number;
  /** Frames that have left the loudspeaker, which is a while after they were played. */
  heard(): number;
  /** Pauses at once without a click, or goes on with the very next frame. */
  hold(on: boolean): void;
  stop(): void;
}

export interface StreamOutputOptions {
  readonly turn: Turn;
  readonly from: number;
  readonly until: () => number;
  readonly sink: Sink;
  readonly running: boolean;
  /** Sound came too late, and there was a silence. */
  readonly onUnderrun: (at: number) => void;
}

/** Plays the sound of a turn, sample by sample, through a sink. */
export function streamOutput({ turn, from, until, sink, running, onUnderrun }: StreamOutputOptions): Output {
  const resampler = new Resampler(sink.rate);
  let begun = false;
  let finished = false;
  let held = false;
  let { index, sample } = spotOf(turn, from);

  const push = (frames: Float32Array<ArrayBuffer>): void => {
    if (frames.length > 0) sink.push(frames);
  };

  const position = (): number => Math.min(from + (sink.heard() / sink.rate) * 1_000, until(), turn.available);

  const feed = (): void => {
    const end = until();
    for (let start = turn.startOf(index); index < turn.clauses.length && start < end; index++) {
      const clause = turn.clauses[index]!;
      const samples = clause.samples(sample);
      if (samples.length > 0) push(resampler.push(samples, clause.rate));
      sample += samples.length;
      if (!clause.ended) break;
      start += clause.ms;
      sample = 0;
    }
    if (!finished && (turn.complete || turn.available >= end)) {
      finished = true;
      push(resampler.finish());
    }
    if (held || sink.running() || sink.pending() === 0) return;
    const resumes = begun;
    const cushion = resumes ? laterCushion : running ? 0 : firstCushion;
    if (!finished && !turn.ready(position(), cushion)) return;
    begun = true;
    sink.go(resumes || from > 0);
    // The last frames of the resampler alone are no sound that came too late.
    if (resumes && sink.pending() > sink.rate / 200) onUnderrun(position());
  };

  const hold = (on: boolean): void => {
    if (on === held) return;
    held = on;
    sink.hold(on);
  };

  return { position, feed, limit: until, hold, stop: () => sink.stop() };
}

function spotOf(turn: Turn, ms: number): { index: number; sample: number } {
  const spot = turn.at(ms);
  return spot === null ? { index: 0, sample: 0 } : { index: spot.index, sample: Math.round((spot.ms / 1_000) * spot.clause.rate) };
}
