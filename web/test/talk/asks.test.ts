import { describe, expect, it } from 'vitest';
import type { Answer, Ask } from '../../src/protocol/talk';
import { answerWithin, mostLater, mostOpen, startAsks } from '../../src/talk/asks';
import { ManualClock } from '../base/manualclock';

function asked(online = true) {
  const clock = new ManualClock();
  const sent: Ask[] = [];
  const asks = startAsks('left', () => 'ja', clock, (ask) => {
    if (online) sent.push(ask);
    return online;
  });
  const outcome = (question: Promise<unknown>): Promise<unknown> =>
    question.then((value) => value, (error: { code: string }) => error.code);
  return { clock, sent, asks, outcome };
}

const answer = (id: string, value: unknown): Answer => ({ type: 'answer', id, value });

describe('a question', () => {
  it('gets its own answer, once', async () => {
    const { asks, sent, clock } = asked();
    const [one, two] = [asks.ask('llm'), asks.ask('conversation', { limit: 5 })];
    expect(sent.map(({ channel, name, value, lang }) => [channel, name, value, lang]))
      .toEqual([['left', 'llm', undefined, 'ja'], ['left', 'conversation', { limit: 5 }, 'ja']]);
    asks.take(answer(sent[1]!.id, 'second'));
    asks.take(answer(sent[0]!.id, 'first'));
    asks.take(answer(sent[0]!.id, 'again'));
    asks.take(answer('unknown', 'x'));
    expect(await Promise.all([one, two])).toEqual(['first', 'second']);
    expect(clock.waits).toEqual([]);
    expect(sent[0]!.offset).toBe(0 - new Date().getTimezoneOffset());
  });

  it('gets a long answer piece by piece', async () => {
    const { asks, sent, clock, outcome } = asked();
    const long = asks.ask('export', { id: 'c' });
    asks.take({ ...answer(sent[0]!.id, '{"text":"so '), rest: true });
    await Promise.resolve();
    clock.advance(answerWithin - 1);
    asks.take({ ...answer(sent[1]!.id, 'much'), rest: true });
    await Promise.resolve();
    clock.advance(answerWithin - 1);
    asks.take({ ...answer(sent[2]!.id, '"}'), rest: false });
    expect([await long, sent.slice(1).map(({ name, value }) => [name, value])])
      .toEqual([{ text: 'so much' }, [['rest', { of: '1' }], ['rest', { of: '1' }]]]);

    const broken = outcome(asks.ask('export'));
    asks.take({ ...answer(sent[3]!.id, '{"text'), rest: true });
    await Promise.resolve();
    asks.take({ ...answer(sent[4]!.id, 'x'), rest: false });
    expect(await broken).toBe('bad_answer');
    const late = outcome(asks.ask('export'));
    asks.take({ ...answer(sent[5]!.id, '{'), rest: true });
    await Promise.resolve();
    clock.advance(answerWithin);
    expect([await late, clock.waits]).toEqual(['timeout', []]);
  });

  it('is refused with a code', async () => {
    const { asks, sent, outcome } = asked();
    const question = outcome(asks.ask('choose_character', { id: 'kot' }));
    asks.take({ type: 'answer', id: sent[0]!.id, value: undefined, error: { code: 'not_found', message: '', hint: '' } });
    expect(await question).toBe('not_found');
  });

  it('is not waited for without end, nor over a lost connection', async () => {
    const { asks, clock, outcome } = asked();
    const late = outcome(asks.ask('llm'));
    clock.advance(answerWithin);
    expect(await late).toBe('timeout');
    const lost = outcome(asks.ask('llm'));
    asks.lost();
    expect(await lost).toBe('offline');
    expect(clock.waits).toEqual([]);
  });

  it('waits until the hub takes it: no more than four are open', async () => {
    const { asks, sent, outcome } = asked();
    const all = Array.from({ length: mostOpen + 2 }, (_, i) => outcome(asks.ask('search', i)));
    expect(sent.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
    asks.take(answer(sent[2]!.id, 'third'));
    asks.take({ type: 'answer', id: sent[0]!.id, value: undefined, error: { code: 'failed', message: '', hint: '' } });
    expect(sent.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const { id, value } of sent) asks.take(answer(id, value));
    expect(await Promise.all(all)).toEqual(['failed', 1, 'third', 3, 4, 5]);

    const more = Array.from({ length: mostOpen + mostLater + 1 }, () => outcome(asks.ask('search')));
    expect(await more.at(-1)).toBe('rate_limited');
    asks.lost();
    expect(new Set(await Promise.all(more.slice(0, -1)))).toEqual(new Set(['offline']));
    expect(sent).toHaveLength(mostOpen * 2 + 2);
  });

  it('is not asked without a connection', async () => {
    const { asks, outcome } = asked(false);
    expect(await outcome(asks.ask('llm'))).toBe('offline');
  });
});
