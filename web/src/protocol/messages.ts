import { readAvatar, type AvatarChoice, type Touch } from './avatar';
import { Fields, isCount } from './fields';
import type { MicReport, VadReport } from './hearing';
import type { Saying } from './shapes';
import { readSpeech, type Playback, type SoundReport, type SpeechMessage } from './speech';
import { readTalk, type TalkMessage, type TalkRequest } from './talk';
import type * as wire from './wire';

/** Version of the protocol that this page speaks, see docs/protocol.md. */
export const protocolVersion = 1;

/** Longest reply the protocol allows, in characters; a stream is cut here too. */
export const maxContent = 16_384;

/** The last moment that a `Date` can say. */
export const lastMoment = 8.64e15;

const maxName = 64;
const maxFeelings = 64;
const maxDuration = 600_000;
const defaultDuration = 8_000;
const defaultRetryAfter = 500;

/** What the hub adds to kept messages. Messages that are not kept, such as deltas, have none of it. */
export type Envelope = Pick<wire.Status, 'id' | 'channel' | 'epoch' | 'seq' | 'ts'>;

/** A publication without what only the hub acts on. */
type Shown<T> = Omit<T, 'ttl' | 'receipt'>;

/** A face for the words from a place of the content on. */
export type Feeling = wire.ReplyEmotion;

/** A reply without its sound, which the hub takes off, and with its mode, which the hub adds where the publisher says none. */
export type LlmResponse = Omit<Shown<wire.LlmResponse>, 'voice' | 'audio' | 'audioStream' | 'mode'> & Unsealed
  & { readonly mode: wire.ReplyMode };

export type LlmDelta = Omit<Shown<wire.LlmDelta>, 'voice'> & Unsealed;

/** A mark that this page makes itself, and that nothing on the wire can set. */
interface Unsealed {
  /** It came encrypted, and only who has the key can have written it. */
  readonly sealed?: true;
}

/** Why an encrypted message is not shown: what the page tells its publisher, and the key of what it tells its user. */
export type SealProblem = 'no_key' | 'undecryptable' | 'replayed' | 'not_secure';

/** An encrypted message as it came, or, with a `problem`, what is left of one that can not be shown. */
export type Enc = Shown<wire.Enc> & { readonly id: string; readonly problem?: SealProblem };

export type Status = Shown<wire.Status>;

export type Expression = Shown<wire.Expression>;

export type { MotionPriority, GapReason } from './wire';

export type Motion = Shown<wire.Motion>;

export type Stop = Shown<wire.Stop>;

/** The sender of a streamed reply is gone: what has come is all there is. */
export type LlmAbort = Envelope & Pick<wire.LlmAbort, 'type' | 'id'>;

/** A kept message by its number; as a position, the last one that a page has. */
export type Position = wire.ChannelPosition;

/** Where a channel stands when a page has come (back). */
export type ChannelWelcome = wire.ChannelWelcome;

export interface Welcome extends Pick<wire.Welcome, 'type' | 'server'> {
  readonly channels: ReadonlyMap<string, ChannelWelcome>;
  /** The longest text that the hub takes, in characters. */
  readonly longest?: number;
}

/** The numbers `from` to `to` will not come. */
export type Gap = wire.Gap;

export interface Ping extends Pick<wire.Ping, 'type'> {
  /** The newest number of each channel. */
  readonly tops: ReadonlyMap<string, number>;
}

export type Bye = wire.Bye;

/** The hub could not use something that this page sent. */
export type ServerError = Pick<wire.Error, 'type' | 'code' | 'message'> & Partial<Pick<wire.Error, 'hint'>>;

/** What a backend says to a page. */
export type StageMessage = LlmResponse | LlmDelta | LlmAbort | Status | Expression | Motion | Stop | Enc;

/** Everything a page may receive. */
export type Message = StageMessage | SpeechMessage | TalkMessage | AvatarChoice | Welcome | Gap | Ping | Bye | ServerError;

export type Hello = Saying<wire.Hello, 'channels' | 'caps' | 'viewer' | 'client'> & { readonly role: 'viewer' };

/** Asks on an open connection for everything after a position. */
export type Resume = wire.Resume;

export type Ack = wire.Ack;

/** Everything a page sends. */
export type PageMessage = Hello | Resume | Ack | SoundReport | Playback | TalkRequest | MicReport | VadReport | AvatarChoice | Touch;

/** Either a message that can be trusted to have its type's shape, or why there is none. */
export type Parsed = { readonly message: Message } | { readonly reason: string };

