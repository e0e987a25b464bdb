import type { Ack } from './protocol';
import type { Origin } from './scene';
import type { Store } from './store';

export interface Acks {
  /** Something without a place on the screen was done: an expression or a motion. */
  applied(origin: Origin | null): void;
  /** Call when the page becomes visible: what is still shown is seen from now on. */
  seen(): void;
  stop(): void;
}

/**
 * Tells the server what a person can see. Start it after the effects that show replies and statuses, so that they have
 * done it by the time this is told. A reply that came and went while nobody could see the page is not acknowledged.
 */
export function startAcks(store: Store, channel: string, visible: () => boolean, send: (ack: Ack) => void): Acks {
  let reply: Origin | null = null;
  let status: Origin | null = null;

  const acknowledge = (origin: Origin | null): void => {
    if (origin === null) return;
    send({ type: 'ack', channel: origin.channel ?? channel, epoch: origin.epoch, displayed: [origin.seq] });
  };

  const look = (): void => {
    if (!visible()) return;
    const scene = store.scene();
    const shown = scene.reply?.origin ?? null;
    if (shown !== reply) acknowledge((reply = shown));
    const line = scene.status?.origin ?? null;
    if (line !== status) acknowledge((status = line));
  };

  const unwatch = store.watch(look);
  return { applied: acknowledge, seen: look, stop: unwatch };
}
