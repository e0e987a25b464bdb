import type { Fields } from './fields';

/** How a clause becomes sound. */
export type SpeechFormat = 'pcm_s16le' | 'encoded' | 'browser' | 'silent';

/** Whether the page can be heard; `blocked`: its browser waits for a click. */
export type SoundState = 'on' | 'blocked' | 'off';

/** Whether a voice speaks the replies of the channel. */
export interface Voice {
  readonly type: 'voice';
  readonly channel: string;
  readonly on: boolean;
}

/** Whether this page is the one that is heard. */
export interface Speaker {
  readonly type: 'speaker';
  readonly channel: string;
  readonly on: boolean;
}

/** A clause of a turn begins to come. */
export interface SpeechStart {
  readonly type: 'speech_start';
  readonly channel: string;
  readonly turn: number;
  readonly clause: number;
  /** The id of the reply that is spoken. */
  readonly reply: string;
  /** Where the clause stands in the reply's content, in UTF-16 code units. */
  readonly at: number;
  readonly length: number;
  readonly format: SpeechFormat;
  /** Samples per second of `pcm_s16le`. */
  readonly rate: number;
  readonly text: string;
  readonly lang?: string;
  readonly voice?: string;
}

/** When what is said; times in milliseconds since the beginning of the clause, in order. */
export interface Marks {
  readonly type: 'marks';
  readonly channel: string;
  readonly turn: number;
  readonly clause: number;
  /** Time, place and length of each word. */
  readonly words: readonly number[];
  readonly visemes: readonly number[];
  /** One letter for each of `visemes`. */
  readonly shapes: string;
}

/** All sound of a clause has been sent. */
export interface SpeechEnd {
  readonly type: 'speech_end';
  readonly channel: string;
  readonly turn: number;
  readonly clause: number;
  /** Milliseconds; 0 when nobody knows. */
  readonly duration: number;
  /** No clause follows. */
  readonly final: boolean;
}

export interface SpeechStop {
  readonly type: 'speech_stop';
  readonly channel: string;
  readonly turn: number;
}

/** How loud the speech is while somebody speaks to the character, 0 to 1; 0 pauses it. */
export interface Duck {
  readonly type: 'duck';
  readonly channel: string;
  readonly gain: number;
}

/** A piece of a clause's sound. */
export interface Audio {
  readonly type: 'audio';
  /** Samples, or a part of a file that the browser decodes. */
  readonly kind: 'samples' | 'file';
  readonly turn: number;
  readonly clause: number;
  /** Samples, or bytes, of the clause that came before. */
  readonly offset: number;
  readonly data: ArrayBuffer;
}

/** What a voice says to a page, and what the hub says about it. */
export type SpeechMessage = Voice | Speaker | SpeechStart | Marks | SpeechEnd | SpeechStop | Duck | Audio;

/** The page tells whether it can be heard. */
export interface SoundReport {
  readonly type: 'sound';
  readonly state: SoundState;
}

export type PlaybackEvent = 'first' | 'progress' | 'done' | 'stopped' | 'failed' | 'underrun';

/** The page that is heard tells what is. */
export interface Playback {
  readonly type: 'playback';
  readonly channel: string;
  readonly turn: number;
  readonly clause: number;
  readonly event: PlaybackEvent;
  /** Milliseconds of the clause. */
  readonly played: number;
  readonly reply: string;
  /** How far the speech came in the reply's content, in UTF-16 code units. */
  readonly chars: number;
}

const lastTurn = 2 ** 32 - 1;
const lastClause = 2 ** 16 - 1;
const longestClause = 600_000;
const slowest = 8_000;
const fastest = 48_000;
const headerLength = 16;
const longestMessage = 32_768;
const magic = 0xa7;

const types = new Set<string>(['voice', 'speaker', 'speech_start', 'marks', 'speech_end', 'speech_stop', 'duck', 'audio'] satisfies SpeechMessage['type'][]);

export const isSpeech = (message: { readonly type: string }): message is SpeechMessage => types.has(message.type);

/** null for a type that is not about speech. */
export function readSpeech(type: string, f: Fields): SpeechMessage | null {
  switch (type) {
    case 'voice':
    case 'speaker':
      return { type, channel: f.text('channel'), on: f.flag('on', false) };
    case 'speech_start':
      return readStart(f);
    case 'marks': {
      const [words, visemes, shapes] = [f.counts('words'), f.counts('visemes'), f.maybeText('shapes') ?? ''];
      if (words.length % 3 !== 0) f.wrong ??= 'words has the wrong length';
      if (visemes.length !== shapes.length) f.wrong ??= 'shapes has the wrong length';
      return { type, ...clauseOf(f), words, visemes, shapes };
    }
    case 'speech_end':
      return { type, ...clauseOf(f), duration: f.number('duration', 0, longestClause, 0), final: f.flag('final', false) };
    case 'speech_stop':
      return { type, channel: f.text('channel'), turn: f.countUpTo('turn', lastTurn) };
    case 'duck':
      return { type, channel: f.text('channel'), gain: f.number('gain', 0, 1) };
    default:
      return null;
  }
}

const clauseOf = (f: Fields) => ({ channel: f.text('channel'), turn: f.countUpTo('turn', lastTurn), clause: f.countUpTo('clause', lastClause) });

function readStart(f: Fields): SpeechStart {
  const [lang, voice] = [f.maybeText('lang'), f.maybeText('voice')];
  const asked = f.maybeText('format') ?? '';
  // A format of a later version cannot be heard here, but its mouth can be seen.
  const format = asked === 'pcm_s16le' || asked === 'encoded' || asked === 'browser' ? asked : 'silent';
  const rate = f.number('rate', 0, fastest, 0);
  if (format === 'pcm_s16le' && rate < slowest) f.wrong ??= 'rate is out of range';
  return {
    type: 'speech_start', ...clauseOf(f), reply: f.text('reply'), at: f.maybeCount('at', 0) ?? 0, length: f.maybeCount('length', 0) ?? 0,
    format, rate, text: f.maybeText('text') ?? '', ...(lang === undefined ? {} : { lang }), ...(voice === undefined ? {} : { voice }),
  };
}

/** Reads a binary message. Never throws; null for what is no sound for a page. */
export function parseAudio(bytes: ArrayBuffer): Audio | null {
  if (bytes.byteLength < headerLength || bytes.byteLength > longestMessage) return null;
  const header = new DataView(bytes, 0, headerLength);
  const code = header.getUint8(1);
  if (header.getUint8(0) !== magic || (code !== 1 && code !== 3)) return null;
  if (code === 1 && bytes.byteLength % 2 !== 0) return null;
  return {
    type: 'audio', kind: code === 1 ? 'samples' : 'file', clause: header.getUint16(2, true), turn: header.getUint32(4, true),
    offset: header.getUint32(12, true), data: bytes.slice(headerLength),
  };
}
