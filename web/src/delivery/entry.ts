import type { Address } from '../base/address';
import type { Clock } from '../base/clock';
import type { TextStorage } from '../base/storage';
import type { Part } from '../link/router';
import type { Ack, Position, Resume, StageMessage } from '../protocol/messages';
import { historyLimit } from '../scene/replies';
import type { Store } from '../scene/store';
import { startAcks, type Acks } from './acks';
import { fetchHistory, startHistoryLoader } from './historyload';
import { startReception, type Reception } from './reception';

export interface DeliveryOptions {
  readonly page: Document;
  readonly address: Address;
  readonly store: Store;
  readonly clock: Clock;
  /** Keeps the position, and what is not acknowledged yet, over a reload. */
  readonly storage: TextStorage;
  /** Returns false when there is no connection. */
  readonly send: (message: Ack | Resume) => boolean;
  /** This connection does not say what is missing: a new one will. */
  readonly reconnect: () => void;
  /** Opens what is encrypted in the answer of `GET /api/history`. */
  readonly openHistory: (answer: unknown) => Promise<unknown>;
  /** Each message of a publisher, after it was shown. */
  readonly onShown: (message: StageMessage) => void;
}

export interface Delivery extends Part, Pick<Acks, 'applied' | 'failed' | 'spoken' | 'seen' | 'save'>, Pick<Reception, 'gaps'> {
  position(): Position | null;
}

/**
 * Brings each kept message to the scene once and in order, and acknowledges it. Start it after the view, which has shown a
 * message by the time it is acknowledged.
 */
export function startDelivery({ page, address, store, clock, storage, send, reconnect, openHistory, onShown }: DeliveryOptions): Delivery {
  const { channel } = address;
  const acks = startAcks({ store, channel, clock, storage, visible: () => !page.hidden, send });
  const ask = fetchHistory(`${address.root}api/history?channel=${channel}&limit=${historyLimit}`);
  const history = startHistoryLoader(store, async () => openHistory(await ask()));
  const reception = startReception({
    channel, store, clock, storage, send: (message) => void send(message), reconnect,
    onReceived: acks.received, onGap: history.gap, notes: [onShown],
  });

  return {
    take(message) {
      reception.take(message);
      acks.heard();
    },
    connected() {
      acks.flush();
      history.load();
    },
    lost() {
      reception.lost();
      acks.lost();
    },
    hello: reception.resume,
    applied: acks.applied, failed: acks.failed, spoken: acks.spoken, seen: acks.seen, save: acks.save,
    position: reception.position, gaps: reception.gaps,
  };
}
