import { describe, expect, it } from 'vitest';
import {
  longestUtterance, newSegmenter, preRollBlocks, realBlocks, redemptionBlocks, shortestPress, step,
  type Segmenter, type SegmenterEvent, type SegmenterOrder, type SegmenterSettings,
} from '../../src/hearing/segmenter';

const handsFree: SegmenterSettings = { mode: 'hands_free', bargeIn: true };
const byHand: SegmenterSettings = { mode: 'push_to_talk', bargeIn: true };

const voice: SegmenterEvent = { type: 'block', probability: 0.9, room: true };
const murmur: SegmenterEvent = { type: 'block', probability: 0.4, room: true };
const silence: SegmenterEvent = { type: 'block', probability: 0.01, room: true };
const sound: SegmenterEvent = { type: 'block', probability: null, room: true };
const times = (count: number, event: SegmenterEvent): SegmenterEvent[] => Array.from({ length: count }, () => event);

function ask(settings: SegmenterSettings, ...events: (SegmenterEvent | SegmenterEvent[])[]) {
  let segmenter = newSegmenter(settings);
  const orders: SegmenterOrder[] = [];
  for (const event of events.flat()) {
    const next = step(segmenter, event);
    segmenter = next.segmenter;
    orders.push(...next.orders);
  }
  return { segmenter, orders };
}

const written = (order: SegmenterOrder): string => {
  switch (order.type) {
    case 'vad':
      return `${order.event} ${order.utterance}`;
    case 'sound':
      return `${order.blocks} blocks`;
    case 'duck':
      return `duck ${order.gain}`;
    case 'wait':
      return order.on ? 'wait' : 'no wait';
    case 'notice':
      return order.what;
  }
};

/** What was ordered, with sounds that follow each other added up. */
function course({ orders }: { readonly orders: readonly SegmenterOrder[] }): string[] {
  const lines: string[] = [];
  let sum = 0;
  for (const order of orders) {
    if (order.type === 'sound') {
      if (sum > 0) lines.pop();
      sum += order.blocks;
      lines.push(`${sum} blocks`);
    } else {
      sum = 0;
      lines.push(written(order));
    }
  }
  return lines;
}

describe('by itself', () => {
  it('begins with what was heard before the first voiced block, and ends after a silence', () => {
    expect(course(ask(handsFree, times(30, silence), times(20, voice), times(redemptionBlocks, silence)))).toEqual([
      'start 1', `${preRollBlocks + realBlocks} blocks`, 'real 1', `${20 - realBlocks + redemptionBlocks} blocks`, 'end 1',
    ]);
  });

  it('sends no sound twice: what comes right after an end has a shorter beginning', () => {
    expect(course(ask(handsFree, times(5, voice), times(redemptionBlocks, silence), times(3, silence), voice)).slice(-2))
      .toEqual(['start 2', '4 blocks']);
  });

  it('is not confirmed by a click of the tongue', () => {
    const { segmenter, orders } = ask(handsFree, times(20, silence), times(realBlocks - 1, voice), times(redemptionBlocks, silence));
    expect(course({ orders })).toEqual(['start 1', `${preRollBlocks + realBlocks - 1 + redemptionBlocks} blocks`, 'misfire 1']);
    expect(segmenter.phase).toBe('quiet');
  });

  it('waits through short silences, and murmurs are no silence', () => {
    const pause = times(redemptionBlocks - 1, silence);
    const { segmenter } = ask(handsFree, times(10, voice), pause, voice, pause, times(100, murmur));
    expect(segmenter.phase).toBe('speech');
  });

  it('ends after a minute and is deaf until a pause', () => {
    const long = ask(handsFree, times(longestUtterance + 300, voice));
    expect(course(long)).toEqual(['start 1', `${realBlocks} blocks`, 'real 1', `${longestUtterance - realBlocks} blocks`, 'end 1', 'long']);
    expect(course(ask(handsFree, times(longestUtterance + 300, voice), times(redemptionBlocks, silence), voice)).slice(-2))
      .toEqual(['start 2', '1 blocks']);
  });

  it('gives up what the network does not take, whole, and what is said while it takes nothing', () => {
    const full: SegmenterEvent = { type: 'block', probability: 0.9, room: false };
    expect(course(ask(handsFree, times(10, voice), full, times(50, voice))))
      .toEqual(['start 1', `${realBlocks} blocks`, 'real 1', `${10 - realBlocks} blocks`, 'misfire 1', 'slow']);
    expect(course(ask(handsFree, full, times(50, voice), times(redemptionBlocks, silence), voice)))
      .toEqual(['slow', 'start 1', '1 blocks']);
  });

  it('ignores buttons', () => {
    expect(ask(handsFree, { type: 'press' }, { type: 'release' }).orders).toEqual([]);
  });
});

