import type { Clock } from './clock';
import type { Ack, Position } from './protocol';
import { samePosition, type Origin } from './scene';
import type { Store } from './store';

/** What need not be known at once waits this long for company. */
export const ackWithin = 250;

const pendingLimit = 1_024;

export interface AckOptions {
  readonly store: Store;
  readonly channel: string;
  readonly clock: Clock;
  /** Whether somebody can see the page. */
  readonly visible: () => boolean;
  /** Returns false when there is no connection; it is tried again with the next {@link Acks.flush}. */
  readonly send: (ack: Ack) => boolean;
}

export interface Acks {
  /** A kept message has arrived, whatever becomes of it. */
  received(position: Position): void;
  /** Something without a place on the screen was done: an expression or a motion. */
  applied(origin: Origin | null): void;
  /** Call when the page becomes visible: what is still shown is seen from now on. */
  seen(): void;
  /** Call when there is a connection (again). */
  flush(): void;
  stop(): void;
}

interface Fate extends Position {
  readonly what: 'displayed' | 'superseded';
}

/**
 * Tells the server what became of its messages. Start it after the effects that show replies and statuses, so that they have
 * done it by the time this is told. A reply that a person could see is displayed; one that a newer reply pushed into the
 * history before is superseded. A reply whose time was over before anybody looked is neither: it may still be shown elsewhere.
 */
export function startAcks({ store, channel, clock, visible, send }: AckOptions): Acks {
  let reply: Origin | null = null;
  let status: Origin | null = null;
  let unseen: Origin | null = null;
  let aside: readonly Origin[] = store.scene().superseded;
  let arrived: Position | null = null;
  let fates: readonly Fate[] = [];
  let cancel: (() => void) | null = null;

  const flush = (): void => {
    cancel?.();
    cancel = null;
    const epochs = new Set([arrived, ...fates].flatMap((position) => position?.epoch ?? []));
    for (const epoch of epochs) {
      if (!send(ackFor(epoch))) return;
      if (arrived?.epoch === epoch) arrived = null;
      fates = fates.filter((fate) => fate.epoch !== epoch);
    }
  };

  const ackFor = (epoch: string): Ack => {
    const numbers = (what: Fate['what']): readonly number[] => fates.filter((fate) => fate.epoch === epoch && fate.what === what).map(({ seq }) => seq);
    const displayed = numbers('displayed');
    const superseded = numbers('superseded');
    return {
      type: 'ack', channel, epoch, ...(arrived?.epoch === epoch ? { received: arrived.seq } : {}),
      ...(displayed.length > 0 ? { displayed } : {}), ...(superseded.length > 0 ? { superseded } : {}),
    };
  };

  const soon = (): void => void (cancel ??= clock.after(ackWithin, flush));

  const tell = (what: Fate['what'], origins: readonly Origin[]): void => {
    fates = [...fates, ...origins.map(({ epoch, seq }) => ({ what, epoch, seq }))].slice(-pendingLimit);
  };

  const display = (origin: Origin | null): void => {
    if (origin === null) return;
    tell('displayed', [origin]);
    flush();
  };

  const pushAside = (origins: readonly Origin[]): void => {
    const fresh = origins.filter((origin) => !samePosition(origin, reply));
    if (fresh.length === 0) return;
    tell('superseded', fresh);
    soon();
  };

  const look = (): void => {
    const scene = store.scene();
    const shown = scene.reply?.origin ?? null;
    if (scene.superseded !== aside) {
      const known = aside;
      aside = scene.superseded;
      pushAside(aside.filter((origin) => !known.includes(origin)));
    }
    if (unseen !== null && scene.reply !== null && !samePosition(unseen, shown)) pushAside([unseen]);
    unseen = null;
    if (!visible()) {
      unseen = samePosition(shown, reply) ? null : shown;
      return;
    }
    if (!samePosition(shown, reply)) display((reply = shown));
    const line = scene.status?.origin ?? null;
    if (line !== status) display((status = line));
  };

  const unwatch = store.watch(look);

  return {
    received(position) {
      arrived = position;
      soon();
    },
    applied: display,
    seen: look,
    flush,
    stop() {
      cancel?.();
      unwatch();
    },
  };
}
