import type { MouthPose } from '../avatar/lipsync';
import type { Clause, Turn } from './turn';

const windowMs = 30;
const halfBlendMs = 35;
const gate = 0.006;

const shapes: Readonly<Record<string, readonly [open: number, form: number]>> = {
  A: [1, 0.1], I: [0.62, 0.9], U: [0.55, -0.85], E: [0.78, 0.5], O: [0.85, -0.6], N: [0.5, 0.2], M: [0.03, 0], _: [0.35, 0],
};
export const rest: MouthPose = { open: 0, form: 0 };

/** The mouth at a moment of a turn: by its marks, by its sound, or by its text where there is neither. */
export function lipsAt(turn: Turn, ms: number): MouthPose {
  const spot = turn.at(ms);
  if (spot === null || (turn.complete && ms >= turn.available)) return rest;
  const { clause } = spot;
  if (clause.track !== null) return clause.track.shapeAt(spot.ms % Math.max(1, clause.track.endMs));
  const sound = soundAt(clause, spot.ms);
  if (clause.visemes.length === 0) return fromSound(sound);
  const { open, form } = visemeAt(clause, spot.ms);
  const loud = openFor(sound.loudness);
  return { open: loud * open, form: form * Math.min(1, loud * 4) };
}

interface Sound {
  /** Root mean square, 0 to 1. */
  readonly loudness: number;
  /** How often the signal changes its sign, as a frequency. */
  readonly hertz: number;
}

function soundAt(clause: Clause, ms: number): Sound {
  const span = Math.round((clause.rate * windowMs) / 1_000);
  const middle = Math.round((ms / 1_000) * clause.rate);
  const samples = clause.samples(Math.max(0, middle - (span >> 1))).subarray(0, span);
  let energy = 0;
  let crossings = 0;
  for (let i = 0; i < samples.length; i++) {
    energy += samples[i]! ** 2;
    if (i > 0 && samples[i]! >= 0 !== samples[i - 1]! >= 0) crossings++;
  }
  // Counted against the whole window: a clause that ends within it is half as loud there.
  return { loudness: Math.sqrt(energy / Math.max(1, span)) / 32_768, hertz: (crossings * clause.rate) / (2 * Math.max(1, samples.length)) };
}

/** How far a loudness opens the mouth: four times as wide, with a soft end. */
const openFor = (loudness: number): number => (loudness < gate ? 0 : Math.tanh(loudness * 4.4));

/** Low sounds round the lips, as for "o"; bright ones spread them, as for "i". */
function fromSound({ loudness, hertz }: Sound): MouthPose {
  const open = openFor(loudness);
  const bright = Math.min(1, Math.max(-1, Math.log2(Math.max(hertz, 60) / 750)));
  return { open, form: (bright < 0 ? bright * 0.7 : bright * 0.8) * Math.min(1, open * 4) };
}

function visemeAt({ visemes, shapes: letters }: Clause, ms: number): MouthPose {
  const pose = (index: number): readonly [number, number] => shapes[letters[index] ?? '_'] ?? shapes['_']!;
  let index = search(visemes, ms + halfBlendMs);
  const [open, form] = pose(index);
  const since = ms - (visemes[index] ?? 0);
  if (since >= halfBlendMs) return { open, form };
  const [wasOpen, wasForm] = pose(--index);
  const x = (since + halfBlendMs) / (2 * halfBlendMs);
  const part = x * x * (3 - 2 * x);
  return { open: wasOpen + (open - wasOpen) * part, form: wasForm + (form - wasForm) * part };
}

/** The last of ascending moments that is not after `ms`; -1 before the first. */
function search(moments: readonly number[], ms: number): number {
  let low = -1;
  let high = moments.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (moments[middle]! <= ms) low = middle;
    else high = middle;
  }
  return low;
}

/** A word of a reply's content that is being said, in UTF-16 code units of the content as it was sent. */
export interface SpokenWord {
  readonly reply: string;
  readonly at: number;
  readonly length: number;
}

/** The word at a moment of a turn; a word lasts until the next one. null when the voice does not tell. */
export function wordAt(turn: Turn, ms: number): SpokenWord | null {
  const spot = turn.at(ms);
  if (spot === null) return null;
  const { words } = spot.clause;
  let place = -1;
  for (let i = 0; i < words.length && words[i]! <= spot.ms; i += 3) place = i;
  return place < 0 ? null : { reply: turn.reply, at: words[place + 1]!, length: words[place + 2]! };
}
