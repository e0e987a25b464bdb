import { describe, expect, it } from 'vitest';
import { beginDelivery, gapped, lacks, numbered, positionOf, welcomed, type Delivery, type Verdict } from '../../src/delivery/position';
import type { GapReason, Position } from '../../src/protocol/messages';

const at = (seq: number, epoch = 'e1'): Position => ({ epoch, seq });

/** Takes one message after the other and writes down what became of each. */
function fed(delivery: Delivery, ...messages: readonly Position[]): { delivery: Delivery; verdicts: readonly Verdict[] } {
  const verdicts: Verdict[] = [];
  let now = delivery;
  for (const message of messages) {
    const step = numbered(now, message);
    now = step.delivery;
    verdicts.push(step.verdict);
  }
  return { delivery: now, verdicts };
}

const gap = (delivery: Delivery, from: number, to: number, reason: GapReason): Delivery => gapped(delivery, { from, to, reason }).delivery;

describe('the position', () => {
  it('follows the numbers', () => {
    const { delivery, verdicts } = fed(beginDelivery([at(4)]), at(5), at(6), at(6), at(5), at(8), at(7), at(8));
    expect(verdicts).toEqual(['live', 'live', 'had', 'had', 'hole', 'live', 'live']);
    expect(positionOf(delivery)).toEqual(at(8));
  });

  it('begins anywhere without a welcome', () => {
    expect(fed(beginDelivery([]), at(7), at(8)).verdicts).toEqual(['live', 'live']);
  });

  it('begins with the welcome of an empty mailbox', () => {
    const delivery = welcomed(beginDelivery([]), { ...at(57), missed: 0 });
    expect(positionOf(delivery)).toEqual(at(57));
    expect(fed(delivery, at(57), at(58)).verdicts).toEqual(['had', 'live']);
  });

  it('never goes back within an epoch, gaps of every reason included', () => {
    const here = beginDelivery([at(50)]);
    for (const reason of ['expired', 'overflow', 'epoch'] as const) expect(positionOf(gap(here, 1, 10, reason))).toEqual(at(50));
    const continued = welcomed(here, { ...at(57), recovered: true, missed: 7 });
    for (const reason of ['expired', 'overflow', 'epoch'] as const) expect(positionOf(gap(continued, 1, 10, reason))).toEqual(at(50));
  });

  it('survives an epoch with a nasty name', () => {
    expect(fed(beginDelivery([]), at(1, '__proto__'), at(1, '__proto__'), at(2, '__proto__')).verdicts).toEqual(['live', 'had', 'live']);
  });
});

describe('a mailbox', () => {
  const fresh = (missed: number): Delivery => welcomed(beginDelivery([]), { ...at(57), missed });

  it('has holes that the hub never fills', () => {
    const { delivery, verdicts } = fed(fresh(3), at(40), at(45), at(51), at(58));
    expect(verdicts).toEqual(['missed', 'missed', 'missed', 'live']);
    expect(positionOf(delivery)).toEqual(at(58));
  });

  it('ends with its last message at the welcome’s position', () => {
    const { delivery } = fed(fresh(2), at(40), at(45));
    expect(delivery.replay).toBeNull();
    expect(positionOf(delivery)).toEqual(at(57));
  });

  it('that is interrupted goes on from where it was', () => {
    expect(positionOf(fed(fresh(3), at(40), at(45)).delivery)).toEqual(at(45));
  });

  it('that was cut off leaves nothing behind for the next connection', () => {
    const { verdicts } = fed(welcomed(fresh(3), { ...at(0, 'e2'), missed: 0 }), at(1, 'e2'), at(3, 'e2'));
    expect(verdicts).toEqual(['live', 'hole']);
  });

  it('that is shorter than announced ends with the first newer message', () => {
    const { delivery, verdicts } = fed(fresh(20), at(40), at(58), at(59));
    expect(verdicts).toEqual(['missed', 'live', 'live']);
    expect(delivery.replay).toBeNull();
  });
});

