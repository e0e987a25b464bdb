/** Version of the protocol that this page speaks, see docs/protocol.md. */
export const protocolVersion = 1;

/** Longest reply the protocol allows, in characters; a stream is cut here too. */
export const maxContent = 16_384;

const maxDuration = 600_000;
const defaultDuration = 8_000;
const defaultRetryAfter = 500;

/** What the server adds to kept messages. Messages that are not kept, such as deltas, have none of it. */
export interface Envelope {
  readonly id?: string;
  readonly channel?: string;
  readonly epoch?: string;
  readonly seq?: number;
  readonly ts?: number;
}

export interface LlmResponse extends Envelope {
  readonly type: 'llm_response';
  readonly content: string;
  /** Milliseconds during which only a newer reply or `stop` may take the bubble. */
  readonly duration: number;
  readonly emotion?: string;
  readonly motion?: string;
  readonly speak: boolean;
  readonly lang?: string;
}

export interface LlmDelta extends Envelope {
  readonly type: 'llm_delta';
  readonly id: string;
  readonly part: number;
  readonly content: string;
}

export interface Status extends Envelope {
  readonly type: 'status';
  /** Empty takes the status away. */
  readonly content: string;
}

export interface Expression extends Envelope {
  readonly type: 'expression';
  readonly name: string;
  /** Milliseconds; absent means until it is changed. */
  readonly duration?: number;
  readonly weight: number;
}

export type MotionPriority = 'idle' | 'normal' | 'force';

export interface Motion extends Envelope {
  readonly type: 'motion';
  readonly name: string;
  readonly priority: MotionPriority;
}

export interface Stop extends Envelope {
  readonly type: 'stop';
  readonly what: 'speech' | 'all';
}

export interface Welcome {
  readonly type: 'welcome';
  readonly server: string;
}

export interface Ping {
  readonly type: 'ping';
}

export interface Bye {
  readonly type: 'bye';
  readonly retryAfter: number;
}

/** The server could not use something that this page sent. */
export interface ServerError {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}

/** What a backend says to a page. */
export type StageMessage = LlmResponse | LlmDelta | Status | Expression | Motion | Stop;

/** Everything a page may receive. */
export type Message = StageMessage | Welcome | Ping | Bye | ServerError;

export interface Hello {
  readonly type: 'hello';
  readonly v: number;
  readonly role: 'viewer';
  readonly channels: readonly string[];
  readonly caps: readonly string[];
  readonly client: string;
}

export interface Ack {
  readonly type: 'ack';
  readonly channel: string;
  readonly epoch: string;
  readonly displayed: readonly number[];
}

/** Everything a page sends. */
export type PageMessage = Hello | Ack;

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
        ...optional('emotion', f.maybeText('emotion')), ...optional('motion', f.maybeText('motion')),
        speak: f.flag('speak', true), ...optional('lang', f.maybeText('lang')),
      };
    case 'llm_delta':
      return { type, ...envelope(f), id: f.text('id'), part: f.number('part', 0, Number.MAX_SAFE_INTEGER), content: f.text('content') };
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
    case 'welcome':
      return { type, server: f.maybeText('server') ?? '' };
    case 'ping':
      return { type };
    case 'bye':
      return { type, retryAfter: f.number('retryAfter', 0, maxDuration, defaultRetryAfter) };
    case 'error':
      return { type, code: f.text('code'), message: f.maybeText('message') ?? '' };
    default:
      return null;
  }
}

const envelope = (f: Fields): Envelope => ({
  ...optional('id', f.maybeText('id')),
  ...optional('channel', f.maybeText('channel')),
  ...optional('epoch', f.maybeText('epoch')),
  ...optional('seq', f.maybeNumber('seq', 1, Number.MAX_SAFE_INTEGER)),
  ...optional('ts', f.maybeNumber('ts', 0, Number.MAX_SAFE_INTEGER)),
});

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

/** Reads typed fields and remembers the first one that did not fit. `null` counts as absent. */
class Fields {
  wrong: string | null = null;

  constructor(private readonly source: Record<string, unknown>) {}

  text(name: string): string {
    const value = this.maybeText(name);
    return value ?? this.miss(name, '');
  }

  maybeText(name: string): string | undefined {
    const value = this.own(name);
    return value === undefined || typeof value === 'string' ? value : this.reject(name);
  }

  /** Clamped, because a server of a later version may allow more. Without `fallback` the field is required. */
  number(name: string, min: number, max: number, fallback?: number): number {
    return this.maybeNumber(name, min, max) ?? fallback ?? this.miss(name, min);
  }

  maybeNumber(name: string, min: number, max: number): number | undefined {
    const value = this.own(name);
    if (value === undefined) return undefined;
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : this.reject(name);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.own(name);
    if (value === undefined) return fallback;
    return typeof value === 'boolean' ? value : this.reject(name) ?? fallback;
  }

  /** The first of `values` is the default; a word from a later version means the default too. */
  oneOf<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    const value = this.maybeText(name);
    return values.find((known) => known === value) ?? values[0];
  }

  private own(name: string): unknown {
    return Object.hasOwn(this.source, name) ? this.source[name] ?? undefined : undefined;
  }

  private miss<T>(name: string, standIn: T): T {
    this.wrong ??= `${name} is missing`;
    return standIn;
  }

  private reject(name: string): undefined {
    this.wrong ??= `${name} has the wrong type`;
    return undefined;
  }
}
