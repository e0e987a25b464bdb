import type { Fields } from './fields';

/** What a companion does; the character shows it. */
export const turnStates = ['idle', 'listening', 'transcribing', 'thinking', 'speaking'] as const;

export type TurnState = (typeof turnStates)[number];

/** Whether somebody answers on the channel, and who it is. */
export interface Companion {
  readonly type: 'companion';
  readonly channel: string;
  readonly on: boolean;
  readonly name?: string;
  readonly character?: string;
  readonly model?: string;
  /** No language model is behind it. */
  readonly demo: boolean;
  /** It understands the microphone. */
  readonly hears: boolean;
  /** It may be interrupted while it speaks. */
  readonly bargeIn: boolean;
}

/** Whether somebody is there to talk with, understands speech, and may be interrupted. */
export type Listener = Pick<Companion, 'on' | 'hears' | 'bargeIn'>;

/** How far the companion is with its turn. */
export interface TalkTurn {
  readonly type: 'turn';
  readonly channel: string;
  readonly turn: number;
  readonly state: TurnState;
  /** A code: why the turn ended as it did. */
  readonly reason?: string;
  /** The tool that the companion uses now. */
  readonly tool?: string;
}

/** What the person said, or typed. */
export interface Transcript {
  readonly type: 'transcript';
  readonly channel: string;
  readonly turn: number;
  readonly content: string;
  readonly final: boolean;
}

/** How loud the speech goes on; 0 holds it where it is. */
export interface Duck {
  readonly type: 'duck';
  readonly channel: string;
  readonly gain: number;
}

export const markNames = ['endOfSpeech', 'transcript', 'firstToken', 'firstClause', 'firstAudio', 'firstSound'] as const;

export type MarkName = (typeof markNames)[number];

/** When the steps of a turn were done: milliseconds since the end of speech, or since the text was sent. */
export interface Metrics {
  readonly type: 'metrics';
  readonly channel: string;
  readonly turn: number;
  readonly marks: Readonly<Partial<Record<MarkName, number>>>;
}

/** Why a question was not answered. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The answer to an {@link Ask} of this page. */
export interface Answer {
  readonly type: 'answer';
  readonly id: string;
  readonly value: unknown;
  /** There is more of it: `value` is a piece of its JSON text. Absent: it is whole. */
  readonly rest?: boolean;
  readonly error?: Refusal;
}

/** What a companion says to a page, and what the hub says about it. */
export type TalkMessage = Companion | TalkTurn | Transcript | Duck | Metrics | Answer;

/** Words of the person: typed, or recognised in the browser. */
export interface UserText {
  readonly type: 'user_text';
  readonly channel: string;
  readonly content: string;
  readonly lang?: string;
  readonly spoken?: boolean;
  readonly final?: boolean;
}

/** The person wants the reply to end. */
export interface Cancel {
  readonly type: 'cancel';
  readonly channel: string;
}

export interface Ask {
  readonly type: 'ask';
  readonly channel: string;
  readonly id: string;
  readonly name: string;
  readonly value?: unknown;
  /** The language of the page. */
  readonly lang: string;
}

export type TalkRequest = UserText | Cancel | Ask;

const types = new Set<string>(['companion', 'turn', 'transcript', 'duck', 'metrics', 'answer'] satisfies TalkMessage['type'][]);

export const isTalk = (message: { readonly type: string }): message is TalkMessage => types.has(message.type);

/** null for a type that is not about a conversation. */
export function readTalk(type: string, f: Fields): TalkMessage | null {
  switch (type) {
    case 'companion':
      return { type, channel: f.text('channel'), on: f.flag('on', false), ...texts(f, 'name', 'character', 'model'), demo: f.flag('demo', false), hears: f.flag('hears', false), bargeIn: f.flag('bargeIn', true) };
    case 'turn':
      return { type, channel: f.text('channel'), turn: f.count('turn'), state: f.oneOf('state', turnStates), ...texts(f, 'reason', 'tool') };
    case 'transcript':
      return { type, channel: f.text('channel'), turn: f.count('turn'), content: f.text('content'), final: f.flag('final', true) };
    case 'duck':
      return { type, channel: f.text('channel'), gain: f.number('gain', 0, 1) };
    case 'metrics':
      return { type, channel: f.text('channel'), turn: f.count('turn'), marks: Object.fromEntries(f.map('marks', readMark)) };
    case 'answer': {
      const error = f.map('error', (part) => (typeof part === 'string' ? part : null));
      const refusal = { code: error.get('code') ?? 'failed', message: error.get('message') ?? '', hint: error.get('hint') ?? '' };
      const rest = f.any('rest');
      return { type, id: f.text('id'), value: f.any('value'), ...(typeof rest === 'boolean' ? { rest } : {}), ...(f.any('error') === undefined ? {} : { error: refusal }) };
    }
    default:
      return null;
  }
}

const readMark = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function texts<K extends string>(f: Fields, ...names: readonly K[]): { readonly [P in K]?: string } {
  return Object.fromEntries(names.flatMap((name) => {
    const text = f.maybeText(name);
    return text === undefined ? [] : [[name, text]];
  })) as { [P in K]?: string };
}
