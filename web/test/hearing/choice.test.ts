import { describe, expect, it } from 'vitest';
import { textStorage } from '../../src/base/storage';
import { readChoice, writeChoice } from '../../src/hearing/choice';

describe('what was chosen', () => {
  it('is remembered', () => {
    const kept = new Map<string, string>();
    const storage = { read: (key: string) => kept.get(key) ?? null, write: (key: string, value: string) => void kept.set(key, value) };
    const choice = { mode: 'push_to_talk', bargeIn: false, tap: true, device: 'abc', browser: true } as const;
    writeChoice(storage, choice);
    expect(readChoice(storage)).toEqual(choice);
  });

  it.each(['', 'null', '[1', '{"mode":7,"bargeIn":"x","device":5}', '"push_to_talk"'])('is the usual when %s is stored', (text) => {
    expect(readChoice({ read: () => text, write() {} })).toEqual({
      mode: 'hands_free', bargeIn: true, tap: false, device: '', browser: false,
    });
    expect(readChoice(textStorage(() => { throw new Error('forbidden'); })).mode).toBe('hands_free');
  });
});
