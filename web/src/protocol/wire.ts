// Made of docs/protocol/schema.json by `npm run generate`: do not edit.
//
// These are the messages as they are on the wire when their sender leaves nothing out: a field with a default is always there.
// What this page reads and keeps of them is in the files beside this one.

/** A page reports what became of the messages of one channel. */
export interface Ack {
  readonly type: 'ack';
  /** The channel the numbers belong to. */
  readonly channel: string;
  /** The epoch the numbers belong to; numbers of another epoch are ignored. */
  readonly epoch: string;
  /** Everything up to this number has arrived. */
  readonly received?: number;
  /** On the screen now. */
  readonly displayed?: readonly number[];
  /** Heard to the end. */
  readonly spoken?: readonly number[];
  /** How much was heard of replies whose speech is over: with those in `spoken`, and of those that were cut short. */
  readonly heard?: readonly AckHeard[];
  /** In the page's history only, because a newer reply had the bubble. */
  readonly superseded?: readonly number[];
  /** Could not be shown or spoken. */
  readonly failed?: readonly AckFailure[];
}

/** A message that a page could not show or speak. */
export interface AckFailure {
  /** Its number. */
  readonly seq: number;
  /** Why, for programs, for example `tts_error` or `unknown_expression`. Default: "". */
  readonly code: string;
}

/** How much of a reply was heard. */
export interface AckHeard {
  /** Its number. */
  readonly seq: number;
  /** The sound that was heard, in ms. Default: 0. */
  readonly ms: number;
  /** How far that came in the reply's content, in UTF-16 code units. Default: 0. */
  readonly chars: number;
}

/** A companion answers an `Ask`. The hub passes it to the page that asked. */
export interface Answer {
  readonly type: 'answer';
  /** The session of the page that asked. */
  readonly page: string;
  /** The id of the question. */
  readonly id: string;
  /** The answer. Null: done, or see `error`. */
  readonly value?: unknown;
  /**
   * Whether there is more of it than one message may carry: `value` is then a string, a piece of the JSON text of the answer, and the
   * question `rest`, with the `id` of the first one as `of`, gives the next piece. Null: no.
   */
  readonly rest?: boolean;
  /** Why there is no answer. */
  readonly error?: AnswerError;
}

/** The codes of `code`: why a question has no answer. The codes of `TurnReason` that begin with `llm_` are sent too. */
export type AnswerCode =
  | 'unknown_question'
  | 'missing_field'
  | 'bad_value'
  | 'out_of_range'
  | 'not_allowed'
  | 'not_found'
  | 'confirmation_needed'
  | 'timeout'
  | 'failed'
  | 'conversation_full'
  | 'too_long'
  | 'too_many_conversations'
  | 'storage_full'
  | 'storage_failed'
  | (string & {});

/** Why a question has no answer. */
export interface AnswerError {
  /** For programs. */
  readonly code: AnswerCode;
  /** For the user. */
  readonly message: string;
  /** What to do about it; may be empty. Default: "". */
  readonly hint: string;
}

/** The answers that have a value, by the name of their question. */
export interface Answers {
  readonly characters?: CharactersAnswer;
  readonly choose_llm?: ChooseLlmAnswer;
  readonly conversation?: ConversationAnswer;
  readonly conversations?: ConversationsAnswer;
  readonly export?: ExportAnswer;
  readonly llm?: LlmAnswer;
  readonly new_conversation?: NewConversationAnswer;
  readonly search?: SearchAnswer;
  readonly settings?: SettingsAnswer;
  readonly test?: TestAnswer;
}

