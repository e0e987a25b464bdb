import { describe, expect, it } from 'vitest';
import { reply } from '../scene/play';
import { page } from './page';
import { begins, ends, marks, piece, rate, sine } from './sounds';

describe('a page that is heard', () => {
  it('plays a turn and tells how far it is', () => {
    const { kept, say, speaker, clock, spoken, mouths, store, ...rest } = page();
    speaker();
    kept(reply('Hello', { id: 'r', duration: 500 }));
    say(0, false);
    say(1, true);
    expect(store.scene().speaking).toBe('r');
    clock.advance(1_500);
    expect(mouths.at(-1)?.open).toBeGreaterThan(0.5);
    clock.advance(600);
    expect(rest.events()).toEqual(['first 0 0', 'progress 1 0', 'done 1 1000']);
    expect([spoken.map(({ seq }) => seq), mouths.at(-1), store.scene().speaking]).toEqual([[1], null, null]);
    expect(rest.sinks[0]!.frames).toBeGreaterThanOrEqual(96_000);
  });

  it('says so when the sound came too late', () => {
    const { speaking, speaker, clock, ...rest } = page();
    speaker();
    speaking.take(begins(0));
    speaking.take(piece(0, sine(rate / 2)));
    clock.advance(900);
    speaking.take(piece(0, sine(rate), rate / 2));
    speaking.take(ends(0, true));
    clock.advance(1_100);
    expect(rest.events()).toEqual(['first 0 0', 'underrun 0 500', 'done 0 1500']);
  });

  it('falls silent at once when told, and hears nothing more of that turn', () => {
    const { say, speaker, clock, speaking, live, ...rest } = page();
    speaker();
    say(0, false);
    clock.advance(300);
    live({ type: 'stop', what: 'speech' });
    expect([rest.sinks[0]!.stopped, rest.events().at(-1)]).toEqual([true, 'stopped 0 300']);
    say(1, true);
    expect(speaking.snapshot()).toMatchObject({ state: 'idle' });
    say(0, true, 2);
    clock.advance(100);
    speaking.take({ type: 'speech_stop', channel: 'default', turn: 2 });
    expect(rest.events().at(-1)).toBe('stopped 0 100');
    expect(rest.spoken).toEqual([]);
  });

  it('waits for a speech whose reply is still being written', () => {
    const { say, speaker, clock, live, speaking, ...rest } = page();
    speaker();
    live({ type: 'llm_delta', id: 'r', part: 0, content: 'One moment. ' });
    say(0, false);
    for (let part = 1; part <= 10; part++) {
      clock.advance(4_000);
      live({ type: 'llm_delta', id: 'r', part, content: '' });
    }
    expect([speaking.snapshot(), rest.events().some((event) => event.startsWith('stopped'))]).toMatchObject([{ reply: 'r' }, false]);
    clock.advance(26_000);
    expect(rest.events().at(-1)).toMatch(/^stopped/);
  });

  it('ends one turn when another begins', () => {
    const { say, speaker, clock, store, ...rest } = page();
    speaker();
    say(0, true, 1, 'a');
    clock.advance(200);
    say(0, true, 2, 'b');
    expect([store.scene().speaking, rest.events().at(-2), rest.sinks[0]!.stopped]).toEqual(['b', 'stopped 0 200', true]);
    expect(rest.events().at(-1)).toBe('first 0 0');
  });

  it('decodes files, and says when it cannot', async () => {
    const { speaking, speaker, clock, ...rest } = page();
    const settle = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) await Promise.resolve();
    };
    speaker();
    speaking.take(begins(0, { format: 'encoded', rate: 0 }));
    speaking.take({ ...piece(0, sine(10)), kind: 'file' });
    speaking.take(ends(0));
    await settle();
    speaking.take(begins(1, { format: 'encoded', rate: 0 }));
    speaking.take({ ...piece(1, sine(1)), kind: 'file' });
    speaking.take(ends(1, true));
    await settle();
    clock.advance(1_200);
    expect(rest.events()).toEqual(['first 0 0', 'failed 1 0', 'progress 1 0', 'done 1 0']);
  });

  it('that has no voice of its own says so, and moves the lips', () => {
    const { speaking, speaker, clock, mouths, ...rest } = page();
    speaker();
    speaking.take(begins(0, { format: 'browser', rate: 0, text: 'Nice to meet you' }));
    speaking.take(ends(0, true));
    clock.advance(500);
    expect(mouths.some((pose) => pose !== null && pose.open > 0.2)).toBe(true);
    clock.advance(5_000);
    expect(rest.events().map((event) => event.split(' ')[0])).toEqual(['failed', 'done']);
  });

  it('tells the word that is said', () => {
    const { speaking, say, speaker, clock, words } = page();
    speaker();
    speaking.take(begins(0));
    speaking.take(marks(0, { words: [0, 0, 5, 500, 6, 5] }));
    say(0, true);
    clock.advance(1_500);
    expect(words.map((word) => word?.at ?? null)).toEqual([0, 6, null]);
  });
});

