import type { Clock } from '../base/clock';
import type { TextStorage } from '../base/storage';
import { isCount } from '../protocol/fields';
import { isPosition, type Ack, type Position } from '../protocol/messages';
import { samePosition, type Origin } from '../scene/scene';
import type { Store } from '../scene/store';
import type { PlayedPart } from '../speaking/played';

/** What need not be known at once waits this long, so that one message acknowledges several. */
export const ackWithin = 250;

/** What was sent so long before the server's last message on one connection has arrived: the server drops a page that it does not hear. */
export const arrivedAfter = 60_000;

const fateLimit = 1_024;

export interface AckOptions {
  readonly store: Store;
  readonly channel: string;
  readonly clock: Clock;
  /** Keeps over a reload what may not have arrived. */
  readonly storage: TextStorage;
  /** Whether the user can see the page. */
  readonly visible: () => boolean;
  /** Returns false when there is no connection; it is tried again with the next {@link Acks.flush}. */
  readonly send: (ack: Ack) => boolean;
}

export interface Acks {
  /** A kept message has arrived, whatever becomes of it. */
  received(position: Position): void;
  /** Something without a place on the screen was done: an expression or a motion. */
  applied(origin: Origin | null): void;
  /** An expression or a motion could not be shown, see `AckFailure.code`. */
  failed(origin: Origin | null, code: string): void;
  /** The speech of a reply that was heard here is over; `whole`: it was heard to its end. */
  spoken(position: Position, heard: PlayedPart, whole: boolean): void;
  /** Call when the page becomes visible: what is still shown is seen from now on. */
  seen(): void;
  /** Call when there is a connection (again). */
  flush(): void;
  /** The server has said something. */
  heard(): void;
  /** The connection is gone, and with it perhaps what was told on it: it is told again on the next one. */
  lost(): void;
  /** Call before the page goes. */
  save(): void;
  stop(): void;
}

const fateNames = ['received', 'displayed', 'superseded', 'spoken', 'heard', 'failed'] as const;

interface Fate extends Position {
  readonly what: (typeof fateNames)[number];
  readonly heard?: PlayedPart;
  readonly code?: string;
  /** When it was told on this connection, Unix milliseconds; null: not yet. */
  readonly told: number | null;
}

/**
 * Tells the server what became of its messages. Start it after the effects that show replies and statuses, so that they have
 * done it by the time this is told. A reply that the user could see is displayed; one that a newer reply pushed into the
 * history before is superseded. A reply whose time was over before the user looked is neither: it may still be shown elsewhere.
 * The server ignores what it is told twice.
 */
export function startAcks({ store, channel, clock, storage, visible, send }: AckOptions): Acks {
  const name = `kotodama.fates.${channel}`;
  let reply: Origin | null = null;
  let status: Origin | null = null;
  let unseen: Origin | null = null;
  let aside: readonly Origin[] = store.scene().superseded;
  let fates: readonly Fate[] = readFates(storage.read(name));
  let heardAt = -Infinity;
  let cancel: (() => void) | null = null;

  const flush = (): void => {
    cancel?.();
    cancel = null;
    const isNew = (fate: Fate): boolean => fate.told === null;
    for (const epoch of new Set(fates.filter(isNew).map((fate) => fate.epoch))) {
      if (!send(ackFor(channel, epoch, fates.filter((fate) => isNew(fate) && fate.epoch === epoch)))) return;
      const told = clock.now();
      fates = fates.map((fate) => (fate.told === null && fate.epoch === epoch ? { ...fate, told } : fate));
    }
  };

  const soon = (): void => void (cancel ??= clock.after(ackWithin, flush));

  const forgetArrived = (): void => {
    fates = fates.filter(({ told }) => told === null || told > heardAt - arrivedAfter);
  };

  const tell = (what: Fate['what'], origins: readonly Position[], more?: Pick<Fate, 'heard' | 'code'>): void => {
    forgetArrived();
    fates = [...fates, ...origins.map(({ epoch, seq }) => ({ what, epoch, seq, ...more, told: null }))].slice(-fateLimit);
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
      // The newest one speaks for those before it.
      fates = fates.filter(({ what, epoch }) => what !== 'received' || epoch !== position.epoch);
      tell('received', [position]);
      soon();
    },
    applied: display,
    failed(origin, code) {
      if (origin === null) return;
      tell('failed', [origin], { code });
      flush();
    },
    spoken(position, heard, whole) {
      if (whole) tell('spoken', [position]);
      tell('heard', [position], { heard });
      flush();
    },
    seen: look,
    flush,
    heard: () => void (heardAt = clock.now()),
    lost() {
      forgetArrived();
      fates = fates.map((fate) => ({ ...fate, told: null }));
    },
    save() {
      forgetArrived();
      storage.write(name, JSON.stringify(fates));
    },
    stop() {
      cancel?.();
      unwatch();
    },
  };
}

function ackFor(channel: string, epoch: string, fates: readonly Fate[]): Ack {
  const numbers = (what: Fate['what']): readonly number[] => fates.filter((fate) => fate.what === what).map(({ seq }) => seq);
  const [received] = numbers('received');
  const displayed = numbers('displayed');
  const superseded = numbers('superseded');
  const spoken = numbers('spoken');
  const heard = fates.flatMap(({ what, seq, heard: played }) => (
    what === 'heard' && played !== undefined ? [{ seq, ms: played.ms, chars: played.chars }] : []
  ));
  const failed = fates.flatMap(({ what, seq, code = '' }) => (what === 'failed' ? [{ seq, code }] : []));
  return {
    type: 'ack', channel, epoch, ...(received === undefined ? {} : { received }),
    ...(displayed.length > 0 ? { displayed } : {}), ...(superseded.length > 0 ? { superseded } : {}),
    ...(spoken.length > 0 ? { spoken } : {}), ...(heard.length > 0 ? { heard } : {}),
    ...(failed.length > 0 ? { failed } : {}),
  };
}

function readFates(text: string | null): readonly Fate[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isFate).slice(-fateLimit).map((fate) => ({ ...fate, told: null })) : [];
  } catch {
    return [];
  }
}

const isFate = (value: unknown): value is Fate => isPosition(value) && fateNames.includes((value as Partial<Fate>).what!)
  && ((value as Partial<Fate>).what !== 'heard' || isHeard((value as Partial<Fate>).heard))
  && ((value as Partial<Fate>).what !== 'failed' || typeof (value as Partial<Fate>).code === 'string');

const isHeard = (value: unknown): value is PlayedPart =>
  typeof value === 'object' && value !== null && isCount((value as PlayedPart).ms) && isCount((value as PlayedPart).chars);
