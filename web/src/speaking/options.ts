import type { Director } from '../avatar/director';
import type { Clock } from '../base/clock';
import type { Position } from '../protocol/messages';
import type { Playback, SoundReport, SpeechMessage } from '../protocol/speech';
import type { Store } from '../scene/store';
import type { Decoded } from './decode';
import type { SpokenWord } from './lips';
import type { PlayedPart } from './played';
import type { Sound } from './sound';

/** Whether a page is heard: `auto` when the hub says so. */
export type SoundMode = 'auto' | 'on' | 'off';

export interface Speaking {
  take(message: SpeechMessage): void;
  /** There is a connection (again). */
  connected(): void;
  /** The connection is gone: what has come is still played. */
  lost(): void;
  /**
   * How loud the page's own microphone lets the speech be, 0 to 1: 0 pauses it exactly where it is, 1 ends also what the
   * companion wished.
   */
  duck(gain: number): void;
  /** Whether the speech is heard here. */
  isHeard(): boolean;
  /** What `hello` says about the speech that this page has in full. */
  has(): { readonly speech?: Readonly<Record<string, number>> };
  snapshot(): object;
  stop(): void;
}

export interface SpeakingOptions {
  readonly channel: string;
  readonly mode: SoundMode;
  readonly store: Store;
  readonly clock: Clock;
  /** Milliseconds that never run backwards. */
  readonly now: () => number;
  readonly director: Pick<Director, 'mouth'>;
  readonly sound: Sound;
  readonly synthesis: SpeechSynthesis | null;
  readonly decode: (file: Blob) => Promise<Decoded>;
  /** Returns false when there is no connection. */
  readonly send: (message: Playback | SoundReport) => boolean;
  /** The speech of a reply that was heard here is over; `whole`: it was heard to its end. */
  readonly onHeard: (position: Position, heard: PlayedPart, whole: boolean) => void;
  /** So much of the content of a reply has been said. */
  readonly onPlace: (reply: string, chars: number) => void;
  /** The word that is said now; null between speeches. */
  readonly onWord: (word: SpokenWord | null) => void;
}
