import { describe, expect, it } from 'vitest';
import { groupMasks } from '../../src/live2d/masks';
import type { Item } from '../../src/live2d/model';
import { pack, type Extent } from '../../src/live2d/packing';

const item = (...masks: number[]): Item => ({ blend: { colour: 0, alpha: 0 }, masks, inverted: false, into: -1 });

describe('groups of masks', () => {
  it('are shared by all that have the same set', () => {
    const { groups, of } = groupMasks([item(), item(0, 2), item(2), item(0, 2)]);
    expect(groups).toEqual([{ masks: [0, 2], users: [1, 3] }, { masks: [2], users: [2] }]);
    expect(of).toEqual([null, 0, 1, 0]);
  });

  it('are none without masks', () => {
    expect(groupMasks([item(), item()])).toEqual({ groups: [], of: [null, null] });
  });
});

/** The same numbers in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

describe('the packing of masks', () => {
  const page = { width: 640, height: 480 };

  it.each([1, 2, 3, 4, 5])('puts a hundred beside each other, seed %i', (seed) => {
    const next = chance(seed * 7919);
    const extents: Extent[] = Array.from({ length: 100 }, () => ({
      width: 1 + Math.floor(next() ** 3 * page.width), height: 1 + Math.floor(next() ** 3 * page.height),
    }));
    const { slots, filled } = pack(extents, page);
    expect(slots).toHaveLength(100);
    for (const [i, a] of slots.entries()) {
      expect(a.x + extents[i]!.width).toBeLessThanOrEqual(page.width);
      expect(a.y + extents[i]!.height).toBeLessThanOrEqual(filled[a.page]!);
      for (const [k, b] of slots.entries()) {
        if (k <= i || a.page !== b.page || a.channel !== b.channel) continue;
        const apart = a.x + extents[i]!.width <= b.x || b.x + extents[k]!.width <= a.x
          || a.y + extents[i]!.height <= b.y || b.y + extents[k]!.height <= a.y;
        expect(apart).toBe(true);
      }
    }
    expect(Math.max(...filled)).toBeLessThanOrEqual(page.height);
    // By far fewer pages than one for every four masks.
    expect(filled.length).toBeLessThan(12);
  });

  it('takes one page for four that fill it', () => {
    const { slots, filled } = pack(Array(8).fill(page) as Extent[], page);
    expect(slots.map((slot) => [slot.page, slot.channel])).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i >> 2, i & 3]));
    expect(filled).toEqual([480, 480]);
  });

  it('takes none for nothing', () => {
    expect(pack([], page)).toEqual({ slots: [], filled: [] });
  });
});
