import type { Clock } from '../base/clock';
import type { TextStorage } from '../base/storage';
import type { Part } from '../link/router';
import type { Ack, Position, Resume, StageMessage } from '../protocol/messages';
import type { Store } from '../scene/store';
import { startAcks, type Acks } from './acks';
import type { HistoryLoader } from './historyload';
import { startReception, type Reception } from './reception';

export interface DeliveryOptions {
  readonly channel: string;
  /** Whether the user can see what is shown. */
  readonly visible: () => boolean;
  readonly store: Store;
  readonly clock: Clock;
  /** Keeps the position, and what is not acknowledged yet, over a reload. */
  readonly storage: TextStorage;
  /** Fills the history; null where none is shown. */
  readonly history: HistoryLoader | null;
  /** Returns false when there is no connection. */
  readonly send: (message: Ack | Resume) => boolean;
  /** This connection does not say what is missing: a new one will. */
  readonly reconnect: () => void;
  /** Each message of a publisher, after it was shown. */
  readonly onShown: (message: StageMessage) => void;
}

export interface Delivery extends Part, Pick<Acks, 'applied' | 'failed' | 'spoken' | 'seen' | 'save'>, Pick<Reception, 'gaps'> {
  position(): Position | null;
  stop(): void;
}

/**
 * Brings each kept message to the scene once and in order, and acknowledges it. Start it after the view, which has shown a
 * message by the time it is acknowledged.
 */
export function startDelivery({
  channel, visible, store, clock, storage, history, send, reconnect, onShown,
}: DeliveryOptions): Delivery {
  const acks = startAcks({ store, channel, clock, storage, visible, send });
  const reception = startReception({
    channel, store, clock, storage, send: (message) => void send(message), reconnect,
    onReceived: acks.received, onGap: (gap) => history?.gap(gap), notes: [onShown],
  });

  return {
    take(message) {
      reception.take(message);
      acks.heard();
    },
    connected() {
      acks.flush();
      history?.load();
    },
    lost() {
      reception.lost();
      acks.lost();
    },
    hello: reception.resume,
    applied: acks.applied, failed: acks.failed, spoken: acks.spoken, seen: acks.seen, save: acks.save,
    position: reception.position, gaps: reception.gaps,
    stop() {
      acks.stop();
      reception.stop();
    },
  };
}
