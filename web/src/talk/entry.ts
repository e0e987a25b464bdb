import type { Director } from '../avatar/director';
import type { Clock } from '../base/clock';
import { startLazy } from '../base/lazy';
import { startPresence } from '../link/presence';
import type { Message } from '../protocol/messages';
import { isTalk, type Companion, type TalkMessage, type TalkTurn } from '../protocol/talk';
import type { Store } from '../scene/store';
import type { Talk } from './talk';

/** So much is kept for the controls until they are loaded. */
const queueLimit = 256;

export interface TalkPartOptions {
  readonly channel: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly director: Pick<Director, 'attend'>;
  /** Loads the controls of the conversation, once a companion is there; null in views without controls. */
  readonly load: (() => Promise<Talk>) | null;
}

export interface TalkPart {
  take(message: Message): void;
  connected(): void;
  lost(): void;
  snapshot(): object;
  stop(): void;
}

const isCut = (reason: string | undefined): boolean => reason === 'interrupted' || reason === 'cancelled';

/** The page's side of a conversation with a companion: the character shows how far it is, and the controls come when there is one. */
export function startTalkPart({ channel, store, clock, director, load }: TalkPartOptions): TalkPart {
  let companion: Companion | null = null;
  let turn: TalkTurn | null = null;
  let online = false;
  let queue: readonly TalkMessage[] = [];

  const controls = startLazy(load, (talk) => {
    if (online) talk.connected();
    for (const message of queue) talk.take(message);
    queue = [];
  });
  const presence = startPresence(clock, () => meet({ type: 'companion', channel, on: false, demo: false, hears: false, bargeIn: true }));

  const tell = (message: TalkMessage): void => {
    const talk = controls.part();
    if (talk !== null) talk.take(message);
    else if (load !== null) queue = [...queue, message].slice(-queueLimit);
  };

  const rest = (): void => {
    turn = null;
    director.attend('idle');
    store.happen({ type: 'talking', on: false });
  };

  function meet(message: Companion): void {
    presence.announced(message.on);
    companion = message;
    if (!message.on) rest();
    tell(message);
    if (message.on) controls.fetch();
  }

  return {
    take(message) {
      if (!isTalk(message) || (message.type !== 'answer' && message.channel !== channel)) return;
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
      controls.part()?.connected();
      presence.connected();
    },
    lost() {
      online = false;
      presence.lost();
      rest();
      controls.part()?.lost();
    },
    snapshot: () => ({
      companion: companion?.on === true ? companion.name ?? '' : null, demo: companion?.demo ?? false,
      state: turn?.state ?? 'idle', reason: turn?.reason ?? null, tool: turn?.tool ?? null,
    }),
    stop() {
      presence.stop();
      controls.part()?.stop();
    },
  };
}
