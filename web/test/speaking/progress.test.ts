import { describe, expect, it } from 'vitest';
import { outcome, patience, progressed, retryWithin, type Ending } from '../../src/speaking/progress';

describe('the progress of a speech', () => {
  const before = { at: 500, movedAt: 1_000 };

  it.each([
    ['comes further', 520, false, { at: 520, movedAt: 1_020 }],
    ['stands still', 500, false, { at: 500, movedAt: 1_000 }],
    ['is paused, which is no standstill', 500, true, { at: 500, movedAt: 1_020 }],
  ] as const)('%s', (_, at, paused, expected) => {
    expect(progressed(before, at, 1_020, paused)).toEqual(expected);
  });
});

describe('a speech of two seconds', () => {
  const whole = { available: 2_000, complete: true };
  const part = { available: 2_000, complete: false };

  it.each<[string, typeof whole, number, number, boolean, Ending | null]>([
    ['goes on in the middle', whole, 1_000, 0, false, null],
    ['is done at its end', whole, 2_000, 0, false, 'done'],
    ['is done a frame before its end', whole, 1_999, 0, false, 'done'],
    ['goes on before that', whole, 1_998, 0, false, null],
    ['waits for the rest', part, 2_000, patience, false, null],
    ['stops when the rest does not come', part, 2_000, patience + 1, false, 'stopped'],
    ['stops when it stands still in the middle', whole, 1_000, patience + 1, false, 'stopped'],
    ['waits for another way to say what failed', whole, 2_000, retryWithin, true, null],
    ['is done when none comes', whole, 2_000, retryWithin + 1, true, 'done'],
  ])('%s', (_, turn, at, still, failed, expected) => {
    expect(outcome(turn, { at, movedAt: 10_000 }, 10_000 + still, failed)).toBe(expected);
  });
});
