import { describe, expect, it } from 'vitest';
import type { Director } from '../../src/avatar/director';
import { page as english } from '../../src/base/locales/en/page';
import { textStorage, type TextStorage } from '../../src/base/storage';
import { startProbe } from '../../src/link/probe';
import { emptyTab } from '../../src/scene/scene';
import { readTab, startTabStore } from '../../src/scene/tabstore';
import { startActing } from '../../src/view/acting';
import { needsBanner } from '../../src/view/connection';
import { startSilentLips } from '../../src/view/silentlips';
import { greetingAt } from '../../src/view/tips';
import { ManualClock } from '../base/manualclock';
import { delta, reply } from '../scene/play';
import { stage } from '../scene/rehearsal';

/** A character that writes down what it is told. */
function fakeDirector() {
  const faces: (string | null)[] = [];
  const motions: string[] = [];
  const mouths: (number | null)[] = [];
  const director: Pick<Director, 'express' | 'move' | 'mouth'> = {
    express(name) {
      faces.push(name);
      return name !== 'unheard-of';
    },
    move(name) {
      motions.push(name);
      return name === 'unheard-of' ? Promise.resolve('unknown') : name === 'busy' ? Promise.resolve('interrupted') : new Promise(() => {});
    },
    mouth: (shape) => void mouths.push(shape === null ? null : shape.open),
  };
  return { director: director as Director, faces, motions, mouths };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('the store', () => {
  it('takes a reply away when its time has come, without anybody asking', () => {
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

  it('tells nobody about what changes nothing, and nobody who has left', () => {
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

describe('acting', () => {
  function acted() {
    const scene = stage();
    const character = fakeDirector();
    const applied: (number | undefined)[] = [];
    startActing(character.director, scene.store, (origin) => applied.push(origin?.seq));
    return { ...scene, ...character, applied };
  }

  it('shows the emotion of a reply and then the face from before', () => {
    const { kept, clock, faces } = acted();
    kept({ type: 'expression', name: 'sad', weight: 1 });
    kept(reply('Hi', { emotion: 'joy', duration: 2_000 }));
    clock.advance(2_000);
    expect(faces).toEqual(['sad', 'joy', 'sad']);
  });

  it('reports what was obeyed and not what nobody knows', async () => {
    const { kept, applied, faces } = acted();
    kept({ type: 'expression', name: 'joy', weight: 1 });
    kept({ type: 'expression', name: 'unheard-of', weight: 1 });
    kept({ type: 'motion', name: 'wave', priority: 'normal' });
    kept({ type: 'motion', name: 'unheard-of', priority: 'normal' });
    kept({ type: 'motion', name: 'busy', priority: 'idle' });
    await settled();
    expect(applied).toEqual([1, 3]);
    expect(faces).toEqual(['joy', 'unheard-of']);
  });

  it('plays the motion of a reply once, a growing stream included', () => {
    const { kept, live, motions } = acted();
    kept(reply('Hi', { motion: 'wave' }));
    live(delta('a', 0, 'x'));
    live(delta('a', 1, 'y'));
    expect(motions).toEqual(['wave']);
  });

  it('becomes neutral with stop all', () => {
    const { kept, live, faces } = acted();
    kept({ type: 'expression', name: 'sad', weight: 1 });
    live({ type: 'stop', what: 'all' });
    expect(faces).toEqual(['sad', null]);
  });
});

describe('speech', () => {
  function spoken() {
    const scene = stage();
    const character = fakeDirector();
    startSilentLips(character.director, scene.store, scene.clock);
    const opened = (): boolean => character.mouths.some((open) => open !== null && open > 0.1);
    return { ...scene, mouths: character.mouths, opened };
  }

  it('moves the mouth to a reply and closes it behind the text', () => {
    const { kept, clock, mouths, opened } = spoken();
    kept(reply('Hello there'));
    clock.advance(500);
    expect(opened()).toBe(true);
    clock.advance(7_000);
    expect(mouths.at(-1)).toBeNull();
    expect(clock.waits).toHaveLength(1);
  });

  it('keeps the mouth shut when the reply says so', () => {
    const { kept, clock, opened } = spoken();
    kept(reply('Hello there', { speak: false }));
    clock.advance(5_000);
    expect(opened()).toBe(false);
  });

  it.each(['speech', 'all'] as const)('ends with stop %s', (what) => {
    const { kept, live, clock, mouths } = spoken();
    kept(reply('A rather long sentence that would take a while to say.'));
    clock.advance(500);
    live({ type: 'stop', what });
    const said = mouths.length;
    expect(mouths.at(-1)).toBeNull();
    clock.advance(5_000);
    expect(mouths.slice(said).filter((open) => open !== null)).toEqual([]);
  });

  it('ends when the sender of a stream is gone', () => {
    const { live, clock, mouths } = spoken();
    live(delta('a', 0, 'A rather long sentence that would take a while to say.'));
    clock.advance(500);
    live({ type: 'llm_abort', id: 'a' });
    expect(mouths.at(-1)).toBeNull();
    const said = mouths.length;
    clock.advance(5_000);
    expect(mouths.slice(said).filter((open) => open !== null)).toEqual([]);
  });

  it('says the words of a stream also when they come late', () => {
    const { live, clock, mouths, opened } = spoken();
    live(delta('a', 0, 'One. '));
    clock.advance(8_000);
    expect(mouths.at(-1)).toBeNull();
    mouths.length = 0;
    live(delta('a', 1, 'Banana banana banana.'));
    clock.advance(600);
    expect(opened()).toBe(true);
  });
});

describe('memory', () => {
  function drawer(): TextStorage & { readonly values: Map<string, string> } {
    const values = new Map<string, string>();
    return { values, read: (key) => values.get(key) ?? null, write: (key, value) => void values.set(key, value) };
  }

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
    const memory = startTabStore(storage, 'left', store, clock);
    kept(reply('one'));
    memory.save();
    expect(readTab(storage, 'left').history).toHaveLength(1);
  });

  it('forgets the oldest when a browser could not hold it all', () => {
    const { store, clock, kept } = stage();
    const storage = drawer();
    const memory = startTabStore(storage, 'left', store, clock);
    for (let i = 0; i < 100; i++) kept(reply(`${i} ${'x'.repeat(16_000)}`));
    memory.save();
    const { history } = readTab(storage, 'left');
    expect(history.length).toBeGreaterThan(50);
    expect(history.at(-1)!.text).toMatch(/^99 /);
    expect([...storage.values.values()].join('').length).toBeLessThan(1_100_000);
  });

  it.each(['', 'x', 'null', '[]', '{}', '{"history":{}}', '{"history":[null,1,{"text":"a"},{"text":"a","at":1e300,"id":null,"lang":null}],"forgotten":"x","missed":7}'])('takes %j for nothing', (text) => {
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
    const text = JSON.stringify({ history: [entry, { ...entry, origin: { epoch: 'e', seq: -1 } }, { ...entry, origin: { epoch: 'e', seq: 4 } }] });
    expect(readTab({ read: () => text, write: () => {} }, 'left').history.map(({ origin }) => origin)).toEqual([null, null, { epoch: 'e', seq: 4 }]);
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

describe('the banner', () => {
  const closed = { state: 'closed', attempts: 0, reason: 'lost', detail: '', retryAt: null, final: false } as const;

  it('comes after five failures or a refusal, and not while connected', () => {
    expect(needsBanner({ ...closed, attempts: 4 })).toBe(false);
    expect(needsBanner({ ...closed, attempts: 5 })).toBe(true);
    expect(needsBanner({ ...closed, state: 'connecting', attempts: 5 })).toBe(true);
    expect(needsBanner({ ...closed, final: true })).toBe(true);
    expect(needsBanner({ ...closed, state: 'open', attempts: 0 })).toBe(false);
  });
});

describe('the probe', () => {
  async function probed(answers: readonly boolean[], wanted = true) {
    const clock = new ManualClock();
    let asked = 0;
    let found = 0;
    const stop = startProbe(clock, () => wanted, () => Promise.resolve(answers[asked++] ?? true), () => found++);
    for (let i = 0; i < answers.length; i++) {
      clock.advance(1_000);
      await settled();
    }
    return { clock, stop, asked: () => asked, found: () => found };
  }

  it('reports a server that answers again, once', async () => {
    expect((await probed([false, false, true, true, true])).found()).toBe(1);
  });

  it('says nothing about a server that answers all the time: something else is wrong', async () => {
    expect((await probed([true, true, true])).found()).toBe(0);
  });

  it('asks nothing while nobody wants to know', async () => {
    expect((await probed([true, true], false)).asked()).toBe(0);
  });

  it('ends', async () => {
    const probe = await probed([false]);
    probe.stop();
    expect(probe.clock.waits).toEqual([]);
  });
});

describe('the greeting', () => {
  it('fits the hour', () => {
    const greetings = Array.from({ length: 24 }, (_, hour) => greetingAt(hour));
    expect(greetings.filter((key) => !(key in english))).toEqual([]);
    expect([greetings[3], greetings[8], greetings[12], greetings[20], greetings[23]])
      .toEqual(['greeting.night', 'greeting.morning', 'greeting.day', 'greeting.evening', 'greeting.night']);
  });
});
