import { createMouthTrack, type MouthTrack } from '../avatar/lipsync';
import type { Audio, Marks, SpeechEnd, SpeechStart } from '../protocol/speech';

/** Samples that only serve to say nothing. */
const silenceRate = 8_000;
const longest = 600;
const largestFile = 16 * 2 ** 20;

/** One clause: what it says, and as much of its sound as has come. */
export class Clause {
  /** All of its sound is here. */
  ended = false;
  rate: number;
  words: readonly number[] = [];
  visemes: readonly number[] = [];
  shapes = '';
  /** Lips for what has no sound of its own. */
  readonly track: MouthTrack | null;
  private store = new Int16Array(0);
  private count = 0;
  private bytes: ArrayBuffer[] = [];
  private received = 0;
  private whole = true;

  constructor(readonly said: SpeechStart) {
    const silent = said.format === 'silent' || said.format === 'browser';
    this.rate = silent ? silenceRate : said.rate;
    this.track = silent ? createMouthTrack(said.text) : null;
    if (this.track !== null) this.last(this.track.endMs);
  }

  /** Milliseconds that can be played. */
  get ms(): number {
    return this.rate === 0 ? 0 : (this.count / this.rate) * 1_000;
  }

  /** What has come, from a sample on. */
  samples(from = 0): Int16Array {
    return this.store.subarray(Math.min(from, this.count), this.count);
  }

  /** A piece after a hole is of no use, and neither is what follows it. */
  append({ kind, offset, data }: Audio): void {
    const samples = kind === 'samples';
    if (this.ended || !this.whole || samples !== (this.said.format === 'pcm_s16le')) return;
    if (offset !== this.received) {
      this.whole = false;
      return;
    }
    this.received += samples ? data.byteLength / 2 : data.byteLength;
    if (!samples && this.received > largestFile) this.whole = false;
    if (!this.whole) return;
    if (samples) this.add(littleEndian(data));
    else this.bytes.push(data);
  }

  /** The file of a clause that the browser decodes, which is not ended before {@link decoded}. */
  file(): Blob {
    const { bytes } = this;
    this.bytes = [];
    return new Blob(bytes);
  }

  decoded(samples: Int16Array, rate: number): void {
    this.rate = rate;
    this.add(samples);
    this.ended = true;
  }

  /** A clause without sound lasts this long, from now known. */
  last(ms: number): void {
    this.count = Math.round((Math.min(ms, longest * 1_000) / 1_000) * this.rate);
    this.store = new Int16Array(this.count);
  }

  /** Its sound was heard and is not needed any more; its length is. */
  forget(): void {
    this.store = new Int16Array(0);
  }

  private add(samples: Int16Array): void {
    const room = Math.min(samples.length, longest * this.rate - this.count);
    if (this.count + room > this.store.length) {
      const larger = new Int16Array(Math.max(this.count + room, this.store.length * 2));
      larger.set(this.store.subarray(0, this.count));
      this.store = larger;
    }
    this.store.set(samples.subarray(0, room), this.count);
    this.count += room;
  }
}

/** A place in a turn. */
export interface Spot {
  readonly clause: Clause;
  readonly index: number;
  /** Milliseconds since the beginning of the clause. */
  readonly ms: number;
}

/** Everything that has come of a speech, as one line of time that begins with its first clause. */
export class Turn {
  readonly clauses: Clause[] = [];
  private final = false;

  constructor(readonly id: number, readonly reply: string) {}

  start(said: SpeechStart): void {
    const last = this.clauses.at(-1);
    if (last === undefined || said.clause > last.said.clause) this.clauses.push(new Clause(said));
  }

  audio(piece: Audio): void {
    this.find(piece.clause)?.append(piece);
  }

  mark({ clause, words, visemes, shapes }: Marks): void {
    const marked = this.find(clause);
    if (marked === undefined) return;
    marked.words = [...marked.words, ...words];
    marked.visemes = [...marked.visemes, ...visemes];
    marked.shapes += shapes;
  }

  /** Returns a clause that the browser has to decode now. */
  end({ clause, duration, final }: SpeechEnd): Clause | null {
    if (final) this.final = true;
    const ended = this.find(clause);
    if (ended === undefined || ended.ended) return null;
    if (ended.said.format === 'encoded') return ended;
    if (ended.said.format === 'silent' && duration > 0) ended.last(duration);
    ended.ended = true;
    return null;
  }

  /** Nothing more will come. */
  cut(): void {
    this.final = true;
    for (const clause of this.clauses) clause.ended = true;
  }

  /** Milliseconds that can be played without a pause. */
  get available(): number {
    let ms = 0;
    for (const clause of this.clauses) {
      ms += clause.ms;
      if (!clause.ended) break;
    }
    return ms;
  }

  get complete(): boolean {
    return this.final && this.clauses.every(({ ended }) => ended);
  }

  /** Enough lies after `from` to begin there without stumbling soon. */
  ready(from: number, cushion: number): boolean {
    const ahead = this.available - from;
    return ahead > 0 && (ahead >= cushion || this.clauses.every(({ ended }) => ended));
  }

  startOf(index: number): number {
    return this.clauses.slice(0, index).reduce((ms, clause) => ms + clause.ms, 0);
  }

  /** Where the samples end, from a moment on, because the browser goes on by itself. */
  nextUtterance(from: number): number {
    let start = 0;
    for (const clause of this.clauses) {
      if (clause.said.format === 'browser' && start >= from) return start;
      if (!clause.ended) break;
      start += clause.ms;
    }
    return Infinity;
  }

  /** Where a moment lies; at the seam of two clauses, in the second one. */
  at(ms: number): Spot | null {
    let start = 0;
    for (const [index, clause] of this.clauses.entries()) {
      const inside = ms - start;
      const next = this.clauses[index + 1];
      if (inside < clause.ms || next === undefined || !clause.ended) return { clause, index, ms: Math.max(0, Math.min(inside, clause.ms)) };
      start += clause.ms;
    }
    return null;
  }

  private find(number: number): Clause | undefined {
    return this.clauses.find(({ said }) => said.clause === number);
  }
}

const bigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

function littleEndian(data: ArrayBuffer): Int16Array {
  if (!bigEndian) return new Int16Array(data);
  const view = new DataView(data);
  return Int16Array.from({ length: data.byteLength / 2 }, (_, i) => view.getInt16(i * 2, true));
}
