import { expect, test } from 'vitest';
import { Spring } from '../../src/avatar/vector/spring';

test.each([0, 1, 16, 250, 10_000, 3_600_000])('a step of %d ms never throws a spring far beyond its target', (ms) => {
  for (const frequency of [0.5, 1, 2.5]) {
    const spring = new Spring(frequency, 0.16);
    let furthest = 0;
    for (let i = 0; i < 200; i++) furthest = Math.max(furthest, Math.abs(spring.step(ms / 1000, 40)));
    expect(furthest).toBeLessThanOrEqual(80);
  }
});

test('a spring comes to rest at its target', () => {
  const spring = new Spring(1, 0.4);
  for (let i = 0; i < 600; i++) spring.step(1 / 60, 12);
  expect(spring.value).toBeCloseTo(12, 2);
  expect(spring.velocity).toBeCloseTo(0, 2);
});

test('small and large steps lead to the same place', () => {
  const fine = new Spring(1, 0.3);
  const coarse = new Spring(1, 0.3);
  for (let i = 0; i < 24; i++) fine.step(1 / 120, 10);
  coarse.step(0.2, 10);
  expect(coarse.value).toBeCloseTo(fine.value, 6);
});

test('a spring that met a hostile number is calm again', () => {
  const spring = new Spring(1, 0.3);
  spring.step(0.1, Number.NaN);
  spring.step(0.1, Infinity);
  expect(Number.isFinite(spring.step(0.1, 1))).toBe(true);
});
