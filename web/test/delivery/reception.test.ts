import { describe, expect, it } from 'vitest';
import { textStorage, type TextStorage } from '../../src/base/storage';
import type { GapSeen } from '../../src/delivery/position';
import { answerWithin, replayPause, startReception } from '../../src/delivery/reception';
import type { Gap, Message, Position, Resume, StageMessage, Status } from '../../src/protocol/messages';
import { emptyTab } from '../../src/scene/scene';
import { startStore } from '../../src/scene/store';
import { ManualClock } from '../base/manualclock';
import { delta, reply } from '../scene/play';
import { drawer } from '../scene/rehearsal';

/** One life of a page: what it takes, shows, asks and remembers. */
function page(storage: TextStorage = drawer()) {
  const clock = new ManualClock();
  const store = startStore(emptyTab, clock);
  const asked: Resume[] = [];
  const received: number[] = [];
  const gaps: GapSeen[] = [];
  const noted: string[] = [];
  const bubbles: string[] = [];
  let reconnects = 0;
  const reception = startReception({
    channel: 'left', store, clock, storage, send: (message) => asked.push(message),
    reconnect: () => void reconnects++, onReceived: ({ seq }) => received.push(seq),
    onGap: (gap) => gaps.push(gap), notes: [(message) => noted.push(message.type)],
  });
  store.watch(({ reply: shown }) => {
    if (shown !== null && bubbles.at(-1) !== shown.text) bubbles.push(shown.text);
  });
  const take = (...messages: readonly Message[]): void => {
    for (const message of messages) reception.take(message);
  };
  const said = (): readonly string[] => store.scene().history.map(({ text }) => text);
  return { clock, store, reception, asked, received, gaps, noted, bubbles, take, said, reconnects: () => reconnects };
}

const kept = (seq: number, epoch = 'e1', more: Partial<StageMessage> = {}): StageMessage =>
  ({ ...reply(`${epoch} ${seq}`), ...more, channel: 'left', epoch, seq } as StageMessage);

const range = (from: number, to: number, epoch = 'e1'): StageMessage[] =>
  Array.from({ length: to - from + 1 }, (_, i) => kept(from + i, epoch));

const welcome = (seq: number, missed = 0, epoch = 'e1'): Message => ({
  type: 'welcome', server: '', channels: new Map([['left', { epoch, seq, missed }]]),
});

const gap = (from: number, to: number, reason: Gap['reason']): Gap => ({ type: 'gap', channel: 'left', from, to, reason });

const ping = (top: number): Message => ({ type: 'ping', tops: new Map([['left', top]]) });

const has = (seq: number, epoch = 'e1'): { resume: Record<string, Position> } => ({ resume: { left: { epoch, seq } } });

describe('what a page takes', () => {
  it('is for the stage and for its channel', () => {
    const { store, take, noted } = page();
    take({ type: 'ping', tops: new Map() }, { type: 'error', code: 'bad_json', message: 'no' }, { ...reply('other'), channel: 'right' });
    expect(store.scene().reply).toBeNull();
    take(reply('bare'), { ...reply('mine'), channel: 'left' });
    expect(store.scene().reply?.text).toBe('mine');
    expect(noted).toEqual(['llm_response', 'llm_response']);
  });

  it('is shown once', () => {
    const { take, said, received } = page();
    take(welcome(0), kept(1), kept(1), kept(2), kept(1), kept(2));
    expect(said()).toEqual(['e1 1', 'e1 2']);
    expect(received).toEqual([1, 2]);
  });

  it('is told to have arrived before it is shown', () => {
    const { take, received, store } = page();
    const order: string[] = [];
    store.watch(({ reply: shown }) => order.push(`${received.length} ${shown?.text}`));
    take(welcome(0), kept(1));
    expect(order.at(-1)).toBe('1 e1 1');
  });
});

describe('hello', () => {
  it('of a new page says nothing about a position', () => {
    expect(page().reception.resume()).toEqual({});
  });

  it('says the last message that the page has', () => {
    const { take, reception } = page();
    take(welcome(0), ...range(1, 3));
    expect(reception.resume()).toEqual(has(3));
    expect(reception.position()).toEqual({ epoch: 'e1', seq: 3 });
  });

  it('of a page that is empty but was welcome says so', () => {
    const { take, reception } = page();
    take(welcome(57));
    expect(reception.resume()).toEqual(has(57));
  });
});

