import type { Fields } from './fields';
import type { Saying } from './shapes';
import type * as wire from './wire';

export type { PlaybackEvent, SoundState, SpeechFormat } from './wire';

/** Whether a voice speaks the replies of the channel. */
export type Voice = wire.Voice;

/** Whether this page is the one that is heard. */
export type Speaker = wire.Speaker;

/** A clause of a speech begins to come. */
export type SpeechStart = Saying<Omit<wire.SpeechStart, 'engine'>, 'text'>;

/** When what is said; times in milliseconds since the beginning of the clause, in order. */
export type Marks = Required<wire.SpeechMarks>;

/** All sound of a clause has been sent. */
export type SpeechEnd = wire.SpeechEnd;

export type SpeechStop = Pick<wire.SpeechStop, 'type' | 'channel' | 'turn'>;

/** How loud the speech is while the user speaks to the character, 0 to 1; 0 holds it where it is. */
export type Duck = wire.Duck;

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
export type SoundReport = wire.Sound;

/** The page that is heard tells what is. */
export type Playback = Required<wire.Playback>;

const lastTurn = 2 ** 32 - 1;

/** Speeches that a page makes itself, of what only it can read, have numbers from here on. The hub knows nothing of them. */
export const localTurn = lastTurn + 1;

const lastClause = 2 ** 16 - 1;
const longestClause = 600_000;
const slowest = 8_000;
const fastest = 48_000;
const headerLength = 16;
const longestMessage = 32_768;
const magic = 0xa7;

const types = new Set<string>(
  ['voice', 'speaker', 'speech_start', 'marks', 'speech_end', 'speech_stop', 'duck', 'audio'] satisfies SpeechMessage['type'][],
);

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

const clauseOf = (f: Fields) => ({
  channel: f.text('channel'), turn: f.countUpTo('turn', lastTurn), clause: f.countUpTo('clause', lastClause),
});

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
