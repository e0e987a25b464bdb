import { describe, expect, it } from 'vitest';
import { readEngines } from '../../src/settings/engines';

describe('the engines', () => {
  it.each([null, 7, 'x', [], {}, { engines: {} }, { engines: [null, 7, {}] }])('of %j are none', (value) => {
    expect(readEngines(value)).toEqual([]);
  });

  it('are named with what is wrong with them', () => {
    const espeak = { kind: 'tts', name: 'espeak', problem: null };
    const funasr = { kind: 'asr', name: 'funasr', problem: 'not running' };
    expect(readEngines({ engines: [espeak, funasr, { kind: 'tts' }] }))
      .toEqual([{ kind: 'tts', name: 'espeak', problem: '' }, { kind: 'asr', name: 'funasr', problem: 'not running' }]);
  });
});