describe('a reload', () => {
  it('repeats nothing', () => {
    const storage = drawer();
    page(storage).take(welcome(0), ...range(1, 3));
    const { take, reception, said } = page(storage);
    expect(reception.resume()).toEqual(has(3));
    take(welcome(4, 1), ...range(1, 4));
    expect(said()).toEqual(['e1 4']);
  });

  it('in the middle of a replay loses nothing: what was not shown yet comes again', () => {
    const storage = drawer();
    const before = page(storage);
    before.take(welcome(0), kept(1));
    before.take(welcome(5, 4), kept(2), kept(3));
    expect(page(storage).reception.resume()).toEqual(has(1));
    before.clock.advance(replayPause);
    expect(page(storage).reception.resume()).toEqual(has(3));
  });

  it.each([
    ['live', []], ['missed', range(1, 2)],
  ])('that comes while a message is being shown shows it again rather than never: %s', (_, before) => {
    const storage = drawer();
    const { take, store } = page(storage);
    take(welcome(2, before.length), ...before.slice(0, -1));
    const written: (string | null)[] = [];
    store.watch(({ reply: shown }) => void (shown !== null && written.push(storage.read('kotodama.position.left'))));
    take(...before.slice(-1), kept(3));
    expect(written.filter((text) => text?.includes('3'))).toEqual([]);
    expect(storage.read('kotodama.position.left')).toBe('[{"epoch":"e1","seq":3}]');
  });

  it('is another page for another channel', () => {
    const storage = drawer();
    page(storage).take(welcome(0), kept(1));
    expect([...storage.values.keys()]).toEqual(['kotodama.position.left']);
  });

  it.each([
    '', 'x', 'null', '{}', '7', '[null,1,"x",[],{}]', '[{"epoch":"e","seq":-1}]',
    '[{"epoch":"e","seq":1e300}]', '[{"epoch":"e","seq":1.5}]', '[{"epoch":"e","seq":"4"}]',
    '[{"epoch":7,"seq":4}]', '[{"epoch":"","seq":4}]', `[{"epoch":"${'x'.repeat(65)}","seq":4}]`,
  ])('takes %j for nothing', (text) => {
    const { reception, take, said } = page({ read: () => text, write: () => {} });
    expect(reception.resume()).toEqual({});
    take(welcome(0), kept(1));
    expect(said()).toEqual(['e1 1']);
  });

  it('keeps the good half of a bad memory, and nothing but positions', () => {
    const text = '[{"epoch":"e","seq":-1},{"epoch":"e1","seq":4,"extra":{"big":1}}]';
    expect(page({ read: () => text, write: () => {} }).reception.resume()).toEqual(has(4));
  });

  it('works where the browser stores nothing', () => {
    const { take, reception, said } = page(textStorage(() => {
      throw new Error('denied');
    }));
    take(welcome(0), kept(1), kept(1), kept(2));
    expect(said()).toEqual(['e1 1', 'e1 2']);
    expect(reception.resume()).toEqual(has(2));
  });
});

