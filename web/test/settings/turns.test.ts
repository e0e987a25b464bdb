import { describe, expect, it } from 'vitest';
import { waterfall } from '../../src/settings/turns';

describe('the waterfall', () => {
  it('lays the steps end to end, newest turn first, on one scale', () => {
    const turns = waterfall([
      { type: 'metrics', channel: 'c', turn: 1, marks: { transcript: 100, firstToken: 400, firstSound: 1_000 } },
      { type: 'metrics', channel: 'c', turn: 21, marks: { endOfSpeech: 3, firstToken: 200.4 } },
    ]);
    expect(turns.map(({ age, total }) => [age, total])).toEqual([[0, 200], [1, 1_000]]);
    expect(turns[0]!.steps.map(({ name }) => name)).toEqual(['firstToken']);
    expect(turns[1]!.steps.map(({ name, from, to }) => [name, from, to]))
      .toEqual([['transcript', 0, 0.1], ['firstToken', 0.1, 0.4], ['firstSound', 0.4, 1]]);
    expect(waterfall([])).toEqual([]);
  });
});
