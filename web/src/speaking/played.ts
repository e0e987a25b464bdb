import type { SpokenWord } from './lips';
import type { Turn } from './turn';

/** How much of a reply was played. */
export interface PlayedPart {
  /** Milliseconds of sound. */
  readonly ms: number;
  /** How far that came in the reply's content, in UTF-16 code units. */
  readonly chars: number;
}

/** What of a turn was played at a moment of it: to the end of the last word that began, or as much of the clause as of its sound. */
export function playedIn(turn: Turn, ms: number, word: SpokenWord | null): PlayedPart {
  const spot = turn.at(ms);
  if (spot === null) return { ms: 0, chars: 0 };
  const { said, words, ms: whole, ended } = spot.clause;
  const ends = turn.clauses.slice(0, spot.index).map((clause) => clause.said.at + clause.said.length);
  const last = said.at + said.length;
  if (ended && whole > 0 && spot.ms >= whole) ends.push(last);
  else if (said.format === 'browser' && word !== null && word.at >= said.at) ends.push(Math.min(last, word.at + word.length));
  else if (words.length > 0) for (let i = 0; i < words.length && words[i]! < spot.ms; i += 3) ends.push(words[i + 1]! + words[i + 2]!);
  else if (spot.ms > 0) ends.push(said.at + Math.floor((said.length * spot.ms) / whole));
  return { ms: Math.round(ms), chars: Math.max(0, ...ends) };
}

/** Keeps how much of a reply this page played, over all the turns that speak it. */
export class Played {
  /** The rest of the turn was lost. */
  torn = false;
  private heard: PlayedPart | null = null;
  private failedAt = Infinity;

  /** @param before What other turns played of the reply; null: nothing. */
  constructor(private readonly turn: Turn, private readonly before: PlayedPart | null = null) {}

  /** This page was heard until a moment of the turn. */
  hear(ms: number, word: SpokenWord | null): void {
    this.heard = this.until(ms, word);
  }

  /** How far a moment of the turn is in the reply's content. */
  reached(ms: number, word: SpokenWord | null): number {
    return Math.max(this.before?.chars ?? 0, this.until(ms, word).chars);
  }

  /** From a moment on nothing came out of the loudspeaker. */
  fail(ms: number): void {
    this.failedAt = Math.min(this.failedAt, ms);
  }

  get failed(): boolean {
    return this.failedAt < Infinity;
  }

  private until(ms: number, word: SpokenWord | null): PlayedPart {
    return playedIn(this.turn, Math.min(ms, this.failedAt), word);
  }

  /** null when this page played nothing aloud. */
  get total(): PlayedPart | null {
    const { before, heard } = this;
    return before === null || heard === null ? heard ?? before : { ms: before.ms + heard.ms, chars: Math.max(before.chars, heard.chars) };
  }
}