describe('the place in the content', () => {
  it('is told on the way, heard or not', () => {
    const { speaking, clock, places, kept } = page();
    kept(reply('Hello there', { id: 'r' }));
    speaking.take(begins(0, { at: 0, length: 11 }));
    speaking.take(piece(0, sine(rate)));
    speaking.take(ends(0, true));
    clock.advance(900);
    expect(places.length).toBeGreaterThan(20);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places.at(-1)).toBeGreaterThan(places[0]!);
  });
});

describe('what was heard of a reply', () => {
  const content = 'Hello there, world';

  function heardPage() {
    const one = page();
    one.speaker();
    one.kept(reply(content, { id: 'r' }));
    one.speaking.take(begins(0, { at: 0, length: 12 }));
    one.speaking.take(marks(0, { words: [0, 0, 5, 600, 6, 6] }));
    one.speaking.take(piece(0, sine(rate)));
    one.speaking.take(ends(0));
    one.speaking.take(begins(1, { at: 13, length: 5 }));
    one.speaking.take(piece(1, sine(rate)));
    one.speaking.take(ends(1, true));
    return one;
  }

  it.each([
    [400, '1: 400 ms, 5'], [700, '1: 700 ms, 12'], [1_000, '1: 1000 ms, 12'], [1_500, '1: 1500 ms, 15'], [2_100, '1: 2000 ms, 18, whole'],
  ])('after %i ms is %s', (ms, told) => {
    const { clock, speaking, heard } = heardPage();
    clock.advance(ms);
    speaking.take({ type: 'speech_stop', channel: 'default', turn: 1 });
    expect(heard).toEqual([told]);
  });

  it('is told on the way, too, with the reply that another turn goes on with', () => {
    const { clock, speaking, sent } = heardPage();
    clock.advance(700);
    speaking.take({ ...begins(0, { at: 13, length: 5 }), turn: 2 });
    speaking.take(piece(0, sine(rate), 0, 2));
    speaking.take({ ...ends(0, true), turn: 2 });
    clock.advance(1_100);
    const told = sent.flatMap((message) => (message.type === 'playback' ? [`${message.event} ${message.reply} ${message.chars}`] : []));
    expect(told).toEqual(['first r 0', 'stopped r 12', 'first r 12', 'done r 18']);
  });

  it('is told of a page that was muted, and is not the whole', () => {
    const { clock, becomes, heard } = heardPage();
    clock.advance(400);
    becomes('off');
    clock.advance(2_000);
    expect(heard).toEqual(['1: 400 ms, 5']);
  });

  it('is told once for a reply that another turn goes on with', () => {
    const { clock, speaking, heard } = heardPage();
    clock.advance(700);
    speaking.take({ ...begins(0, { at: 13, length: 5 }), turn: 2 });
    expect(heard).toEqual([]);
    speaking.take(piece(0, sine(rate), 0, 2));
    speaking.take({ ...ends(0, true), turn: 2 });
    clock.advance(1_100);
    expect(heard).toEqual(['1: 1700 ms, 18, whole']);
  });

  it('ends where a clause failed, and waits a moment for another way to say it', async () => {
    const { clock, speaking, speaker, kept, heard } = page();
    speaker();
    kept(reply(content, { id: 'r' }));
    speaking.take(begins(0, { format: 'encoded', rate: 0, length: 18 }));
    speaking.take({ ...piece(0, sine(1)), kind: 'file' });
    speaking.take(ends(0, true));
    for (let i = 0; i < 10; i++) await Promise.resolve();
    clock.advance(900);
    expect(heard).toEqual([]);
    clock.advance(200);
    expect(heard).toEqual(['1: 0 ms, 0']);
  });

  it('ends where the connection was lost before the rest had come', () => {
    const { clock, speaking, speaker, kept, heard } = page();
    speaker();
    kept(reply(content, { id: 'r' }));
    speaking.take(begins(0, { length: 18 }));
    speaking.take(piece(0, sine(rate)));
    clock.advance(300);
    speaking.lost();
    clock.advance(1_000);
    expect(heard).toEqual(['1: 1000 ms, 18']);
  });
});

