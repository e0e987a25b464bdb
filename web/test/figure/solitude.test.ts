import { describe, expect, it } from 'vitest';
import { gestureAt, startGreeting } from '../../src/figure/greeting';
import { aloneMs, startSolitude } from '../../src/figure/solitude';
import { findMotion } from '../../src/avatar/motions';
import { learnReactions } from '../../src/avatar/reactions';
import type { MotionEnd } from '../../src/avatar/motionplayer';
import { reply } from '../scene/play';
import { stage } from '../scene/rehearsal';

function alone() {
  const scene = stage();
  const dozes: boolean[] = [];
  const motions: string[] = [];
  const director = {
    doze: (on: boolean) => void dozes.push(on),
    move(name: string): Promise<MotionEnd> {
      motions.push(name);
      return Promise.resolve('done');
    },
  };
  return { ...scene, dozes, motions, director };
}

describe('left alone', () => {
  it('the character falls asleep, and wakes with a stretch when the user is there', () => {
    const { store, clock, dozes, motions, director } = alone();
    const solitude = startSolitude(store, clock, director);
    clock.advance(aloneMs - 1);
    expect(solitude.asleep()).toBe(false);
    clock.advance(1);
    expect([solitude.asleep(), dozes]).toEqual([true, [true]]);
    solitude.stir();
    solitude.stir();
    expect([solitude.asleep(), dozes, motions]).toEqual([false, [true, false], ['yawn', 'stretch']]);
    clock.advance(aloneMs);
    expect(solitude.asleep()).toBe(true);
  });

  it('not while the user stirs, and not for what was long ago', () => {
    const { store, clock, dozes, director } = alone();
    const solitude = startSolitude(store, clock, director);
    for (let i = 0; i < 5; i++) {
      clock.advance(aloneMs - 1000);
      solitude.stir();
    }
    expect(dozes).toEqual([]);
    clock.advance(aloneMs);
    expect(dozes).toEqual([true]);
  });

  it('a reply wakes it, and its own chat does not', () => {
    const { store, clock, kept, dozes, director } = alone();
    startSolitude(store, clock, director);
    for (let i = 0; i < 20; i++) {
      store.happen({ type: 'tip', text: 'I follow your pointer.' });
      clock.advance(aloneMs / 20);
    }
    expect(dozes).toEqual([true]);
    kept(reply('Hello'));
    expect(dozes).toEqual([true, false]);
  });

  it('a long speech is no silence', () => {
    const { store, clock, dozes, director } = alone();
    startSolitude(store, clock, director);
    store.happen({ type: 'speech', reply: 'a', on: true });
    clock.advance(3 * aloneMs);
    expect(dozes).toEqual([]);
    store.happen({ type: 'speech', reply: 'a', on: false });
    clock.advance(2 * aloneMs);
    expect(dozes).toEqual([true]);
  });

  it('a stop leaves no timer', () => {
    const { store, clock, dozes, director } = alone();
    startSolitude(store, clock, director).stop();
    clock.advance(2 * aloneMs);
    expect(dozes).toEqual([]);
  });
});

describe('the greeting', () => {
  it('comes once a day, by a gesture that there is', () => {
    const { store, clock, motions, director } = alone();
    const kept = new Map<string, string>();
    const storage = { read: (key: string) => kept.get(key) ?? null, write: (key: string, value: string) => void kept.set(key, value) };
    startGreeting(storage, store, clock, director);
    clock.advance(5000);
    expect(motions).toHaveLength(1);
    startGreeting(storage, store, clock, director);
    clock.advance(5000);
    expect(motions).toHaveLength(1);
    clock.advance(24 * 3_600_000);
    startGreeting(storage, store, clock, director);
    clock.advance(5000);
    expect(motions).toHaveLength(2);
    learnReactions();
    for (let hour = 0; hour < 24; hour++) expect(findMotion(gestureAt(hour)), String(hour)).toBeDefined();
  });

  it('is left out where there is something to say', () => {
    const { store, clock, kept, motions, director } = alone();
    startGreeting({ read: () => null, write: () => {} }, store, clock, director);
    kept(reply('Hello', { duration: 60_000 }));
    clock.advance(5000);
    expect(motions).toEqual([]);
  });
});