describe('coming back', () => {
  const back = (missed: number, recovered = true): Delivery => welcomed(beginDelivery([at(42)]), { ...at(46), recovered, missed });

  it('brings what was missed and then what is new', () => {
    expect(fed(back(4), at(43), at(44), at(45), at(46), at(47)).verdicts).toEqual(['missed', 'missed', 'missed', 'missed', 'live']);
  });

  it('brings nothing to a page that has it all', () => {
    expect(fed(back(0), at(43)).verdicts).toEqual(['live']);
  });

  it.each(['expired', 'overflow'] as const)('steps over a gap: %s', (reason) => {
    const { delivery, verdicts } = fed(gap(back(2, false), 43, 44, reason), at(45), at(46), at(47));
    expect(verdicts).toEqual(['missed', 'missed', 'live']);
    expect(positionOf(delivery)).toEqual(at(47));
  });

  it('is over when a gap is all that is left', () => {
    const { delivery } = fed(back(1, false), at(43));
    expect(gap(delivery, 44, 46, 'expired').replay).toBeNull();
  });

  it('sees a gap that does not fit as a hole', () => {
    expect(gapped(back(2, false), { from: 45, to: 46, reason: 'expired' }).verdict).toBe('hole');
    expect(gapped(back(2, false), { from: 46, to: 43, reason: 'expired' }).verdict).toBe('had');
  });
});

describe('another epoch', () => {
  const renewed = (): Delivery => gap(welcomed(beginDelivery([at(42)]), { ...at(9, 'e2'), recovered: false, missed: 2 }), 1, 7, 'epoch');

  it('begins behind its gap', () => {
    expect(positionOf(renewed())).toEqual(at(7, 'e2'));
    expect(fed(renewed(), at(8, 'e2'), at(9, 'e2'), at(10, 'e2')).verdicts).toEqual(['missed', 'missed', 'live']);
  });

  it('does not repeat what the page has of it, when an old one comes back', () => {
    const again = welcomed(fed(renewed(), at(8, 'e2')).delivery, { ...at(44), recovered: false, missed: 3 });
    expect(fed(gap(again, 1, 40, 'epoch'), at(41), at(42), at(43), at(44)).verdicts).toEqual(['had', 'had', 'missed', 'missed']);
  });

  it('is believed only after its gap: the page may go away before', () => {
    expect(positionOf(welcomed(beginDelivery([at(42)]), { ...at(9, 'e2'), recovered: false, missed: 2 }))).toEqual(at(42));
  });

  it('tells its name with the next message on an open connection', () => {
    const open = gap(beginDelivery([at(42)]), 1, 7, 'epoch');
    expect(positionOf(open)).toEqual(at(42));
    expect(fed(open, at(8, 'e2'), at(9, 'e2')).verdicts).toEqual(['live', 'live']);
    expect(fed(open, at(9, 'e2')).verdicts).toEqual(['hole']);
  });

  it('may begin by itself with its first message, and with no other', () => {
    expect(fed(beginDelivery([at(42)]), at(1, 'e2'), at(2, 'e2')).verdicts).toEqual(['live', 'live']);
    expect(fed(beginDelivery([at(42)]), at(2, 'e2')).verdicts).toEqual(['hole']);
  });

  it('is the same one when the server has an older copy: the only way back', () => {
    const older = gap(welcomed(beginDelivery([at(42)]), { ...at(30), recovered: false, missed: 1 }), 1, 29, 'epoch');
    expect(positionOf(older)).toEqual(at(29));
    expect(fed(older, at(30), at(31)).verdicts).toEqual(['missed', 'live']);
  });

  it('is one of eight that are remembered', () => {
    let delivery = beginDelivery([]);
    for (let i = 0; i < 20; i++) delivery = fed(delivery, at(1, `e${i}`)).delivery;
    expect(delivery.positions).toHaveLength(8);
  });
});

describe('the newest number of a ping', () => {
  it('tells of a hole, and of other numbers altogether', () => {
    const here = beginDelivery([at(42)]);
    expect([41, 42, 43].map((top) => lacks(here, top))).toEqual([true, false, true]);
    expect(lacks(gap(here, 1, 7, 'epoch'), 7)).toBe(false);
    expect(lacks(beginDelivery([]), 5)).toBe(false);
  });
});