describe('a page that is not heard', () => {
  it.each([
    { state: 'off' }, { state: 'blocked' }, { state: 'on' },
  ] as const)('%j moves its mouth in time and says nothing', ({ state }) => {
    const { say, clock, mouths, store, ...rest } = page({ state });
    say(0, true);
    clock.advance(500);
    expect([mouths.at(-1)!.open > 0.5, rest.sinks.length, rest.events()]).toEqual([true, 0, []]);
    clock.advance(600);
    expect([store.scene().speaking, rest.spoken, mouths.at(-1)]).toEqual([null, [], null]);
  });

  it('takes over where the others are, and gives back', () => {
    const { say, speaker, clock, speaking, becomes, ...rest } = page({ state: 'blocked' });
    speaker();
    say(0, false);
    say(1, true);
    clock.advance(400);
    becomes('on');
    clock.advance(200);
    expect(speaking.snapshot()).toMatchObject({ position: 600, audible: true });
    expect(rest.sinks[0]!.frames).toBeLessThan(1.61 * 48_000);
    speaker(false);
    clock.advance(200);
    expect([speaking.snapshot(), rest.sinks[0]!.stopped]).toMatchObject([{ position: 800, audible: false }, true]);
    expect(rest.sent.filter(({ type }) => type === 'sound')).toEqual([{ type: 'sound', state: 'blocked' }, { type: 'sound', state: 'on' }]);
  });

  it('is heard with ?sound=on all the same', () => {
    const { say, clock, ...rest } = page({ mode: 'on' });
    say(0, true);
    clock.advance(1_200);
    expect([rest.events(), rest.spoken]).toEqual([['first 0 0', 'done 0 1000'], []]);
  });
});

describe('a page that lost its connection', () => {
  it('has heard a reply only when all of it had come', () => {
    for (const final of [false, true]) {
      const { speaking, speaker, kept, say, clock, spoken } = page();
      speaker();
      kept(reply('Hello', { id: 'r' }));
      say(0, final);
      clock.advance(300);
      speaking.lost();
      clock.advance(2_000);
      expect(spoken.length).toBe(final ? 1 : 0);
    }
  });

  it('says when it comes back which speech it has in full', () => {
    for (const [final, loss] of [[true, 300], [true, 2_000], [false, 300], [false, 2_000]] as const) {
      const { speaking, say, clock } = page();
      say(0, final);
      clock.advance(300);
      speaking.lost();
      clock.advance(loss);
      expect(speaking.has()).toEqual(final ? { speech: { default: 1 } } : {});
    }
    expect(page().speaking.has()).toEqual({});
  });

  it('plays what it has and then ends the turn', () => {
    const { speaking, speaker, clock, store, ...rest } = page();
    speaker();
    speaking.take(begins(0));
    speaking.take(piece(0, sine(rate)));
    clock.advance(300);
    speaking.lost();
    clock.advance(300);
    expect(speaking.snapshot()).toMatchObject({ position: 600, audible: true });
    clock.advance(600);
    expect([store.scene().speaking, rest.events().at(-1), speaking.snapshot()]).toMatchObject([null, 'stopped 0 1000', { speaker: false }]);
  });

  it('does not wait for a voice that falls silent in the middle', () => {
    const { speaking, clock, store } = page();
    speaking.take(begins(0));
    clock.advance(20_000);
    expect([store.scene().speaking, clock.waits]).toEqual([null, []]);
  });
});

it('what belongs to other channels or turns is left alone', () => {
  const { speaking, store } = page();
  speaking.take({ ...begins(0), channel: 'left' });
  speaking.take(piece(0, sine(10)));
  speaking.take(marks(0, { words: [0, 0, 1] }));
  speaking.take(ends(0, true));
  expect([speaking.snapshot(), store.scene().speaking]).toMatchObject([{ state: 'idle' }, null]);
});