describe('with a button', () => {
  it('is speech from the press to the release, whatever it sounds like', () => {
    expect(course(ask(byHand, times(20, sound), { type: 'press' }, times(10, sound), { type: 'release' })))
      .toEqual(['start 1', `${preRollBlocks} blocks`, 'real 1', '10 blocks', 'end 1']);
    expect(ask(byHand, times(20, voice)).orders).toEqual([]);
  });

  it('is nothing when it is pressed too shortly', () => {
    expect(course(ask(byHand, { type: 'press' }, times(shortestPress - 1, sound), { type: 'release' })))
      .toEqual(['start 1', 'real 1', `${shortestPress - 1} blocks`, 'misfire 1']);
  });

  it('ends after a minute and needs another press', () => {
    const press: SegmenterEvent = { type: 'press' };
    const release: SegmenterEvent = { type: 'release' };
    const { segmenter, orders } = ask(byHand, press, times(longestUtterance + 10, sound), release, release, press);
    expect(course({ orders })).toEqual(['start 1', 'real 1', `${longestUtterance} blocks`, 'end 1', 'long', 'start 2', 'real 2']);
    expect(segmenter.phase).toBe('speech');
  });

  it('forgets what it heard when the way changes', () => {
    expect(course(ask(byHand, { type: 'press' }, times(9, sound), { type: 'settings', settings: handsFree })))
      .toEqual(['start 1', 'real 1', '9 blocks', 'misfire 1']);
  });
});

describe('while the character speaks', () => {
  const speaks: SegmenterEvent = { type: 'speaking', on: true };

  it('turns it down at the first sign, pauses it when it is speech, and waits for a decision', () => {
    expect(course(ask(handsFree, speaks, times(10, voice), times(redemptionBlocks, silence)))).toEqual([
      'duck 0.2', 'start 1', `${realBlocks - 1} blocks`, 'duck 0', '1 blocks',
      'real 1', `${10 - realBlocks + redemptionBlocks} blocks`, 'end 1', 'wait',
    ]);
  });

  it('lets it go on after a cough, and when no companion decides', () => {
    expect(course(ask(handsFree, speaks, voice, times(redemptionBlocks, silence))).slice(-2)).toEqual(['misfire 1', 'duck 1']);
    expect(course(ask(handsFree, speaks, times(10, voice), times(redemptionBlocks, silence), { type: 'waited' })).slice(-3))
      .toEqual(['wait', 'no wait', 'duck 1']);
  });

  it('leaves it to the others when they have decided', () => {
    const asked = [speaks, ...times(10, voice), ...times(redemptionBlocks, silence)];
    const { segmenter, orders } = ask(handsFree, asked, { type: 'decided' }, { type: 'waited' });
    expect(course({ orders }).slice(-2)).toEqual(['wait', 'no wait']);
    expect(segmenter.ducked).toBe(false);
  });

  it('stays silent while the user goes on talking, and after a cough waits on', () => {
    const asked = [speaks, ...times(10, voice), ...times(redemptionBlocks, silence)];
    expect(course(ask(handsFree, asked, voice)).slice(-4)).toEqual(['wait', 'no wait', 'start 2', '1 blocks']);
    expect(course(ask(handsFree, asked, voice, times(redemptionBlocks, silence))).slice(-2)).toEqual(['misfire 2', 'wait']);
  });

  it('is loud again for its next words when its speech was stopped', () => {
    expect(course(ask(handsFree, speaks, times(10, voice), { type: 'speaking', on: false })).at(-1)).toBe('duck 1');
  });

  it('may not be interrupted when that is chosen, but by a button', () => {
    const polite = { ...handsFree, bargeIn: false };
    expect(ask(polite, speaks, times(100, voice)).orders).toEqual([]);
    expect(course(ask(polite, speaks, times(100, voice), { type: 'speaking', on: false }, voice)))
      .toEqual(['start 1', `${preRollBlocks + 1} blocks`]);
    expect(course(ask({ ...polite, mode: 'push_to_talk' }, speaks, { type: 'press' }))).toEqual(['duck 0', 'start 1', 'real 1']);
  });

  it('is not wanted any more when the connection is cut, until there is silence', () => {
    expect(course(ask(handsFree, voice, { type: 'cut' }, ...Array<SegmenterEvent>(20).fill(voice))))
      .toEqual(['start 1', '1 blocks', 'misfire 1']);
  });

  it('goes on when the microphone is lost', () => {
    expect(course(ask(handsFree, speaks, voice, { type: 'lost' }))).toEqual(['duck 0.2', 'start 1', '1 blocks', 'misfire 1', 'duck 1']);
  });
});

