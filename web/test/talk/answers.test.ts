import { describe, expect, it } from 'vitest';
import { momentOf, offerOf, readLines, readModelChoice } from '../../src/talk/answers';

const nonsense = [
  null, 7, 'x', [], {}, { found: 7, entries: {} },
  { found: [null, { url: 7 }], entries: [null, { at: 'x', role: 'user', text: 'a' }, { at: 1, role: 'system', text: 'a' }] },
];

describe('answers', () => {
  it.each(nonsense)('of %j are nothing', (value) => {
    expect(offerOf(readModelChoice(value))).toBeNull();
    expect(readLines(value)).toEqual([]);
  });

  it('offer the first model that was found to a demo, and to no other companion', () => {
    const found = [
      { server: 'LM Studio', url: 'http://a/v1', models: [] },
      { server: 'Ollama', url: 'http://b/v1', models: ['qwen3:8b', 7, 'llama'] },
    ];
    expect(offerOf(readModelChoice({ demo: true, found }))).toEqual({ server: 'Ollama', url: 'http://b/v1', model: 'qwen3:8b' });
    expect(offerOf(readModelChoice({ demo: false, found }))).toBeNull();
  });

  it('tell moments as numbers or as text', () => {
    expect([momentOf(5), momentOf('1970-01-01T00:00:01Z'), momentOf(-1), momentOf(Number.NaN), momentOf('x'), momentOf(null)])
      .toEqual([5, 1_000, null, null, null, null]);
  });
});
