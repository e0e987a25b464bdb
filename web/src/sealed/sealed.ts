import type { TextStorage } from '../base/storage';
import type { Enc, Position, SealProblem, StageMessage } from '../protocol/messages';
import { originOf } from '../scene/scene';
import { readKey, type Opened, type Opener } from './opening';
import { startReplays } from './replays';
import { startSaying, type SayingOptions } from './saying';

const saveWithin = 1_000;

export interface SealedPartOptions extends SayingOptions {
  /** The key as it stood in the address. */
  readonly key: string;
  /** Keeps over a reload which messages have come. */
  readonly storage: TextStorage;
  /** Null where the browser encrypts nothing, because the page is not from a secure origin. */
  readonly crypto: Pick<Crypto, 'subtle'> | null;
}

/** The part of the page that has a key: opens messages and lets the browser say them. */
export interface SealedPart {
  open(enc: Enc): Promise<StageMessage>;
  openHistory(answer: unknown): Promise<unknown>;
  /** A message was shown, sealed or not. */
  shown(message: StageMessage): void;
  /** The speech of a reply was heard here. */
  heard(position: Position): void;
  /** Call before the page goes. */
  save(): void;
}

export async function startSealedPart(options: SealedPartOptions): Promise<SealedPart> {
  const { key, channel, storage, clock, crypto } = options;
  const name = `kotodama.sealed.${channel}`;
  const replays = startReplays(storage.read(name));
  const opener = crypto === null ? null : await readKey(key, crypto);
  const saying = opener === null ? null : startSaying(options);
  let cancel: (() => void) | null = null;

  const save = (): void => {
    cancel?.();
    cancel = null;
    storage.write(name, replays.written());
  };

  const soon = (): void => void (cancel ??= clock.after(saveWithin, save));

  const openWith = async (enc: Enc): Promise<Opened | SealProblem> => {
    if (crypto === null) return 'not_secure';
    if (opener === null || enc.kid !== opener.id) return 'no_key';
    const opened = await opener.open(enc, channel);
    if (opened === null) return 'undecryptable';
    if (!replays.take(enc.id, enc.until, clock.now(), originOf(enc))) return 'replayed';
    soon();
    return opened;
  };

  return {
    async open(enc) {
      const opened = await openWith(enc);
      if (typeof opened === 'string') return { ...enc, problem: opened };
      const { epoch, seq, ts } = enc;
      if (opened.message.type === 'llm_response') saying?.offer(opened.message, opened.sound);
      return { ...opened.message, ...defined({ epoch, seq, ts }) };
    },
    async openHistory(answer) {
      if (opener === null || typeof answer !== 'object' || answer === null) return answer;
      const { replies } = answer as { replies?: unknown };
      if (!Array.isArray(replies)) return answer;
      return { ...answer, replies: await Promise.all(replies.map((reply: unknown) => openStored(reply, opener, channel))) };
    },
    shown(message) {
      const origin = originOf(message);
      if (origin !== null && replays.shown(origin)) soon();
    },
    heard: (position) => saying?.heard(position),
    save,
  };
}

/** A reply of the history. One that does not open, or is no reply, stays without words and is not listed. */
async function openStored(value: unknown, opener: Opener, channel: string): Promise<unknown> {
  const { id, sealed } = (value ?? {}) as { id?: unknown; sealed?: unknown };
  if (typeof sealed !== 'object' || sealed === null || typeof id !== 'string') return value;
  const { kid, iv, until, ct } = sealed as Partial<Record<keyof Enc, unknown>>;
  if (kid !== opener.id || typeof iv !== 'string' || typeof until !== 'number' || typeof ct !== 'string') return value;
  const opened = await opener.open({ id, iv, until, ct }, channel);
  if (opened?.message.type !== 'llm_response') return value;
  return { ...(value as object), id: opened.message.id, content: opened.message.content, sealed: true };
}

const defined = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
