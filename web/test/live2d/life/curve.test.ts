import { describe, expect, it } from 'vitest';
import { Curve } from '../../../src/live2d/life/curve';
import { seeded } from '../../avatar/fakes';

/** A bezier by halving its control polygon, and its parameter by halving the time: slow, and nothing to do with how the curve does it. */
function reference(points: readonly (readonly [number, number])[], t: number): number {
  const at = (u: number): readonly [number, number] => {
    let row = points;
    while (row.length > 1) row = row.slice(1).map(([x, y], i) => [row[i]![0] * (1 - u) + x * u, row[i]![1] * (1 - u) + y * u] as const);
    return row[0]!;
  };
  let low = 0;
  let high = 1;
  for (let round = 0; round < 80; round++) {
    const middle = (low + high) / 2;
    if (at(middle)[0] < t) low = middle;
    else high = middle;
  }
  return at(low)[1];
}

describe('a curve', () => {
  it('runs straight, and jumps at the end or at the start of a step (pitfall 3)', () => {
    const curve = new Curve([0, 1, 0, 1, 3, 2, 2, 7, 3, 3, 9], true);
    expect([-1, 0, 0.5, 1].map((t) => curve.at(t))).toEqual([1, 1, 2, 3]);
    expect([1.2, 1.999, 2].map((t) => curve.at(t))).toEqual([3, 3, 9]);
    expect([2.0001, 2.9, 3, 50].map((t) => curve.at(t))).toEqual([9, 9, 9, 9]);
    expect(curve.end).toBe(3);
  });

  it('takes a restricted bezier evenly in time, and solves a free one for the time first (pitfall 2)', () => {
    const segments = [0, 0, 1, 0.1, 1, 0.2, 4, 1, 5];
    const part = (u: number): number => 3 * (1 - u) ** 2 * u * 1 + 3 * (1 - u) * u * u * 4 + u ** 3 * 5;
    expect(new Curve(segments, true).at(0.3)).toBeCloseTo(part(0.3), 10);
    const free = new Curve(segments, false);
    expect(free.at(0.3)).toBeCloseTo(reference([[0, 0], [0.1, 1], [0.2, 4], [1, 5]], 0.3), 6);
    expect(Math.abs(free.at(0.3) - part(0.3))).toBeGreaterThan(0.5);
  });

  it('agrees with a solver of another kind on any free bezier', () => {
    const random = seeded(7);
    for (let round = 0; round < 300; round++) {
      const start = random() * 3;
      const length = 0.01 + random() * 5;
      const [a, b] = round % 3 === 0 ? [1, 0] : [random(), random()];
      const [v0, y1, y2, v3] = [random(), random(), random(), random()].map((v) => v * 60 - 30) as [number, number, number, number];
      const points = [[start, v0], [start + a * length, y1], [start + b * length, y2], [start + length, v3]] as const;
      const curve = new Curve([start, v0, 1, ...points.slice(1).flat()], false);
      for (let k = 1; k < 10; k++) {
        const t = start + (length * k) / 10;
        // Two handles that cross completely are flat in time at one place, where no value is better than another.
        if (round % 3 === 0 && k === 5) continue;
        expect(curve.at(t)).toBeCloseTo(reference(points, t), 4);
      }
    }
  });

  it('finds its segment among thousands', () => {
    const segments = [0, 0];
    for (let k = 1; k <= 5000; k++) segments.push(0, k / 100, k);
    const curve = new Curve(segments, true);
    for (const t of [0.005, 12.345, 33.3333, 49.999]) expect(curve.at(t)).toBeCloseTo(t * 100, 4);
  });

  it('returns in a loop from its last point to its first one (pitfall 3)', () => {
    const straight = new Curve([0, 10, 0, 3, 40], true);
    expect([3, 3.5, 4].map((t) => straight.around(t, 4))).toEqual([40, 25, 10]);
    expect(new Curve([0, 10, 2, 3, 40], true).around(3.5, 4)).toBe(40);
    expect(new Curve([0, 10, 3, 3, 40], true).around(3.5, 4)).toBe(10);
    expect(straight.around(1.5, 3)).toBe(25);
  });

  it('reads as far as its numbers can be read', () => {
    expect(new Curve([0, 5, 0, 1, 7, 9, 2, 8], true).at(9)).toBe(7);
    expect(new Curve([0, 5, 0, 1, 7, 1, 2, 3], true).at(9)).toBe(7);
    expect(new Curve([0, 5, 0, 1, Number.NaN], true).at(9)).toBe(5);
    expect(new Curve([0, 5, 0, 1, 7, 0, 0.5, 9], true).at(0.5)).toBe(6);
    expect(new Curve([], true).at(1)).toBe(0);
    expect(new Curve('no list', true).at(1)).toBe(0);
  });
});
