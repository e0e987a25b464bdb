import { expect, test } from 'vitest';
import { Gaze } from '../../src/avatar/gaze';
import { Blink, blinkRules, Sway } from '../../src/avatar/idle';
import { seeded } from './fakes';

function blinkTimes(seed: number, seconds: number): number[] {
  const blink = new Blink(seeded(seed));
  const times: number[] = [];
  let shut = false;
  for (let ms = 0; ms < seconds * 1000; ms += 5) {
    const open = blink.step(5);
    if (!(open >= 0 && open <= 1)) throw new RangeError(`eyes open by ${open}`);
    if (!shut && open < 0.05) times.push(ms);
    shut = open < 0.05;
  }
  return times;
}

test.each([1, 2, 3])('blinks come at natural intervals, some of them double', (seed) => {
  const times = blinkTimes(seed, 300);
  const gaps = times.slice(1).map((ms, i) => ms - (times[i] ?? 0));
  const single = gaps.filter((gap) => gap > 1000);
  const double = gaps.filter((gap) => gap <= 1000);
  expect(Math.min(...single)).toBeGreaterThanOrEqual(blinkRules.shortestMs);
  expect(Math.max(...single)).toBeLessThanOrEqual(blinkRules.longestMs + 400);
  expect(double.length).toBeGreaterThan(2);
  expect(double.length).toBeLessThan(gaps.length / 3);
});

test('the body holds a stance longer than it shifts, and never far', () => {
  const sway = new Sway(seeded(4));
  let moving = 0;
  for (let i = 0; i < 3000; i++) {
    sway.step(20);
    if (sway.moving) moving++;
    expect(Math.hypot(sway.stance.x, sway.stance.y, sway.stance.z)).toBeLessThan(8);
  }
  expect(moving).toBeGreaterThan(100);
  expect(moving).toBeLessThan(1500);
});

test('the gaze follows the pointer, eyes first, and comes back when it rests', () => {
  const gaze = new Gaze();
  gaze.at(1, 0.5);
  gaze.step(60);
  expect(gaze.eyes.x).toBeGreaterThan(gaze.head.x);
  for (let i = 0; i < 60; i++) gaze.step(33);
  expect(gaze.head.x).toBeCloseTo(1, 1);
  expect(gaze.moving).toBe(false);
  for (let i = 0; i < 150; i++) gaze.step(33);
  expect(gaze.head.x).toBeCloseTo(0, 1);
});

test('a hostile pointer looks straight ahead', () => {
  const gaze = new Gaze();
  gaze.at(Number.NaN, Infinity);
  gaze.step(1000);
  expect(gaze.eyes).toEqual({ x: 0, y: 0 });
});
