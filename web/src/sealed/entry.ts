import type { Clock } from '../base/clock';
import type { Enc, Message, Position, SealProblem, StageMessage } from '../protocol/messages';
import { originOf, type Origin } from '../scene/scene';
import type { SealedPart } from './sealed';

/** So long may the part that opens messages take to come. */
export const partWithin = 10_000;

export interface SealedOptions {
  /** Whether this page has a key. */
  readonly hasKey: boolean;
  readonly clock: Clock;
  /** Loads the part that opens messages. */
  readonly load: () => Promise<SealedPart>;
  /** Takes what has come, in its order. */
  readonly deliver: (message: Message) => void;
  /** A message can not be shown. */
  readonly onProblem: (problem: SealProblem, origin: Origin | null) => void;
}

export interface Sealed {
  /** Takes what the server sends: what is sealed is opened, and what comes behind it waits for that. */
  take(message: Message): void;
  /** A message was shown, or is known not to be. */
  shown(message: StageMessage): void;
  /** Opens the answer of `GET /api/history`. */
  openHistory(answer: unknown): Promise<unknown>;
  /** The speech of a reply was heard here. */
  heard(position: Position): void;
  /** Call before the page goes. */
  save(): void;
}

/** Stands between the connection and the page, so that all others get what is sealed as if it had come open. */
export function startSealed({ hasKey, clock, load, deliver, onProblem }: SealedOptions): Sealed {
  const queue: Message[] = [];
  let waiting: (() => void)[] = [];
  let part: SealedPart | null = null;
  let loading = false;
  let late = false;
  let opens = false;

  const wake = (): void => {
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  };

  const fetch = async (): Promise<void> => {
    if (loading || part !== null) return;
    loading = true;
    try {
      part = await load();
    } catch {
      // A server of another version has other files: the next message is another attempt.
    }
    loading = late = false;
    wake();
  };

  /** The part, once it is there; null when it does not come, or not in time. */
  const arrival = async (): Promise<SealedPart | null> => {
    if (!hasKey || part !== null) return part;
    void fetch();
    if (late) return null;
    await new Promise<void>((go) => {
      waiting.push(go);
      clock.after(partWithin, () => {
        late = loading;
        go();
      });
    });
    return part;
  };

  const open = async (enc: Enc): Promise<StageMessage> => {
    try {
      const opener = await arrival();
      return await opener?.open(enc) ?? { ...enc, problem: 'undecryptable' };
    } catch {
      // A browser that refuses the key or the cipher can open nothing.
      return { ...enc, problem: 'undecryptable' };
    }
  };

  const pump = async (): Promise<void> => {
    opens = true;
    try {
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        const message = next.type === 'enc' ? await open(next) : next;
        queue.shift();
        deliver(message);
      }
    } finally {
      opens = false;
      if (queue.length > 0) void pump();
    }
  };

  if (hasKey) void fetch();

  return {
    take(message) {
      if (opens) queue.push(message);
      else if (message.type !== 'enc') deliver(message);
      else if (!hasKey) deliver({ ...message, problem: 'no_key' });
      else {
        queue.push(message);
        void pump();
      }
    },
    shown(message) {
      if (message.type !== 'enc') part?.shown(message);
      else if (message.problem !== undefined) onProblem(message.problem, originOf(message));
    },
    async openHistory(answer) {
      return await (await arrival())?.openHistory(answer) ?? answer;
    },
    heard: (position) => part?.heard(position),
    save: () => part?.save(),
  };
}
