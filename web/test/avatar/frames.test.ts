import { expect, test } from 'vitest';
import { startFrames } from '../../src/avatar/frames';

function film(pause = 100) {
  const steps: number[] = [];
  const trouble = { now: null as Error | null };
  let due: { readonly call: () => void; readonly afterMs: number } | null = null;
  const world = { ms: 0, hidden: false };
  const frames = startFrames({
    now: () => world.ms,
    hidden: () => world.hidden,
    frame(call, afterMs) {
      const mine = { call, afterMs };
      due = mine;
      return () => {
        if (due === mine) due = null;
      };
    },
  }, (dtMs) => {
    steps.push(dtMs);
    if (trouble.now !== null) throw trouble.now;
    return pause;
  });
  const draw = (ms: number): void => {
    world.ms += ms;
    const frame = due;
    due = null;
    frame?.call();
  };
  return { frames, steps, trouble, world, draw, waits: () => due?.afterMs ?? null };
}

test('a frame tells when the next one is worth it, and waking does not wait for that', () => {
  const { frames, steps, draw, waits } = film();
  frames.wake();
  expect(waits()).toBe(0);
  draw(16);
  expect([steps, waits()]).toEqual([[16], 100]);
  frames.wake();
  expect(waits()).toBe(0);
});

test('a frame that fails is not the last one', () => {
  const { frames, steps, trouble, draw, waits } = film();
  frames.wake();
  trouble.now = new Error('the Core has no memory');
  expect(() => draw(16)).toThrow('no memory');
  expect(waits()).toBe(1000);
  trouble.now = null;
  draw(1000);
  expect([steps.length, waits()]).toEqual([2, 100]);
});

test('nothing is drawn out of sight, and that time does not count', () => {
  const { frames, steps, world, draw, waits } = film();
  frames.wake();
  draw(16);
  world.hidden = true;
  frames.restart();
  expect(waits()).toBeNull();
  world.ms += 60_000;
  world.hidden = false;
  frames.restart();
  draw(16);
  expect(steps).toEqual([16, 16]);
});

test('a page that slept goes on as if nothing had been', () => {
  const { frames, steps, draw } = film();
  frames.wake();
  draw(60_000);
  expect(steps).toEqual([600]);
});

test('a stop leaves no frame waiting', () => {
  const { frames, draw, waits } = film();
  frames.wake();
  draw(16);
  frames.stop();
  expect(waits()).toBeNull();
});