/** A page asks the channel's companion something, for example which characters there are. Answered by `Answer`. */
export interface Ask {
  readonly type: 'ask';
  /** The channel. Null: the page's first one; the hub fills it in. */
  readonly channel?: string;
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`, repeated in the answer. */
  readonly id: string;
  /** The question, see `AskName`. */
  readonly name: AskName;
  /** What belongs to the question. */
  readonly value?: unknown;
  /** The language in which the page shows the answer, as a BCP 47 tag. Null: unknown. */
  readonly lang?: string;
  /** How many minutes the page's clock is ahead of UTC, for what depends on the time of day. Null: unknown. */
  readonly offset?: number;
  /** The session of the page. Set by the hub. */
  readonly page?: string;
}

/**
 * The questions that pages ask a companion, as `name`; section 11 of `docs/protocol.md` says what belongs to each. A companion refuses a
 * name that it does not know with `unknown_question`.
 */
export type AskName =
  | 'characters'
  | 'choose_character'
  | 'llm'
  | 'choose_llm'
  | 'conversations'
  | 'conversation'
  | 'new_conversation'
  | 'choose_conversation'
  | 'delete_conversation'
  | 'search'
  | 'export'
  | 'settings'
  | 'test'
  | 'rest'
  | (string & {});

/** Tells a voice which pages listen on a channel. Sent when that changes. */
export interface Audience {
  readonly type: 'audience';
  /** The channel. */
  readonly channel: string;
  /** Pages that show what is said. */
  readonly pages: number;
  /** Whether one of them plays speech and reports what is heard. Default: false. */
  readonly speaker: boolean;
  /** The speech that was sent last, when none of these pages has it: they connected, or reconnected, without it. Null otherwise. */
  readonly lost?: number;
}

/**
 * Chooses the avatar that a channel shows. Publishers send it, and pages, whose users choose. The hub keeps the last one of each channel,
 * also over restarts, and tells every page when it changes and when it comes.
 */
export interface Avatar {
  readonly type: 'avatar';
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Null: the hub makes one. */
  readonly id?: string;
  /** The channel, 1 to 64 characters of `a-z 0-9 . _ -`. Null: the channel of the connection. */
  readonly channel?: string;
  /**
   * How long the message waits for a page, in milliseconds, 0 to `86400000`. 0: for the pages that are open now only. Null: a minute for a
   * reply, ten seconds for the other kept types.
   */
  readonly ttl?: number;
  /**
   * What the publisher wants to be told of the message. Null: that the hub has it, after `hello`; else nothing. `stored`, said explicitly,
   * also means that the message is refused, to be sent again, while the hub's disk is full or fails.
   */
  readonly receipt?: ReceiptLevel;
  /** The life of the channel's numbering. Set by the hub on kept messages. */
  readonly epoch?: string;
  /** 1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages. */
  readonly seq?: number;
  /** When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages. */
  readonly ts?: number;
  /**
   * A Live2D model or a drawn character by its name, see `AvatarName`. A page that does not have it goes on with the one it shows, and says
   * so to its user. Null: as the character says.
   */
  readonly name?: string;
}

/** The hub is stopping; the connection is closed right after. */
export interface Bye {
  readonly type: 'bye';
  /** After how many milliseconds to try again. Default: 0. */
  readonly retryAfter: number;
}

/** The user wants the character to end what it is saying or thinking about. */
export interface Cancel {
  readonly type: 'cancel';
  /** The channel. Null: the page's first one; the hub fills it in. */
  readonly channel?: string;
  /** The session of the page. Set by the hub. */
  readonly page?: string;
}

/** Where a channel stands. */
export interface ChannelPosition {
  /** The life of the numbering; it changes when the hub starts anew. */
  readonly epoch: string;
  /** The number of the newest kept message, 0 before the first. */
  readonly seq: number;
}

/** Where a channel stands for a viewer that has come (back). */
export interface ChannelWelcome {
  /** Whether the viewer gets everything since its position. Null: it had none. */
  readonly recovered?: boolean;
  /** How many messages follow. Default: 0. */
  readonly missed: number;
  /** The life of the numbering; it changes when the hub starts anew. */
  readonly epoch: string;
  /** The number of the newest kept message, 0 before the first. */
  readonly seq: number;
}

/** A character as lists show it. */
export interface CharacterSummary {
  /** Its id, for `choose_character`. */
  readonly id: string;
  /** Its name in the language of the page. */
  readonly name: string;
  /** The language that it speaks, BCP 47; null when it speaks the user's. */
  readonly language: string | null;
  /** What it is like, in the language of the page; null when its author does not say. */
  readonly description: string | null;
}

/** The answer to `characters`. */
export interface CharactersAnswer {
  /** The id of the character that talks on the channel. */
  readonly current: string;
  /** All characters of the companion. */
  readonly characters: readonly CharacterSummary[];
}

/** The answer to `choose_llm`: what answers from now on. */
export interface ChooseLlmAnswer {
  /** The name of the server. */
  readonly server: string;
  /** Its base address; null for the demo. */
  readonly address: string | null;
  /** The language model; null when the server chooses it. */
  readonly model: string | null;
  /** Whether the built-in demo answers. */
  readonly isDemo: boolean;
}

/**
 * Says whether a companion answers the user on a channel, and which. The hub says it when a companion connects or leaves; the companion
 * adds the details. The hub keeps the last one for pages that connect later.
 */
export interface Companion {
  readonly type: 'companion';
  /** The channel. */
  readonly channel: string;
  /** Whether a companion answers. Default: true. */
  readonly on: boolean;
  /** The character's name as the page shows it. */
  readonly name?: string;
  /** The character. */
  readonly character?: string;
  /** The language model that answers. */
  readonly model?: string;
  /** True: no language model is connected, and the built-in demo answers. */
  readonly demo?: boolean;
  /** Whether the companion recognizes what is spoken into a microphone. */
  readonly hears?: boolean;
  /** False: the user cannot interrupt the character by speaking, so pages do not fall silent. Null: they do. */
  readonly bargeIn?: boolean;
  /**
   * The avatar of the character: a Live2D model or a drawn character by its name. A channel's own choice, `Avatar`, goes before. Null: the
   * one that `look` is made of, or `koto`.
   */
  readonly avatar?: string;
  /** How a drawn character looks that is the character's own, as `look` in its `character.json`. Null: as usual. */
  readonly look?: Readonly<Record<string, unknown>>;
}

/** The answer to `conversation`. */
export interface ConversationAnswer {
  /** The conversation; null before anything was said. */
  readonly id: string | null;
  /** Its newest entries, the oldest of them first. */
  readonly entries: readonly ConversationLine[];
}

/** What the user or the character said. */
export interface ConversationLine {
  /** The number of the entry, from 1. */
  readonly number: number;
  /** When it was said. */
  readonly at: string;
  /** `user` or `assistant`. */
  readonly role: string;
  /** What was said. */
  readonly text: string;
  /** Whether the character was interrupted in it. */
  readonly interrupted: boolean;
}

/** A conversation as lists show it. */
export interface ConversationSummary {
  /** Its id. */
  readonly id: string;
  /** The beginning of the user's first words; null before there are any. */
  readonly title: string | null;
  /** The id of the character that talks in it. */
  readonly character: string;
  /** When it was made. */
  readonly startedAt: string;
  /** When something was added last. */
  readonly lastAt: string;
  /** How many entries it has. */
  readonly messages: number;
}

/** The answer to `conversations`. */
export interface ConversationsAnswer {
  /** The id of the conversation that goes on; null before anything was said. */
  readonly current: string | null;
  /** The stored conversations, the newest first, at most 1000. */
  readonly conversations: readonly ConversationSummary[];
}

/** A companion makes the speech of its channel quieter, or holds it, while the user speaks. Nothing of it is lost. */
export interface Duck {
  readonly type: 'duck';
  /** The channel. */
  readonly channel: string;
  /** How loud the speech is, 0 to 1: 0 holds it where it is, 1 lets it resume. Default: 1. */
  readonly gain: number;
}

/**
 * A message that only those who have the key can read: publishers and pages, not the hub. See `docs/encryption.md` and `MessageKey`, which
 * makes and opens it.
 */
export interface Enc {
  readonly type: 'enc';
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Null: the hub makes one. */
  readonly id: string;
  /** The channel, 1 to 64 characters of `a-z 0-9 . _ -`. Null: the channel of the connection. */
  readonly channel?: string;
  /**
   * How long the message waits for a page, in milliseconds, 0 to `86400000`. 0: for the pages that are open now only. Null: a minute for a
   * reply, ten seconds for the other kept types.
   */
  readonly ttl?: number;
  /**
   * What the publisher wants to be told of the message. Null: that the hub has it, after `hello`; else nothing. `stored`, said explicitly,
   * also means that the message is refused, to be sent again, while the hub's disk is full or fails.
   */
  readonly receipt?: ReceiptLevel;
  /** The life of the channel's numbering. Set by the hub on kept messages. */
  readonly epoch?: string;
  /** 1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages. */
  readonly seq?: number;
  /** When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages. */
  readonly ts?: number;
  /** Which key opens it: the first 8 characters of its SHA-256 in base64url. */
  readonly kid: string;
  /** The 12 random bytes of this message alone, in base64url. */
  readonly iv: string;
  /** When the message is not new any more, Unix time in milliseconds. It is part of what is authenticated: pages refuse it afterwards. */
  readonly until: number;
  /** The encrypted message and its tag of 16 bytes, in base64url; as long as the whole message may be. */
  readonly ct: string;
}

/** An engine as lists show it. */
export interface EngineSummary {
  /** `llm`, `asr` or `tts`. */
  readonly kind: string;
  /** Its name, for `test`. */
  readonly name: string;
  /** Why it cannot be used, for people; null when it can. */
  readonly problem: string | null;
}

/** Says why a message was refused. Never carries the content of the message. */
export interface Error {
  readonly type: 'error';
  /** A stable code, see `ErrorCode`. */
  readonly code: ErrorCode;
  /** For the developer: names the thing and the limit. */
  readonly message: string;
  /** For the developer: what to send or set instead. Default: "". */
  readonly hint: string;
  /** The id of the refused message, when it had one. */
  readonly id?: string;
  /** Whether the same message may succeed later. Default: false. */
  readonly retry: boolean;
}

/** The stable codes of `Error`. */
export type ErrorCode =
  | 'bad_json'
  | 'missing_field'
  | 'wrong_type'
  | 'out_of_range'
  | 'too_long'
  | 'bad_value'
  | 'unknown_type'
  | 'binary_unsupported'
  | 'too_big'
  | 'not_allowed'
  | 'nobody_answers'
  | 'unsupported_version'
  | 'id_conflict'
  | 'storage_full'
  | 'storage_failed'
  | 'too_many_channels'
  | 'too_many_connections'
  | 'rate_limited'
  | 'busy'
  | 'too_slow'
  | 'host_not_allowed'
  | 'origin_not_allowed'
  | 'remote_not_allowed'
  | 'token_needed'
  | 'bad_token'
  | 'unsupported_media_type'
  | 'not_found'
  | 'bad_model'
  | 'too_many_models'
  | 'fetch_failed'
  | (string & {});

/** The answer to `export`: a conversation as a file. */
export interface ExportAnswer {
  /** A name for the file, safe on every system. */
  readonly name: string;
  /** What is in it. */
  readonly text: string;
}

/** Changes the character's face. */
export interface Expression {
  readonly type: 'expression';
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Null: the hub makes one. */
  readonly id?: string;
  /** The channel, 1 to 64 characters of `a-z 0-9 . _ -`. Null: the channel of the connection. */
  readonly channel?: string;
  /**
   * How long the message waits for a page, in milliseconds, 0 to `86400000`. 0: for the pages that are open now only. Null: a minute for a
   * reply, ten seconds for the other kept types.
   */
  readonly ttl?: number;
  /**
   * What the publisher wants to be told of the message. Null: that the hub has it, after `hello`; else nothing. `stored`, said explicitly,
   * also means that the message is refused, to be sent again, while the hub's disk is full or fails.
   */
  readonly receipt?: ReceiptLevel;
  /** The life of the channel's numbering. Set by the hub on kept messages. */
  readonly epoch?: string;
  /** 1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages. */
  readonly seq?: number;
  /** When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages. */
  readonly ts?: number;
  /** An emotion (`joy`, `sad` …) or an expression of the model; `neutral` for none. */
  readonly name: string;
  /** How long, in milliseconds, up to `duration`. Null: until the next change. */
  readonly duration?: number;
  /** How strongly, 0 to 1. Default: 1. */
  readonly weight: number;
}

/** Tells a viewer that messages will not come. */
export interface Gap {
  readonly type: 'gap';
  /** The channel. */
  readonly channel: string;
  /** The first missing number. */
  readonly from: number;
  /** The last missing number; the viewer's position is now here. */
  readonly to: number;
  /** Why. Default: "expired". */
  readonly reason: GapReason;
}

/** Why messages are missing. */
export type GapReason = 'expired' | 'overflow' | 'seen' | 'epoch';

/** The optional first message of a client: who it is and what it wants. Answered by `Welcome`. */
export interface Hello {
  readonly type: 'hello';
  /** The protocol version the client speaks. Default: 1. */
  readonly v: number;
  /** What the client does. Default: "viewer". */
  readonly role: PeerRole;
  /** The channels of a viewer; the default channel of a publisher. Null: the connection's channel. */
  readonly channels?: readonly string[];
  /** What the client can do, for example `display`. Unknown entries are ignored. */
  readonly caps?: readonly string[];
  /**
   * Who a viewer is, over all its connections: 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Of two connections with the same one the older
   * is closed with `4508`. Null: each connection is a viewer of its own.
   */
  readonly viewer?: string;
  /** The last message a returning viewer has, by channel. Channels without one begin fresh. */
  readonly resume?: Readonly<Record<string, ChannelPosition>>;
  /** The speech that a returning page has in full and still plays, by channel. Of another one it gets the rest anew. */
  readonly speech?: Readonly<Record<string, number>>;
  /** The client's name and version for logs and the status, at most 64 characters. */
  readonly client?: string;
}

/** Tells viewers that a streamed reply will not be finished, because its publisher is gone: what has come is all there is. */
export interface LlmAbort {
  readonly type: 'llm_abort';
  /** The channel. */
  readonly channel: string;
  /** The id of the reply. */
  readonly id: string;
  /** Why, for the log of a viewer. Default: "". */
  readonly reason: string;
}

/** The answer to `llm`. */
export interface LlmAnswer {
  /** The name of the server whose language model answers. */
  readonly server: string;
  /** The base address of that server; null when there is none. */
  readonly url: string | null;
  /** The language model; null when the server chooses it. */
  readonly model: string | null;
  /** Whether no language model is connected and the built-in demo answers. */
  readonly demo: boolean;
  /** The servers that were found on the companion's machine. */
  readonly found: readonly LlmServerSummary[];
}

/**
 * A piece of a reply that is still being written. The page appends it to the bubble with the same `id`; the closing `LlmResponse` with that
 * id carries the whole text and decides, so a lost piece costs nothing.
 */
export interface LlmDelta {
  readonly type: 'llm_delta';
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Null: the hub makes one. */
  readonly id: string;
  /** The channel, 1 to 64 characters of `a-z 0-9 . _ -`. Null: the channel of the connection. */
  readonly channel?: string;
  /**
   * How long the message waits for a page, in milliseconds, 0 to `86400000`. 0: for the pages that are open now only. Null: a minute for a
   * reply, ten seconds for the other kept types.
   */
  readonly ttl?: number;
  /**
   * What the publisher wants to be told of the message. Null: that the hub has it, after `hello`; else nothing. `stored`, said explicitly,
   * also means that the message is refused, to be sent again, while the hub's disk is full or fails.
   */
  readonly receipt?: ReceiptLevel;
  /** The life of the channel's numbering. Set by the hub on kept messages. */
  readonly epoch?: string;
  /** 1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages. */
  readonly seq?: number;
  /** When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages. */
  readonly ts?: number;
  /** 0, 1, 2 … within the reply. */
  readonly part: number;
  /** The text to append, at most `content` characters. */
  readonly content: string;
  /** The emotion from the beginning of this piece on, for example `joy`. Null: as before. */
  readonly emotion?: string;
  /** The voice to speak with, said with the first piece. Null: the character's own. */
  readonly voice?: string;
  /**
   * The exchange that this is an answer in, see `turn`. The hub sets it on what the channel's companion publishes, and takes it away from
   * what others do. Null: no answer of a companion.
   */
  readonly turn?: number;
}

/** A reply: the page shows it in the bubble and the character says it. */
export interface LlmResponse {
  readonly type: 'llm_response';
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Null: the hub makes one. */
  readonly id?: string;
  /** The channel, 1 to 64 characters of `a-z 0-9 . _ -`. Null: the channel of the connection. */
  readonly channel?: string;
  /**
   * How long the message waits for a page, in milliseconds, 0 to `86400000`. 0: for the pages that are open now only. Null: a minute for a
   * reply, ten seconds for the other kept types.
   */
  readonly ttl?: number;
  /**
   * What the publisher wants to be told of the message. Null: that the hub has it, after `hello`; else nothing. `stored`, said explicitly,
   * also means that the message is refused, to be sent again, while the hub's disk is full or fails.
   */
  readonly receipt?: ReceiptLevel;
  /** The life of the channel's numbering. Set by the hub on kept messages. */
  readonly epoch?: string;
  /** 1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages. */
  readonly seq?: number;
  /** When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages. */
  readonly ts?: number;
  /** The text, 1 to `content` characters. Shown as text, never as markup. */
  readonly content: string;
  /**
   * The least time the bubble stays, in milliseconds, 0 to `duration`. A newer reply may take the bubble before that, tips and statuses may
   * not. Default: 8000.
   */
  readonly duration: number;
  /** The emotion to show with the bubble, for example `joy`. Null: the face stays as it is. */
  readonly emotion?: string;
  /** Emotions within the text, in the order of their places, at most 64. The face changes when that place is spoken. */
  readonly emotions?: readonly ReplyEmotion[];
  /** A motion to play once, for example `wave`. */
  readonly motion?: string;
  /** Whether the character speaks the text. False: the bubble only. Default: true. */
  readonly speak: boolean;
  /** What to do when another reply is being spoken. Null: what the hub is set to, by default that the reply waits. */
  readonly mode?: ReplyMode;
  /** The voice to speak with. Null: the character's own. */
  readonly voice?: string;
  /** The language of the text as a BCP 47 tag, for example `zh`. Null: found from the text. */
  readonly lang?: string;
  /**
   * The reply as a sound file in base64, when the publisher brings its own sound; small, because the whole message has to fit into `frame`.
   * WAV, MP3, Ogg, FLAC: what browsers play. The hub takes it off before the pages get the message.
   */
  readonly audio?: string;
  /**
   * The `stream` of the `Audio`s that the publisher sends next on the same connection: the reply as sound, as long as it likes. An empty
   * one ends it. 0 to 2^32 - 1.
   */
  readonly audioStream?: number;
  /**
   * The exchange that this is an answer in, see `turn`. The hub sets it on what the channel's companion publishes, and takes it away from
   * what others do. Null: no answer of a companion.
   */
  readonly turn?: number;
}

/** A server of language models as lists show it. */
export interface LlmServerSummary {
  /** Its name. */
  readonly server: string;
  /** Its base address, for `choose_llm`. */
  readonly url: string;
  /** The models that can talk. */
  readonly models: readonly string[];
  /** The model to begin with; null when it has none. */
  readonly model: string | null;
}

/** How long an exchange took, step by step. Sent after each step; a later one has all the steps before it. */
export interface Metrics {
  readonly type: 'metrics';
  /** The channel. */
  readonly channel: string;
  /** The exchange, see `turn`. */
  readonly turn: number;
  /** The steps. */
  readonly marks: TurnMarks;
}

/** A page's microphone was switched on or off. The hub also says `off` when the page is gone. */
export interface Mic {
  readonly type: 'mic';
  /** The channel. Null: the page's first one; the hub fills it in. */
  readonly channel?: string;
  /** Whether it is on. Default: "off". */
  readonly state: MicState;
  /** What decides when the user speaks. Default: "hands_free". */
  readonly mode: MicMode;
  /** The language that is spoken, as a BCP 47 tag. Null: unknown. */
  readonly lang?: string;
  /** The session of the page. Set by the hub. */
  readonly page?: string;
}

/** What decides when the user speaks. */
export type MicMode = 'hands_free' | 'push_to_talk';

/** Whether a microphone is on. */
export type MicState = 'off' | 'on';

/** Plays a motion once. */
export interface Motion {
  readonly type: 'motion';
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Null: the hub makes one. */
  readonly id?: string;
  /** The channel, 1 to 64 characters of `a-z 0-9 . _ -`. Null: the channel of the connection. */
  readonly channel?: string;
  /**
   * How long the message waits for a page, in milliseconds, 0 to `86400000`. 0: for the pages that are open now only. Null: a minute for a
   * reply, ten seconds for the other kept types.
   */
  readonly ttl?: number;
  /**
   * What the publisher wants to be told of the message. Null: that the hub has it, after `hello`; else nothing. `stored`, said explicitly,
   * also means that the message is refused, to be sent again, while the hub's disk is full or fails.
   */
  readonly receipt?: ReceiptLevel;
  /** The life of the channel's numbering. Set by the hub on kept messages. */
  readonly epoch?: string;
  /** 1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages. */
  readonly seq?: number;
  /** When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages. */
  readonly ts?: number;
  /** The motion, for example `wave`, `nod` or `shake`. */
  readonly name: string;
  /** What happens when another motion is playing. Default: "normal". */
  readonly priority: MotionPriority;
}

/** Who wins when two motions want to play. */
export type MotionPriority = 'idle' | 'normal' | 'force';

/** The answer to `new_conversation`. */
export interface NewConversationAnswer {
  /** The id of the new conversation. */
  readonly id: string;
}

/** What a client does on its connection. */
export type PeerRole = 'viewer' | 'publisher' | 'voice' | 'companion';

/** A sign of life for clients that cannot see WebSocket pings, such as browsers. */
export interface Ping {
  readonly type: 'ping';
  /** For viewers: the newest number of each channel, so that a hole is noticed. Null for publishers. */
  readonly tops?: Readonly<Record<string, number>>;
}

/** A page reports what it plays. The hub passes on the reports of the page that speaks for the others, see `Speaker`. */
export interface Playback {
  readonly type: 'playback';
  /** The channel. */
  readonly channel: string;
  /** The speech. */
  readonly turn: number;
  /** The clause that is being heard, or was last. */
  readonly clause: number;
  /** What happened. Default: "progress". */
  readonly event: PlaybackEvent;
  /** How much of the clause has been heard, in milliseconds. Default: 0. */
  readonly played: number;
  /** The id of the reply that is spoken; null when the page does not tell. */
  readonly reply?: string;
  /** How far the speech came in the reply's content, in UTF-16 code units, as in `AckHeard`; null when the page does not tell. */
  readonly chars?: number;
}

/** What happens while a page plays a speech. */
export type PlaybackEvent = 'first' | 'progress' | 'done' | 'stopped' | 'failed' | 'underrun';

/** How large messages may be, and how many. The hub tells its limits to every client that says hello. */
export interface ProtocolLimits {
  /** A whole message, in bytes. Larger ones are skipped and answered with an error. Default: 65536. */
  readonly frame: number;
  /** A `content` field, in UTF-16 code units. Default: 16384. */
  readonly content: number;
  /** A `duration` field, in milliseconds. Default: 600000. */
  readonly duration: number;
  /** Channels of one connection. Default: 16. */
  readonly channels: number;
  /** Bad messages in a row before the connection is closed with `4505`. Default: 10. */
  readonly errors: number;
  /**
   * Kept messages per second of one connection, 0: as many as it likes. Above it the hub reads more slowly; nothing is lost or refused.
   * Over HTTP it is for each address, and what is above it is refused with `rate_limited`. Default: 100.
   */
  readonly publishRate: number;
  /** Kept messages that may come at once before `publishRate` counts. Default: 1000. */
  readonly publishBurst: number;
  /** All other messages per second, for example pieces of a streamed reply; like `publishRate`. Default: 500. */
  readonly frameRate: number;
  /** Other messages that may come at once before `frameRate` counts. Default: 2000. */
  readonly frameBurst: number;
}

/** What became of a published message. */
export interface Receipt {
  readonly type: 'receipt';
  /** The id of the message. */
  readonly id: string;
  /** The channel it went to. */
  readonly channel: string;
  /** How far the message came. Default: "progress". */
  readonly status: ReceiptStatus;
  /** With `stored`: how many pages it was handed to at once. 0: it waits for one, if it is kept. */
  readonly pages?: number;
  /** With `stored`: the epoch of `seq`; null for messages that are not kept. */
  readonly epoch?: string;
  /** With `stored`: the number; null for messages that are not kept. */
  readonly seq?: number;
  /** With `stored`: whether the message survives a crash of the hub. */
  readonly durable?: boolean;
  /** With `stored`: whether the hub had the message before, so that it is shown once. */
  readonly duplicate?: boolean;
  /** How many pages have come how far. */
  readonly counts?: ReceiptCounts;
  /** When the publisher asked for `spoken`: how much was heard; null as long as no page has said so. */
  readonly heard?: ReceiptHeard;
  /**
   * Why a page could not show or speak it, as that page told first, for programs: for example `unknown_expression`. Null: no page has told.
   */
  readonly failed?: string;
  /** Whether this is the last receipt of the message. */
  readonly final?: boolean;
}

/** Numbers of pages. */
export interface ReceiptCounts {
  /** Were handed the message. Default: 0. */
  readonly sent: number;
  /** Have said that they have it. Default: 0. */
  readonly received: number;
  /** Have shown it, or put it into their history. Default: 0. */
  readonly displayed: number;
  /** Have spoken it to the end. Default: 0. */
  readonly spoken: number;
}

/** How much of a reply was heard. */
export interface ReceiptHeard {
  /** The sound, in ms. Default: 0. */
  readonly ms: number;
  /** How far that came in the reply's content, in UTF-16 code units; its length when it was heard to the end. Default: 0. */
  readonly chars: number;
}

/** How far a message came, and what a publisher wants to be told. */
export type ReceiptLevel = 'none' | 'stored' | 'received' | 'displayed' | 'spoken';

/** How far a message came. */
export type ReceiptStatus = 'stored' | 'progress' | 'done' | 'expired' | 'dropped' | 'stopped';

/** An emotion within a reply. */
export interface ReplyEmotion {
  /** The place in the text where it begins, in UTF-16 code units. Default: 0. */
  readonly at: number;
  /** The emotion, for example `joy`. */
  readonly name: string;
}

/** What a reply does while another one is being spoken. */
export type ReplyMode = 'queue' | 'interrupt';

/** A viewer asks, on an open connection, for what it missed. */
export interface Resume {
  readonly type: 'resume';
  /** The channel. */
  readonly channel: string;
  /** The epoch of `seq`. */
  readonly epoch: string;
  /** The number of the last message it has. */
  readonly seq: number;
}

/** The answer to `search`. */
export interface SearchAnswer {
  /** The places that were found, at most 100. */
  readonly hits: readonly SearchHit[];
}

/** A place where the words were found. */
export interface SearchHit {
  /** The conversation. */
  readonly conversation: string;
  /** The number of the entry, from 1. */
  readonly number: number;
  /** When it was said. */
  readonly at: string;
  /** `user` or `assistant`. */
  readonly role: string;
  /** The words around the place. */
  readonly text: string;
}

/** The answer to `settings`. */
export interface SettingsAnswer {
  /** The engines, those that are asked first in front. */
  readonly engines: readonly EngineSummary[];
}

/** A page says whether it can be heard. The hub lets one page of a channel speak, and prefers one that can be heard. */
export interface Sound {
  readonly type: 'sound';
  /** Whether it can be heard. Default: "off". */
  readonly state: SoundState;
}

/** Whether a page can be heard. */
export type SoundState = 'off' | 'blocked' | 'on';

/** Tells a page whether it is the one of its channel that is heard; the others move their mouths with it. */
export interface Speaker {
  readonly type: 'speaker';
  /** The channel. */
  readonly channel: string;
  /** Whether it is. Default: false. */
  readonly on: boolean;
}

/** All audio of a clause has been sent. It may still be playing. */
export interface SpeechEnd {
  readonly type: 'speech_end';
  /** The channel. */
  readonly channel: string;
  /** The speech. */
  readonly turn: number;
  /** The clause. */
  readonly clause: number;
  /** How long the clause is, in milliseconds; 0 when the voice does not know. Default: 0. */
  readonly duration: number;
  /** No clause follows. May be said later than, and in addition to, the end of the last clause. Default: false. */
  readonly final: boolean;
}

/** How a clause becomes sound. */
export type SpeechFormat = 'pcm_s16le' | 'encoded' | 'browser' | 'silent';

/** When what is said in a clause: sent with, or before, the audio it belongs to. Several may follow for one clause. */
export interface SpeechMarks {
  readonly type: 'marks';
  /** The channel. */
  readonly channel: string;
  /** The speech. */
  readonly turn: number;
  /** The clause. */
  readonly clause: number;
  /**
   * The words in order, three numbers each: milliseconds since the beginning of the clause, where the word begins in the reply's content
   * and its length there, both in UTF-16 code units.
   */
  readonly words?: readonly number[];
  /** The moments at which the mouth changes, in milliseconds since the beginning of the clause, in order. */
  readonly visemes?: readonly number[];
  /**
   * One letter for each of `visemes`: the vowels `A I U E O`, `N` for lips that nearly close (n, t, s …), `M` for closed lips (m, b, p),
   * `_` for a pause.
   */
  readonly shapes?: string;
}

/**
 * The voice begins to speak one clause of a reply. Sent to the pages before the clause's `Audio`s. The clauses of a `turn` are numbered 0,
 * 1, 2 … and are heard in this order without a pause between them.
 */
export interface SpeechStart {
  readonly type: 'speech_start';
  /** The channel. */
  readonly channel: string;
  /** The number of the speech, 0 to 2^32 - 1. A new speech on a channel ends the one before. */
  readonly turn: number;
  /** The number of the clause in it, 0 to 65535. */
  readonly clause: number;
  /** The id of the reply that is spoken. */
  readonly reply: string;
  /** Where the clause begins in the reply's content, in UTF-16 code units. Default: 0. */
  readonly at: number;
  /** The length of the clause there, in UTF-16 code units. Default: 0. */
  readonly length: number;
  /** How the clause becomes sound. Default: "pcm_s16le". */
  readonly format: SpeechFormat;
  /** Samples per second of `pcm_s16le`, 8000 to 48000; 0 for the other formats. Default: 0. */
  readonly rate: number;
  /** The words to say, for `browser` and `silent`. */
  readonly text?: string;
  /** The language of the clause as a BCP 47 tag. */
  readonly lang?: string;
  /** The browser's voice to use, for `browser`. */
  readonly voice?: string;
  /** How long the engine took until its first sound, in milliseconds; null when no engine made it. */
  readonly engine?: number;
}

/** A speech ends before its time: pages fall silent at once. */
export interface SpeechStop {
  readonly type: 'speech_stop';
  /** The channel. */
  readonly channel: string;
  /** The speech. */
  readonly turn: number;
  /** The reply that is not spoken any more; it is said also when no sound of the speech was ever sent. */
  readonly reply?: string;
  /** Why. Default: "stop". */
  readonly reason: SpeechStopReason;
}

/** Why a speech ends before its time. */
export type SpeechStopReason = 'stop' | 'replaced' | 'failed' | 'barge_in';

/** A line about what the backend is doing. It has a place of its own on the page and never touches the bubble. */
export interface Status {
  readonly type: 'status';
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Null: the hub makes one. */
  readonly id?: string;
  /** The channel, 1 to 64 characters of `a-z 0-9 . _ -`. Null: the channel of the connection. */
  readonly channel?: string;
  /**
   * How long the message waits for a page, in milliseconds, 0 to `86400000`. 0: for the pages that are open now only. Null: a minute for a
   * reply, ten seconds for the other kept types.
   */
  readonly ttl?: number;
  /**
   * What the publisher wants to be told of the message. Null: that the hub has it, after `hello`; else nothing. `stored`, said explicitly,
   * also means that the message is refused, to be sent again, while the hub's disk is full or fails.
   */
  readonly receipt?: ReceiptLevel;
  /** The life of the channel's numbering. Set by the hub on kept messages. */
  readonly epoch?: string;
  /** 1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages. */
  readonly seq?: number;
  /** When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages. */
  readonly ts?: number;
  /** The text, at most `content` characters. Empty: the line goes away. */
  readonly content: string;
}

/** Silences the character, or clears the stage. */
export interface Stop {
  readonly type: 'stop';
  /** 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Null: the hub makes one. */
  readonly id?: string;
  /** The channel, 1 to 64 characters of `a-z 0-9 . _ -`. Null: the channel of the connection. */
  readonly channel?: string;
  /**
   * How long the message waits for a page, in milliseconds, 0 to `86400000`. 0: for the pages that are open now only. Null: a minute for a
   * reply, ten seconds for the other kept types.
   */
  readonly ttl?: number;
  /**
   * What the publisher wants to be told of the message. Null: that the hub has it, after `hello`; else nothing. `stored`, said explicitly,
   * also means that the message is refused, to be sent again, while the hub's disk is full or fails.
   */
  readonly receipt?: ReceiptLevel;
  /** The life of the channel's numbering. Set by the hub on kept messages. */
  readonly epoch?: string;
  /** 1, 2, 3 … per channel and epoch, without holes. Set by the hub on kept messages. */
  readonly seq?: number;
  /** When the hub took the message, Unix time in milliseconds. Set by the hub on kept messages. */
  readonly ts?: number;
  /** What ends. Default: "all". */
  readonly what: StopTarget;
}

/** What a `Stop` ends. */
export type StopTarget = 'all' | 'speech';

/** The answer to `test`. */
export interface TestAnswer {
  /** Whether the engine worked. */
  readonly ok: boolean;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** What it did, or why it failed, for people. */
  readonly detail: string;
}

/**
 * A user touched the character on a page. The hub passes it to the channel's companion and to the clients that asked for it with `touch`.
 * It is not kept: a touch is worth nothing a moment later.
 */
export interface Touch {
  readonly type: 'touch';
  /** The channel. Null: the page's first one; the hub fills it in. */
  readonly channel?: string;
  /** Where: `head`, `face` or `body`, or an area of the model by its own name. */
  readonly area: string;
  /** How. Default: "tap". */
  readonly gesture: TouchGesture;
  /** The avatar that the page shows, by its name. Null: unknown. */
  readonly avatar?: string;
  /** The session of the page. Set by the hub. */
  readonly page?: string;
}

/** How a user touches the character. */
export type TouchGesture = 'tap' | 'stroke';

/** What the user said, for all pages of the channel. */
export interface Transcript {
  readonly type: 'transcript';
  /** The channel. */
  readonly channel: string;
  /** The exchange, see `turn`. */
  readonly turn: number;
  /** What was said. Empty: it was nothing after all. */
  readonly content: string;
  /** False: another text takes the place of this one. Default: true. */
  readonly final: boolean;
  /** The sessions of the pages whose users typed it, when it is final. Null: it was spoken, or the companion does not tell. */
  readonly pages?: readonly string[];
}

/** A companion says what it is doing. The hub keeps the last one of a channel for pages that connect later. */
export interface Turn {
  readonly type: 'turn';
  /** The channel. */
  readonly channel: string;
  /** The number of the exchange between user and character, from 0. */
  readonly turn: number;
  /** What it is doing. Default: "idle". */
  readonly state: TurnState;
  /** Why, when the exchange does not go as the user would expect: a code such as `interrupted` or `llm_unreachable`. */
  readonly reason?: TurnReason;
  /** The tool that the language model uses at the moment. */
  readonly tool?: string;
}

/**
 * The moments of an exchange in milliseconds since the user ended: since the last sound of the voice, as far as the page knows, or since
 * the text was sent. Null: it did not come, or is not known.
 */
export interface TurnMarks {
  /** The companion knew that the user had ended. */
  readonly endOfSpeech?: number;
  /** What was said was known. */
  readonly transcript?: number;
  /** The language model gave its first piece. */
  readonly firstToken?: number;
  /** The first clause of the answer was complete. */
  readonly firstClause?: number;
  /** Its first sound was made. */
  readonly firstAudio?: number;
  /** It was heard. */
  readonly firstSound?: number;
}

/**
 * The codes of `reason`: why an exchange did not go as the user would expect. Companions may have others; a page takes an unknown one for a
 * failure.
 */
export type TurnReason =
  | 'interrupted'
  | 'cancelled'
  | 'not_heard'
  | 'asr_failed'
  | 'asr_missing'
  | 'llm_unreachable'
  | 'llm_timeout'
  | 'llm_key'
  | 'llm_model'
  | 'llm_failed'
  | 'truncated'
  | (string & {});

/** What a companion is doing. */
export type TurnState = 'idle' | 'listening' | 'transcribing' | 'thinking' | 'speaking';

/** The user says something to the character: typed, or recognized by the browser. The hub passes it to the channel's companion. */
export interface UserText {
  readonly type: 'user_text';
  /** The channel. Null: the page's first one; the hub fills it in. */
  readonly channel?: string;
  /** What was said, 1 to `content` characters. */
  readonly content: string;
  /** The language as a BCP 47 tag, for example `zh`. Null: unknown. */
  readonly lang?: string;
  /** Whether it was spoken and recognized by the browser; otherwise it was typed. Default: false. */
  readonly spoken: boolean;
  /** False: the user is still speaking, and another text takes the place of this one. Default: true. */
  readonly final: boolean;
  /** The session of the page. Set by the hub. */
  readonly page?: string;
}

/**
 * A page hears the user speak, or not any more. The sound itself is `Audio`s of the kind `Microphone`, between `start` and `end`: 16 000
 * samples of 16 bits a second, with `utterance` as their `stream`.
 */
export interface Vad {
  readonly type: 'vad';
  /** The channel. Null: the page's first one; the hub fills it in. */
  readonly channel?: string;
  /** The number of the utterance, 0 to 2^32 - 1. The hub makes it unique among all pages. */
  readonly utterance: number;
  /** What happened. Default: "misfire". */
  readonly event: VadEvent;
  /** The session of the page. Set by the hub. */
  readonly page?: string;
}

/** What a page hears. */
export type VadEvent = 'start' | 'real' | 'end' | 'misfire';

/** Tells a page whether a voice speaks the replies of its channel, so that it knows what to wait for. */
export interface Voice {
  readonly type: 'voice';
  /** The channel. */
  readonly channel: string;
  /** Whether one does. Default: false. */
  readonly on: boolean;
}

/** The hub's answer to `Hello`. */
export interface Welcome {
  readonly type: 'welcome';
  /** The protocol version the hub speaks. */
  readonly v: number;
  /** The hub's version, for example `0.1.0`. */
  readonly server: string;
  /** The name of this connection in the hub's logs and status. */
  readonly session: string;
  /** The position of each channel of this connection. */
  readonly channels: Readonly<Record<string, ChannelWelcome>>;
  /** The interval of the hub's `Ping`s in milliseconds. Default: 0. */
  readonly ping: number;
  /** The limits in force. */
  readonly limits: ProtocolLimits;
}

/** Every message that is JSON. */
export type WireMessage =
  | LlmResponse
  | LlmDelta
  | Status
  | Expression
  | Motion
  | Enc
  | Stop
  | Avatar
  | LlmAbort
  | Gap
  | Resume
  | Hello
  | Welcome
  | Ack
  | Receipt
  | Error
  | Ping
  | Bye
  | SpeechStart
  | SpeechMarks
  | SpeechEnd
  | SpeechStop
  | Playback
  | Sound
  | Speaker
  | Voice
  | Audience
  | UserText
  | Mic
  | Vad
  | Cancel
  | Touch
  | Ask
  | Answer
  | Companion
  | Turn
  | Transcript
  | Duck
  | Metrics;
