import { describe, expect, it } from 'vitest';
import { reply } from './play';
import { stage } from './rehearsal';

describe('the store', () => {
  it('takes a reply away when its time has come, by itself', () => {
    const { clock, store, kept } = stage();
    const seen: (string | null)[] = [];
    store.watch((scene) => seen.push(scene.reply?.text ?? null));
    kept(reply('Hi', { duration: 3_000 }));
    clock.advance(3_000);
    expect(seen).toEqual([null, 'Hi', null]);
    expect(clock.waits).toEqual([]);
  });

  it('keeps one timer however much happens', () => {
    const { clock, kept } = stage();
    for (let i = 0; i < 100; i++) kept(reply(`reply ${i}`));
    expect(clock.waits).toHaveLength(1);
  });

  it('tells no watcher about what changes nothing, and none that has left', () => {
    const { store, live, kept } = stage();
    let calls = 0;
    const leave = store.watch(() => calls++);
    live({ type: 'stop', what: 'speech' });
    expect(calls).toBe(1);
    leave();
    kept(reply('Hi'));
    expect(calls).toBe(1);
  });
});
