import { describe, expect, it } from 'vitest';
import page from '../../index.html?raw';
import { textStorage } from '../../src/base/storage';
import { readChoice, writeChoice } from '../../src/hearing/choice';
import { hearingWords } from '../../src/hearing/hearingwords';

describe('the words of the microphone', () => {
  it.each(['zh', 'ja'] as const)('are all there in %s, and no copies', (language) => {
    const [own, english] = [Object.entries(hearingWords[language]), Object.entries(hearingWords.en)];
    expect(own.map(([key]) => key)).toEqual(english.map(([key]) => key));
    expect(own.filter(([, text], i) => text.trim() === '' || text === english[i]![1])).toEqual([]);
  });

  it('are those that the page asks for', () => {
    const asked = [...page.matchAll(/data-ear(?:-label)?="(\w+)"/g)].map(([, key]) => key);
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((key) => !Object.hasOwn(hearingWords.en, key!))).toEqual([]);
  });
});

describe('what was chosen', () => {
  it('is remembered', () => {
    const kept = new Map<string, string>();
    const storage = { read: (key: string) => kept.get(key) ?? null, write: (key: string, value: string) => void kept.set(key, value) };
    const choice = { mode: 'push_to_talk', bargeIn: false, tap: true, device: 'abc', browser: true } as const;
    writeChoice(storage, choice);
    expect(readChoice(storage)).toEqual(choice);
  });

  it.each(['', 'null', '[1', '{"mode":7,"bargeIn":"x","device":5}', '"push_to_talk"'])('is the usual when %s is stored', (text) => {
    expect(readChoice({ read: () => text, write() {} })).toEqual({ mode: 'hands_free', bargeIn: true, tap: false, device: '', browser: false });
    expect(readChoice(textStorage(() => { throw new Error('forbidden'); })).mode).toBe('hands_free');
  });
});
