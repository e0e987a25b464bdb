import type { Fields } from './fields';
import type { Saying, Sparing } from './shapes';
import type * as wire from './wire';

export type TurnState = wire.TurnState;

/** What a companion does; the character shows it. */
export const turnStates = ['idle', 'listening', 'transcribing', 'thinking', 'speaking'] as const satisfies readonly TurnState[];

/** Whether a companion answers on the channel, and who it is. */
export type Companion = Saying<wire.Companion, 'demo' | 'hears' | 'bargeIn'>;

/** Whether a companion is there to talk with, understands speech, and may be interrupted. */
export type Listener = Pick<Companion, 'on' | 'hears' | 'bargeIn'>;

/** How far the companion is with its exchange. */
export type TalkTurn = wire.Turn;

/** What the user said, or typed. */
export type Transcript = wire.Transcript;

export type { Duck } from './wire';

export type MarkName = keyof wire.TurnMarks;

export const markNames = [
  'endOfSpeech', 'transcript', 'firstToken', 'firstClause', 'firstAudio', 'firstSound',
] as const satisfies readonly MarkName[];

/** When the steps of an exchange were done: milliseconds since the end of speech, or since the text was sent. */
export type Metrics = wire.Metrics;

/** Why a question was not answered. */
export type Refusal = wire.AnswerError;

/** The answer to an {@link Ask} of this page. */
export type Answer = Omit<wire.Answer, 'page'>;

/** What a companion says to a page, and what the hub says about it. */
export type TalkMessage = Companion | TalkTurn | Transcript | wire.Duck | Metrics | Answer;

/** Words of the user: typed, or recognised in the browser. */
export type UserText = Saying<Sparing<Omit<wire.UserText, 'page'>, 'spoken' | 'final'>, 'channel'>;

/** The user wants the reply to end. */
export type Cancel = Saying<Omit<wire.Cancel, 'page'>, 'channel'>;

/** A question, in the language of the page. */
export type Ask = Saying<Omit<wire.Ask, 'page'>, 'channel' | 'lang'>;

export type TalkRequest = UserText | Cancel | Ask;

const types = new Set<string>(['companion', 'turn', 'transcript', 'duck', 'metrics', 'answer'] satisfies TalkMessage['type'][]);

export const isTalk = (message: { readonly type: string }): message is TalkMessage => types.has(message.type);

/** null for a type that is not about a conversation. */
export function readTalk(type: string, f: Fields): TalkMessage | null {
  switch (type) {
    case 'companion':
      return {
        type, channel: f.text('channel'), on: f.flag('on', false), ...texts(f, 'name', 'character', 'model', 'avatar'), ...lookOf(f),
        demo: f.flag('demo', false), hears: f.flag('hears', false), bargeIn: f.flag('bargeIn', true),
      };
    case 'turn':
      return {
        type, channel: f.text('channel'), turn: f.count('turn'), state: f.oneOf('state', turnStates),
        ...texts(f, 'reason', 'tool'),
      };
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
      return {
        type, id: f.text('id'), value: f.any('value'), ...(typeof rest === 'boolean' ? { rest } : {}),
        ...(f.any('error') === undefined ? {} : { error: refusal }),
      };
    }
    default:
      return null;
  }
}

/** How a drawn character looks; what is in it, its painter checks. */
function lookOf(f: Fields): Pick<Companion, 'look'> {
  const look = f.any('look');
  return typeof look === 'object' && look !== null && !Array.isArray(look) ? { look: look as Readonly<Record<string, unknown>> } : {};
}

const readMark = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function texts<K extends string>(f: Fields, ...names: readonly K[]): { readonly [P in K]?: string } {
  return Object.fromEntries(names.flatMap((name) => {
    const text = f.maybeText(name);
    return text === undefined ? [] : [[name, text]];
  })) as { [P in K]?: string };
}
