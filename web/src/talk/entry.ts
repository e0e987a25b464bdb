import type { Director } from '../avatar/director';
import type { Clock } from '../base/clock';
import type { Companion, TalkMessage, TalkTurn } from '../protocol/talk';
import type { Store } from '../scene/store';
import type { Talk } from './talk';

/** After a new connection a companion that is still there is heard of within this. */
const announcedWithin = 2_000;

/** So much is kept for the controls until they are loaded. */
const queueLimit = 256;

export interface ConversationOptions {
  readonly channel: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly director: Pick<Director, 'attend'>;
  /** Brings the controls of the conversation, once somebody is there to talk with; null in views without controls. */
  readonly load: (() => Promise<Talk>) | null;
}

export interface Conversation {
  take(message: TalkMessage): void;
  /** There is a connection (again). */
  connected(): void;
  lost(): void;
  snapshot(): object;
  stop(): void;
}

const isCut = (reason: string | undefined): boolean => reason === 'interrupted' || reason === 'cancelled';

/** The page's side of a conversation with a companion: the character shows how far it is, and the controls come when there is one. */
export function startConversation({ channel, store, clock, director, load }: ConversationOptions): Conversation {
  let companion: Companion | null = null;
  let turn: TalkTurn | null = null;
  let talk: Talk | null = null;
  let loading = false;
  let online = false;
  let queue: readonly TalkMessage[] = [];
  let cancel = (): void => {};

  const tell = (message: TalkMessage): void => {
    if (talk !== null) talk.take(message);
    else if (load !== null) queue = [...queue, message].slice(-queueLimit);
  };

  const bring = async (): Promise<void> => {
    if (load === null || loading || talk !== null) return;
    loading = true;
    try {
      talk = await load();
      talk.connection(online);
      for (const message of queue) talk.take(message);
      queue = [];
    } catch {
      // A server of another version has other files: the next companion is another attempt.
    } finally {
      loading = false;
    }
  };

  const meet = (message: Companion): void => {
    cancel();
    companion = message;
    if (!message.on) rest();
    tell(message);
    if (message.on) void bring();
  };

  const rest = (): void => {
    turn = null;
    director.attend('idle');
    store.happen({ type: 'talking', on: false });
  };

  return {
    take(message) {
      if (message.type !== 'answer' && message.channel !== channel) return;
      switch (message.type) {
        case 'companion':
          meet(message);
          return;
        case 'turn':
          if (isCut(message.reason) && turn?.state === 'speaking') store.happen({ type: 'interrupted' });
          turn = message;
          director.attend(message.state);
          store.happen({ type: 'talking', on: message.state !== 'idle' });
          break;
        case 'transcript':
          if (message.final) store.happen({ type: 'said', text: message.content, sent: false });
          break;
        default:
      }
      tell(message);
    },
    connected() {
      online = true;
      talk?.connection(true);
      if (companion?.on !== true) return;
      cancel();
      cancel = clock.after(announcedWithin, () => meet({ type: 'companion', channel, on: false, demo: false, hears: false, bargeIn: true }));
    },
    lost() {
      online = false;
      cancel();
      rest();
      talk?.connection(false);
    },
    snapshot: () => ({ companion: companion?.on === true ? companion.name ?? '' : null, demo: companion?.demo ?? false, state: turn?.state ?? 'idle', reason: turn?.reason ?? null, tool: turn?.tool ?? null }),
    stop() {
      cancel();
      talk?.stop();
    },
  };
}
