import type { Envelope, Feeling, LlmAbort, LlmDelta, LlmResponse, MotionPriority, Position } from '../protocol/messages';

/** Where a kept message stands on its channel; what an acknowledgement names. */
export interface Origin extends Position {
  readonly channel: string | undefined;
  /** When the server took it, by the server's clock. */
  readonly ts?: number | undefined;
}

/**
 * The reply in the bubble.
 *
 * ```
 *  llm_delta --> streaming --(10 s, llm_abort)--> silent --(its time is over)--> gone
 *                  |   ^--------llm_delta----------/  |
 *                  \------ llm_response, same id -----+--> whole --(its time is over)--> gone
 *  llm_response of its own ------------------------------/
 * ```
 */
export interface Reply {
  /** Orders everything that was ever shown; the same number stands in the history. */
  readonly key: number;
  readonly id: string | null;
  readonly phase: 'streaming' | 'silent' | 'whole';
  /** As received; a character may arrive in two halves, so cleaning waits for the whole. */
  readonly raw: string;
  /** As shown. */
  readonly text: string;
  readonly nextPart: number;
  readonly at: number;
  /** When the last piece came. */
  readonly heard: number;
  /** Unix milliseconds; null while streaming. */
  readonly until: number | null;
  /** Milliseconds the sender asked for. */
  readonly duration: number;
  /** It is still to be said: aloud, or by the lips alone. */
  readonly speak: boolean;
  /** Unix milliseconds until which the voice may begin to speak it; null when no reply waits for that. */
  readonly awaits: number | null;
  /** The face of the words that are said now. */
  readonly emotion: Face | null;
  /** The faces of its words, in order. */
  readonly feelings: readonly Feeling[];
  /** How far the words have come, whose faces were shown. */
  readonly felt: number;
  /** A voice has said some of it. */
  readonly voiced: boolean;
  readonly lang: string | null;
  /** It came encrypted. */
  readonly sealed: boolean;
  readonly origin: Origin | null;
}

/** What the face shall show. `key` orders faces by their arrival. */
export interface Face {
  readonly key: number;
  readonly name: string;
  readonly weight: number;
}

export interface ShownExpression extends Face {
  /** null: until it is changed. */
  readonly until: number | null;
  readonly origin: Origin | null;
}

export interface ShownMotion {
  readonly key: number;
  readonly name: string;
  readonly priority: MotionPriority;
  readonly origin: Origin | null;
}

export interface ShownStatus {
  readonly text: string;
  readonly until: number;
  readonly origin: Origin | null;
  /** The page says it about a turn of the conversation, whose time it shares. */
  readonly isNotice: boolean;
}

export interface ShownTip {
  readonly text: string;
  readonly until: number;
}

export interface HistoryEntry {
  readonly key: number;
  readonly id: string | null;
  readonly text: string;
  readonly at: number;
  readonly lang: string | null;
  /** null for messages without a number, and for streams that were never closed. */
  readonly origin: Position | null;
  /** It came encrypted. */
  readonly sealed?: true;
  /** The user said it; absent for what the character said. */
  readonly from?: 'user';
  /** Only so many characters of it were heard; absent: as far as is known all of them. */
  readonly heard?: number;
}

/** A stream that lost the bubble: its deltas are no longer wanted. */
export interface RetiredStream {
  readonly id: string;
  readonly key: number;
  /** `over`: its closing message may still be shown when the bubble is free. `stopped`, `closed`: it may not. */
  readonly why: 'over' | 'stopped' | 'closed';
}

/** A reply that waits for the end of another one's speech, as the messages that it came in. */
export interface Waiting {
  readonly id: string | null;
  readonly messages: readonly (LlmResponse | LlmDelta | LlmAbort)[];
}

/** An order to fall silent at once; each one is a new object. */
export interface Hush {
  /** The reply that it is about; null: whatever is said. */
  readonly reply: string | null;
}

/** Everything that is shown, and what is needed to decide what comes next. Values are never changed in place. */
export interface Scene {
  readonly reply: Reply | null;
  /** The user is reading: the reply does not leave by itself. */
  readonly held: boolean;
  readonly status: ShownStatus | null;
  readonly tip: ShownTip | null;
  /** No tip before this moment. */
  readonly quietUntil: number;
  readonly expression: ShownExpression | null;
  readonly motion: ShownMotion | null;
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
  readonly retired: readonly RetiredStream[];
  /** The user emptied the history at this moment: what was said until then stays out of it. */
  readonly forgotten: number;
  /** Replies were lost for this page, or nearly so. */
  readonly missed: boolean;
  /** The latest replies that went to the history without ever having the bubble, oldest first. */
  readonly superseded: readonly Origin[];
  /** A voice speaks the replies of this channel. */
  readonly voice: boolean;
  /** How far the voice has come in the content of which reply. */
  readonly uttered: { readonly reply: string; readonly chars: number } | null;
  /** The id of the reply that is spoken now. */
  readonly speaking: string | null;
  /** Oldest first. */
  readonly waiting: readonly Waiting[];
  readonly hush: Hush | null;
  /** A turn of a conversation is under way: no chat of the page's own. */
  readonly talking: boolean;
  readonly nextKey: number;
}

/** What survives a reload of the page. */
export interface TabState {
  readonly history: readonly HistoryEntry[];
  readonly forgotten: number;
  readonly missed: boolean;
}

export const emptyTab: TabState = { history: [], forgotten: 0, missed: false };

export function openingScene(tab: TabState): Scene {
  return {
    reply: null, held: false, status: null, tip: null, quietUntil: 0, expression: null, motion: null,
    history: tab.history.map((entry, key) => ({ ...entry, key })), retired: [],
    forgotten: tab.forgotten, missed: tab.missed, superseded: [],
    voice: false, uttered: null, speaking: null, waiting: [], hush: null, talking: false, nextKey: tab.history.length,
  };
}

export const samePosition = (a: Position | null, b: Position | null): boolean =>
  a !== null && b !== null && a.epoch === b.epoch && a.seq === b.seq;

/** Whether the reply in the bubble is spoken, or soon will be: others wait for that. */
export const isBusy = ({ reply, speaking }: Scene): boolean =>
  reply !== null && (reply.awaits !== null || (reply.id !== null && reply.id === speaking));

export function originOf({ channel, epoch, seq, ts }: Envelope): Origin | null {
  return epoch === undefined || seq === undefined ? null : { channel, epoch, seq, ts };
}

/** Where a reply stands on its channel, by its id; null when the page does not know. */
export function positionFor({ reply, history }: Scene, id: string): Position | null {
  return (reply?.id === id ? reply.origin : null) ?? history.filter((entry) => entry.id === id).at(-1)?.origin ?? null;
}

/** What the face shall show now: whatever was asked for last, an expression or the emotion of the reply in the bubble. */
export function faceOf(scene: Scene): Face | null {
  const emotion = scene.reply?.emotion ?? null;
  const { expression } = scene;
  if (emotion === null || expression === null) return emotion ?? expression;
  return emotion.key > expression.key ? emotion : expression;
}

/** Whether more of the text of a reply is expected. */
export const isGrowing = ({ reply }: Scene, id: string): boolean => reply?.id === id && reply.phase === 'streaming';
