import type { ChannelWelcome, Gap, GapReason, Position } from '../protocol/messages';

/** What a page has of its channel, and what is on its way. Values are never changed in place. */
export interface Delivery {
  /** The last kept message taken, by epoch; the last one is where the page stands now. */
  readonly positions: readonly Position[];
  /** Messages that were missed are on their way, up to this number. */
  readonly replay: Replay | null;
  /** The epoch of a welcome that does not continue what the page has; an epoch gap begins it. */
  readonly announced: string | null;
  /** The numbering began anew: the next message has the number after this one and tells the epoch. */
  readonly renewed: number | null;
}

export interface Replay {
  readonly to: number;
  /** A page without a position gets what no page has displayed yet, with holes: only the count tells when that is all. */
  readonly left: number | null;
}

/**
 * What to do with a message. `live`: show it. `missed`: it belongs to what the page was not there for. `had`: nothing.
 * `hole`: something is missing before it, so ask; it will come again.
 */
export type Verdict = 'live' | 'missed' | 'had' | 'hole';

export interface Step {
  readonly delivery: Delivery;
  readonly verdict: Verdict;
}

/** Messages that never came, and why. */
export interface GapSeen {
  /** The epoch from here on, as far as it is known. */
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
  /** Unix milliseconds. */
  readonly at: number;
}

const epochLimit = 8;

export const beginDelivery = (positions: readonly Position[]): Delivery =>
  ({ positions: positions.slice(-epochLimit), replay: null, announced: null, renewed: null });

/** Where the page stands; null when it has nothing yet. */
export const positionOf = ({ positions }: Delivery): Position | null => positions.at(-1) ?? null;

/** The server tells where the channel stands, and begins to send what was missed. */
export function welcomed(delivery: Delivery, channel: ChannelWelcome | undefined): Delivery {
  if (channel === undefined) return { ...delivery, replay: null, announced: null, renewed: null };
  const { epoch, seq, missed } = channel;
  const now = positionOf(delivery);
  // A number below the page's own: the server has an older copy of its store.
  const continues = now !== null && epoch === now.epoch && seq >= now.seq;
  const next = { ...delivery, replay: null, announced: continues ? null : epoch, renewed: null };
  if (now === null && missed === 0) return { ...at(next, channel), announced: null };
  return { ...next, replay: missed === 0 ? null : { to: seq, left: now === null ? missed : null } };
}

/** A kept message has arrived. */
export function numbered(delivery: Delivery, message: Position): Step {
  const { epoch, seq } = message;
  const known = delivery.positions.find((position) => position.epoch === epoch);
  if (known !== undefined && seq <= known.seq) return { delivery, verdict: 'had' };
  const { replay } = delivery;
  if (replay !== null && replay.left !== null) {
    // Only the mailbox of the epoch that was announced or that it has begun with.
    const isMissed = seq <= replay.to && (known !== undefined || epoch === delivery.announced);
    if (isMissed) return { delivery: delivered(delivery, message), verdict: 'missed' };
    const mailbox = delivery.announced ?? positionOf(delivery)!.epoch;
    return numbered({ ...at(delivery, { epoch: mailbox, seq: replay.to }), replay: null, announced: null }, message);
  }
  const now = positionOf(delivery);
  const before = now === null ? seq - 1 : now.epoch === epoch ? now.seq : Math.max(known?.seq ?? 0, delivery.renewed ?? 0);
  if (seq > before + 1) return { delivery, verdict: 'hole' };
  return { delivery: delivered(delivery, message), verdict: replay !== null && seq <= replay.to ? 'missed' : 'live' };
}

/** The server says which numbers will not come. */
export function gapped(delivery: Delivery, gap: Pick<Gap, 'from' | 'to' | 'reason'>): Step {
  const now = positionOf(delivery);
  if (gap.from > gap.to && gap.reason !== 'epoch') return { delivery, verdict: 'had' };
  if (gap.reason === 'epoch') return { delivery: renew(delivery, now, gap.to), verdict: 'live' };
  if (delivery.renewed !== null) return { delivery: { ...delivery, renewed: Math.max(delivery.renewed, gap.to) }, verdict: 'live' };
  if (now === null || gap.to <= now.seq) return { delivery, verdict: 'had' };
  if (gap.from > now.seq + 1 && (delivery.replay?.left ?? null) === null) return { delivery, verdict: 'hole' };
  return { delivery: settled(at(delivery, { ...now, seq: gap.to })), verdict: 'live' };
}

/** Whether the newest number of a ping says that something is missing, or that the numbering is another one. */
export function lacks(delivery: Delivery, top: number): boolean {
  const now = positionOf(delivery);
  if (now === null) return false;
  return delivery.renewed === null ? top !== now.seq : top > delivery.renewed;
}

/** Everything up to `to` was asked for. */
export const asked = (delivery: Delivery, to: number): Delivery =>
  ({ ...delivery, replay: { to: Math.max(to, delivery.replay?.to ?? 0), left: null } });

function renew(delivery: Delivery, now: Position | null, to: number): Delivery {
  const { announced } = delivery;
  // On an open connection the hub has not said which epoch this is.
  if (announced === null) return { ...delivery, renewed: to };
  const known = delivery.positions.find((position) => position.epoch === announced);
  // Only an older copy of the store takes a position back.
  const seq = now?.epoch === announced ? to : Math.max(to, known?.seq ?? 0);
  return settled({ ...at(delivery, { epoch: announced, seq }), announced: null });
}

function delivered(delivery: Delivery, message: Position): Delivery {
  const { replay } = delivery;
  const next = { ...at(delivery, message), announced: null, renewed: null };
  if (replay === null || replay.left === null) return settled(next);
  if (replay.left > 1 && message.seq < replay.to) return { ...next, replay: { ...replay, left: replay.left - 1 } };
  return { ...at(next, { epoch: message.epoch, seq: replay.to }), replay: null };
}

/** A replay is over when the position has come as far as it goes. */
const settled = (delivery: Delivery): Delivery =>
  delivery.replay !== null && (positionOf(delivery)?.seq ?? 0) >= delivery.replay.to ? { ...delivery, replay: null } : delivery;

function at(delivery: Delivery, { epoch, seq }: Position): Delivery {
  const others = delivery.positions.filter((position) => position.epoch !== epoch);
  return { ...delivery, positions: [...others, { epoch, seq }].slice(-epochLimit) };
}