describe('a hole', () => {
  it('is asked for once and filled in order', () => {
    const { take, asked, said, received } = page();
    take(welcome(0), kept(1), kept(3), kept(4));
    expect(asked).toEqual([{ type: 'resume', channel: 'left', epoch: 'e1', seq: 1 }]);
    expect(said()).toEqual(['e1 1']);
    take(...range(2, 4), kept(5));
    expect(said()).toEqual(['e1 1', 'e1 2', 'e1 3', 'e1 4', 'e1 5']);
    expect(received).toEqual([1, 2, 3, 4, 5]);
    expect(asked).toHaveLength(1);
  });

  it('is seen by a ping when nothing else comes', () => {
    const { take, asked, said } = page();
    take(welcome(0), kept(1), ping(1), ping(3));
    expect(asked).toEqual([{ type: 'resume', channel: 'left', epoch: 'e1', seq: 1 }]);
    take(ping(3), ...range(2, 3), ping(3));
    expect(asked).toHaveLength(1);
    expect(said()).toHaveLength(3);
  });

  it('is not what a ping sees in the middle of a replay', () => {
    const { take, asked, clock } = page();
    take(welcome(0), kept(1), welcome(5, 4), kept(2), ping(5));
    expect(asked).toEqual([]);
    clock.advance(answerWithin);
    take(ping(5));
    expect(asked).toHaveLength(1);
  });

  it('is asked for again when no answer comes, and then of a new connection', () => {
    const { take, asked, clock, said, reception, reconnects } = page();
    take(welcome(0), kept(1), kept(3));
    clock.advance(answerWithin);
    take(kept(4), kept(5));
    expect([asked.length, reconnects()]).toEqual([2, 0]);
    clock.advance(answerWithin);
    take(kept(6));
    expect([asked.length, reconnects()]).toEqual([2, 1]);
    expect(reception.resume()).toEqual(has(1));
    take(welcome(6, 5), ...range(2, 6));
    expect(said()).toEqual(['e1 1', 'e1 2', 'e1 3', 'e1 4', 'e1 5', 'e1 6']);
  });

  it('that opens again is asked for again', () => {
    const { take, asked, said } = page();
    take(welcome(0), kept(1), kept(3), ...range(2, 3), kept(5), ...range(4, 5));
    expect(asked.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(said()).toHaveLength(5);
  });

  it('does not hold back what has no number', () => {
    const { take, store } = page();
    take(welcome(0), kept(1), kept(3), delta('a', 0, 'live'));
    expect(store.scene().reply?.text).toBe('live');
  });
});

describe('a gap', () => {
  it.each(['expired', 'overflow'] as const)('%s moves the position', (reason) => {
    const { take, reception, said, gaps, asked } = page();
    take(welcome(0), kept(1), welcome(5, 1), gap(2, 4, reason), kept(5), kept(6));
    expect(said()).toEqual(['e1 1', 'e1 5', 'e1 6']);
    expect(reception.position()?.seq).toBe(6);
    expect(reception.gaps()).toEqual(gaps);
    expect(gaps).toEqual([{ epoch: 'e1', from: 2, to: 4, reason, at: 1_000_000 }]);
    expect(asked).toEqual([]);
  });

  it('of an epoch begins the new numbers, also over a reload', () => {
    const storage = drawer();
    const { take, reception, gaps } = page(storage);
    take(welcome(0), ...range(1, 9), welcome(6, 2, 'e2'), gap(1, 4, 'epoch'), ...range(5, 6, 'e2'), kept(7, 'e2'));
    expect(reception.resume()).toEqual(has(7, 'e2'));
    expect(gaps).toMatchObject([{ epoch: 'e2', reason: 'epoch' }]);
    const again = page(storage);
    again.take(welcome(12, 3), gap(1, 8, 'epoch'), kept(9), ...range(10, 12));
    expect(again.said()).toEqual(['e1 10', 'e1 11', 'e1 12']);
  });

  it('answers the question after an unknown epoch on an open connection', () => {
    const { take, asked, said, reception } = page();
    take(welcome(0), ...range(1, 3), kept(5, 'e2'));
    expect(asked).toEqual([{ type: 'resume', channel: 'left', epoch: 'e1', seq: 3 }]);
    take(gap(1, 3, 'epoch'), ...range(4, 5, 'e2'), kept(6, 'e2'));
    expect(said().slice(3)).toEqual(['e2 4', 'e2 5', 'e2 6']);
    expect(reception.resume()).toEqual(has(6, 'e2'));
  });

  it('of another channel, or of what the page has, is nothing', () => {
    const { take, reception } = page();
    take(welcome(0), ...range(1, 3), { ...gap(4, 9, 'expired'), channel: 'right' }, gap(1, 2, 'overflow'), gap(9, 5, 'expired'));
    expect(reception.position()?.seq).toBe(3);
    expect(reception.gaps()).toEqual([]);
  });

  it('is one of twenty that are remembered', () => {
    const { take, reception } = page();
    take(welcome(0), kept(1));
    for (let i = 2; i < 60; i++) take(gap(i, i, 'expired'));
    expect(reception.gaps()).toHaveLength(20);
    expect(reception.gaps().at(-1)?.to).toBe(59);
  });
});

describe('a numbering that goes on in another epoch', () => {
  const open = (): ReturnType<typeof page> => {
    const here = page();
    here.take(welcome(4), kept(5), gap(6, 5, 'epoch'), kept(6, 'e2'), kept(7, 'e2'));
    return here;
  };

  it('is nothing to tell on an open connection', () => {
    const { said, gaps, asked, reception } = open();
    expect(said()).toEqual(['e1 5', 'e2 6', 'e2 7']);
    expect([gaps, asked, reception.gaps()]).toEqual([[], [], []]);
    expect(reception.resume()).toEqual(has(7, 'e2'));
  });

  it('continues what a page has that comes back with the one before', () => {
    const { take, said, gaps, asked } = page();
    take(welcome(4), kept(5), welcome(7, 2, 'e2'), gap(6, 5, 'epoch'), kept(6, 'e2'), kept(7, 'e2'), kept(8, 'e2'));
    expect(said()).toEqual(['e1 5', 'e2 6', 'e2 7', 'e2 8']);
    expect([gaps, asked]).toEqual([[], []]);
  });

  it('goes back to the one before when the server has lost it, and repeats nothing', () => {
    const { take, said, gaps, asked, reception } = open();
    take(welcome(6, 1), gap(6, 5, 'epoch'), kept(6), kept(7));
    expect(said()).toEqual(['e1 5', 'e2 6', 'e2 7', 'e1 6', 'e1 7']);
    expect([gaps, asked]).toEqual([[], []]);
    expect(reception.resume()).toEqual(has(7));
  });
});

describe('what was missed', () => {
  it('is shown in one step: the newest in the bubble, the others in the history', () => {
    const { take, bubbles, said, store, noted } = page();
    take(welcome(5, 5), ...range(1, 4));
    expect(bubbles).toEqual([]);
    take(kept(5));
    expect(bubbles).toEqual(['e1 5']);
    expect(said()).toHaveLength(5);
    expect(store.scene().superseded.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(noted).toHaveLength(5);
  });

  it('is shown before what is new', () => {
    const { take, bubbles } = page();
    take(welcome(9, 3), kept(4), kept(7), kept(10));
    expect(bubbles).toEqual(['e1 7', 'e1 10']);
  });

  it('does not wait for a rest that does not come', () => {
    const { take, bubbles, clock } = page();
    take(welcome(9, 3), kept(4), kept(7));
    clock.advance(replayPause);
    expect(bubbles).toEqual(['e1 7']);
    expect(clock.waits).toHaveLength(1);
  });

  it('is shown as far as it came when the connection breaks', () => {
    const { take, bubbles, reception } = page();
    take(welcome(0), kept(1), welcome(5, 4), ...range(2, 3));
    reception.lost();
    expect(bubbles).toEqual(['e1 1', 'e1 3']);
    expect(reception.resume()).toEqual(has(3));
  });

  it('stays in order with what has no number', () => {
    const { take, store, said } = page();
    take(welcome(3, 3), kept(1), kept(2), { type: 'stop', what: 'all' }, kept(3));
    expect(store.scene().reply?.text).toBe('e1 3');
    expect(said()).toHaveLength(3);
  });

  it('includes kept messages of every type', () => {
    const { take, store } = page();
    const status: Status = { type: 'status', content: 'busy' };
    take(
      welcome(2, 2),
      { ...status, channel: 'left', epoch: 'e1', seq: 1, ts: 900_000 },
      { ...status, content: 'now', channel: 'left', epoch: 'e1', seq: 2, ts: 999_000 },
    );
    expect(store.scene().status?.text).toBe('now');
  });

  it('believes no number in a welcome', () => {
    const { take, said } = page();
    take(welcome(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), kept(1), { type: 'welcome', server: '', channels: new Map() }, kept(2));
    expect(said()).toEqual(['e1 1', 'e1 2']);
  });
});

describe('an end', () => {
  it('leaves no timer', () => {
    const { take, clock, reception, store } = page();
    take(welcome(3, 3), kept(1));
    reception.stop();
    store.stop();
    expect(clock.waits).toEqual([]);
  });
});
