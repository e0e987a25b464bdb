import { describe, expect, it } from 'vitest';
import { remembered, startReplays } from '../../src/sealed/replays';
import { replays as steps } from './vectors';

const here = (seq: number) => ({ epoch: 'e', seq });
const now = 1_790_000_000_000;

describe('what has come before', () => {
  it('is told as all languages agree', () => {
    const replays = startReplays(null);
    expect(steps.map(({ id, until, now: at }) => replays.take(id, until, at, null))).toEqual(steps.map(({ accepted }) => accepted));
  });

  it('may come again to the same place until it was shown, and never to another', () => {
    const replays = startReplays(null);
    const take = (seq: number, until = now) => replays.take('a', until, now, here(seq));
    expect([take(1), take(1), take(2), take(1, now + 1)]).toEqual([true, true, false, false]);
    expect([replays.shown(here(2)), replays.shown(here(1)), replays.shown(here(1))]).toEqual([false, true, false]);
    expect(take(1)).toBe(false);
  });

  it('is still known after a reload', () => {
    const before = startReplays(null);
    before.take('a', now, now, null);
    before.take('b', now, now, here(1));
    const after = startReplays(before.written());
    expect([after.take('a', now, now, null), after.take('b', now, now, here(1)), after.take('b', now, now, here(2))]).toEqual([false, true, false]);
  });

  it.each(['', '{', '7', 'null', '{"floor":"x","all":[1,{},{"id":1},{"id":"a","until":-1,"place":null}]}'])(
    'is nothing where the storage holds %j', (text) => expect(startReplays(text).take('a', now, now, null)).toBe(true));

  it('stays refused when it was forgotten for want of room', () => {
    const replays = startReplays(null);
    const ids = Array.from({ length: remembered + 100 }, (_, i) => i);
    expect(ids.every((i) => replays.take(`m${i}`, now + i, now, null))).toBe(true);
    expect(ids.some((i) => replays.take(`m${i}`, now + i, now, null))).toBe(false);
    expect(replays.written().length).toBeLessThan(400_000);
  });
});
