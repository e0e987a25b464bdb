import { describe, expect, it } from 'vitest';
import { readEngines } from '../../src/settings/engines';
import { waterfall } from '../../src/settings/turns';
import { momentOf, offerOf, readLines, readModelChoice } from '../../src/talk/answers';

const nonsense = [null, 7, 'x', [], {}, { found: 7, entries: {} }, { found: [null, { url: 7 }], entries: [null, { at: 'x', role: 'user', text: 'a' }, { at: 1, role: 'system', text: 'a' }] }];

describe('answers', () => {
  it.each(nonsense)('of %j are nothing', (value) => {
    expect(offerOf(readModelChoice(value))).toBeNull();
    expect(readLines(value)).toEqual([]);
    expect(readEngines(value)).toEqual([]);
  });

  it('offer the first model that was found to a demo, and to nobody else', () => {
    const found = [{ server: 'LM Studio', url: 'http://a/v1', models: [] }, { server: 'Ollama', url: 'http://b/v1', models: ['qwen3:8b', 7, 'llama'] }];
    expect(offerOf(readModelChoice({ demo: true, found }))).toEqual({ server: 'Ollama', url: 'http://b/v1', model: 'qwen3:8b' });
    expect(offerOf(readModelChoice({ demo: false, found }))).toBeNull();
  });

  it('tell moments as numbers or as text', () => {
    expect([momentOf(5), momentOf('1970-01-01T00:00:01Z'), momentOf(-1), momentOf(Number.NaN), momentOf('x'), momentOf(null)]).toEqual([5, 1_000, null, null, null, null]);
  });

  it('name engines with what is wrong with them', () => {
    expect(readEngines({ engines: [{ kind: 'tts', name: 'espeak', problem: null }, { kind: 'asr', name: 'funasr', problem: 'not running' }, { kind: 'tts' }] }))
      .toEqual([{ kind: 'tts', name: 'espeak', problem: '' }, { kind: 'asr', name: 'funasr', problem: 'not running' }]);
  });
});

describe('the waterfall', () => {
  it('lays the steps end to end, newest turn first, on one scale', () => {
    const turns = waterfall([
      { type: 'metrics', channel: 'c', turn: 1, marks: { transcript: 100, firstToken: 400, firstSound: 1_000 } },
      { type: 'metrics', channel: 'c', turn: 21, marks: { endOfSpeech: 3, firstToken: 200.4 } },
    ]);
    expect(turns.map(({ age, total }) => [age, total])).toEqual([[0, 200], [1, 1_000]]);
    expect(turns[0]!.steps.map(({ name }) => name)).toEqual(['firstToken']);
    expect(turns[1]!.steps.map(({ name, from, to }) => [name, from, to])).toEqual([['transcript', 0, 0.1], ['firstToken', 0.1, 0.4], ['firstSound', 0.4, 1]]);
    expect(waterfall([])).toEqual([]);
  });
});