describe('in any order', () => {
  it.each(Array.from({ length: 300 }, (_, seed) => seed))('keeps its promises (%i)', (seed) => {
    let state = seed * 7_919 + 1;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    const settings = (): SegmenterSettings => ({ mode: random(2) === 0 ? 'hands_free' : 'push_to_talk', bargeIn: random(3) > 0 });
    const others: readonly (() => SegmenterEvent)[] = [
      () => ({ type: 'press' }), () => ({ type: 'release' }),
      () => ({ type: 'settings', settings: settings() }), () => ({ type: 'speaking', on: random(2) === 0 }),
      () => ({ type: 'decided' }), () => ({ type: waits ? 'waited' : 'decided' }), () => ({ type: 'lost' }),
    ];
    const broken: string[] = [];
    const promise = (kept: boolean, what: string): void => {
      if (!kept) broken.push(what);
    };
    let segmenter: Segmenter = newSegmenter(settings());
    let [utterance, open, real, unsent, waits] = [0, false, false, 0, false];

    const check = (order: SegmenterOrder): void => {
      if (order.type === 'sound') {
        promise(open && order.utterance === utterance, 'sound belongs to what is open');
        promise(order.blocks <= unsent, 'no sound is sent twice');
        unsent = 0;
      } else if (order.type === 'wait') {
        waits = order.on;
      } else if (order.type === 'vad' && order.event === 'start') {
        promise(!open && order.utterance === utterance + 1, 'one after the other');
        [utterance, open, real] = [order.utterance, true, false];
      } else if (order.type === 'vad') {
        promise(open && order.utterance === utterance, 'what ends has begun');
        promise(order.event === 'misfire' || order.event === (real ? 'end' : 'real'), 'real once, and before the end');
        real ||= order.event === 'real';
        open = order.event === 'real';
      }
    };

    for (let i = 0; i < 200; i++) {
      const loud = random(3) > 0;
      const events = random(4) > 0
        ? times(random(25), { type: 'block', probability: loud ? 0.9 : 0.1, room: random(40) > 0 })
        : [others[random(others.length)]!()];
      for (const event of events) {
        if (event.type === 'block') unsent++;
        if (event.type === 'waited') waits = false;
        const next = step(segmenter, event);
        segmenter = next.segmenter;
        for (const order of next.orders) check(order);
        promise((segmenter.phase === 'perhaps' || segmenter.phase === 'speech') === open, 'knows whether the user speaks');
        promise(waits === (segmenter.awaiting && !open), 'waits exactly for a decision');
        promise(segmenter.ducked || !segmenter.awaiting, 'waits only while the character is quieter');
      }
    }
    expect(broken).toEqual([]);
  });
});