/** Never throws. Types that this page does not know are a reason like any other, so that old pages survive new servers. */
export function parseMessage(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { reason: 'not an object' };
  const fields = new Fields(value as Record<string, unknown>);
  const message = read(fields);
  if (fields.wrong !== null) return { reason: fields.wrong };
  return message === null ? { reason: 'unknown type' } : { message };
}

function read(f: Fields): Message | null {
  const type = f.text('type');
  switch (type) {
    case 'llm_response':
      return {
        type, ...envelope(f), content: f.text('content'), duration: f.number('duration', 0, maxDuration, defaultDuration),
        ...optional('emotion', f.maybeText('emotion')), ...feelings(f), ...optional('motion', f.maybeText('motion')),
        speak: f.flag('speak', true), mode: f.oneOf('mode', ['queue', 'interrupt']), ...optional('lang', f.maybeText('lang')),
      };
    case 'llm_delta':
      return {
        type, ...envelope(f), id: f.text('id'), part: f.number('part', 0, Number.MAX_SAFE_INTEGER), content: f.text('content'),
        ...optional('emotion', f.maybeText('emotion')),
      };
    case 'status':
      return { type, ...envelope(f), content: f.text('content') };
    case 'expression':
      return {
        type, ...envelope(f), name: f.text('name'), ...optional('duration', f.maybeNumber('duration', 0, maxDuration)),
        weight: f.number('weight', 0, 1, 1),
      };
    case 'motion':
      return { type, ...envelope(f), name: f.text('name'), priority: f.oneOf('priority', ['normal', 'idle', 'force']) };
    case 'stop':
      return { type, ...envelope(f), what: f.oneOf('what', ['all', 'speech']) };
    case 'enc':
      return {
        type, ...envelope(f), id: f.text('id'), kid: f.text('kid'), iv: f.text('iv'), until: f.count('until'), ct: f.text('ct'),
      };
    case 'llm_abort':
      return { type, ...envelope(f), id: f.text('id') };
    case 'welcome':
      return {
        type, server: f.maybeText('server') ?? '', channels: f.map('channels', channelWelcome),
        ...optional('longest', f.map('limits', (limit) => (isCount(limit) ? limit : null)).get('content')),
      };
    case 'gap':
      return {
        type, channel: f.text('channel'), from: f.count('from'), to: f.count('to'),
        reason: f.oneOf('reason', ['expired', 'overflow', 'seen', 'epoch']),
      };
    case 'ping':
      return { type, tops: f.map('tops', (value) => (isCount(value) ? value : null)) };
    case 'bye':
      return { type, retryAfter: f.number('retryAfter', 0, maxDuration, defaultRetryAfter) };
    case 'error':
      return { type, code: f.text('code'), message: f.maybeText('message') ?? '', ...optional('hint', f.maybeText('hint')) };
    default:
      return readSpeech(type, f) ?? readTalk(type, f) ?? readAvatar(type, f);
  }
}

function feelings(f: Fields): { readonly emotions?: readonly Feeling[] } {
  const emotions = f.list('emotions', (value) => {
    const { at, name } = (value ?? {}) as Partial<Record<keyof Feeling, unknown>>;
    return isCount(at) && typeof name === 'string' ? { at, name } : null;
  });
  return emotions.length === 0 ? {} : { emotions: emotions.slice(0, maxFeelings).sort((a, b) => a.at - b.at) };
}

const envelope = (f: Fields): Envelope => ({
  ...optional('id', f.maybeText('id')),
  ...optional('channel', f.maybeText('channel')),
  ...optional('epoch', f.maybeText('epoch')),
  ...optional('seq', f.maybeCount('seq', 1)),
  ...optional('ts', f.maybeNumber('ts', 0, lastMoment)),
});

/** Whether something that was read from outside is a position that a server may be asked about. */
export function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null) return false;
  const { epoch, seq } = value as Partial<Record<keyof Position, unknown>>;
  return typeof epoch === 'string' && epoch !== '' && epoch.length <= maxName && isCount(seq);
}

function channelWelcome(value: unknown): ChannelWelcome | null {
  if (!isPosition(value)) return null;
  const { recovered, missed } = value as Partial<Record<keyof ChannelWelcome, unknown>>;
  return {
    epoch: value.epoch, seq: value.seq, ...optional('recovered', typeof recovered === 'boolean' ? recovered : undefined),
    missed: isCount(missed) ? missed : 0,
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
