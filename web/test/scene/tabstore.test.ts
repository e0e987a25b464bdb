import { describe, expect, it } from 'vitest';
import { textStorage } from '../../src/base/storage';
import { emptyTab } from '../../src/scene/scene';
import { readTab, startTabStore } from '../../src/scene/tabstore';
import { reply } from './play';
import { drawer, stage } from './rehearsal';

describe('the tab store', () => {
  it('brings the history back after a reload, per channel', () => {
    const { store, clock, kept } = stage();
    const storage = drawer();
    startTabStore(storage, 'left', store, clock);
    kept(reply('one'));
    kept(reply('two'));
    expect(storage.values.size).toBe(0);
    clock.advance(1_000);
    expect(readTab(storage, 'left').history.map((entry) => entry.text)).toEqual(['one', 'two']);
    expect(readTab(storage, 'left').history.at(-1)).toMatchObject({ origin: { epoch: 'e1', seq: 2 } });
    expect(readTab(storage, 'right')).toEqual(emptyTab);
  });

  it('is written at once when the page goes', () => {
    const { store, clock, kept } = stage();
    const storage = drawer();
    const tab = startTabStore(storage, 'left', store, clock);
    kept(reply('one'));
    tab.save();
    expect(readTab(storage, 'left').history).toHaveLength(1);
  });

  it('forgets the oldest when a browser could not hold it all', () => {
    const { store, clock, kept } = stage();
    const storage = drawer();
    const tab = startTabStore(storage, 'left', store, clock);
    for (let i = 0; i < 100; i++) kept(reply(`${i} ${'x'.repeat(16_000)}`));
    tab.save();
    const { history } = readTab(storage, 'left');
    expect(history.length).toBeGreaterThan(50);
    expect(history.at(-1)!.text).toMatch(/^99 /);
    expect([...storage.values.values()].join('').length).toBeLessThan(1_100_000);
  });

  it.each([
    '', 'x', 'null', '[]', '{}', '{"history":{}}',
    '{"history":[null,1,{"text":"a"},{"text":"a","at":1e300,"id":null,"lang":null}],"forgotten":"x","missed":7}',
  ])('takes %j for nothing', (text) => {
    expect(readTab({ read: () => text, write: () => {} }, 'left')).toEqual(emptyTab);
  });

  it('remembers that the history was emptied, and that something was missed', () => {
    const { store, clock, kept } = stage();
    const storage = drawer();
    startTabStore(storage, 'left', store, clock);
    kept(reply('one'));
    store.happen({ type: 'forget' });
    store.happen({ type: 'missed' });
    clock.advance(1_000);
    expect(readTab(storage, 'left')).toEqual({ history: [], forgotten: 1_000_000, missed: true });
  });

  it('does without the number of an entry that has none, or an impossible one', () => {
    const entry = { key: 0, id: null, text: 'a', at: 1, lang: null };
    const text = JSON.stringify({
      history: [entry, { ...entry, origin: { epoch: 'e', seq: -1 } }, { ...entry, origin: { epoch: 'e', seq: 4 } }],
    });
    expect(readTab({ read: () => text, write: () => {} }, 'left').history.map(({ origin }) => origin))
      .toEqual([null, null, { epoch: 'e', seq: 4 }]);
  });

  it('works where the browser stores nothing', () => {
    const refusing = textStorage(() => {
      throw new Error('denied');
    });
    refusing.write('a', 'b');
    expect(refusing.read('a')).toBeNull();
    expect(readTab(refusing, 'left')).toEqual(emptyTab);
  });
});
