import { describe, expect, it } from 'vitest';
import { startI18n } from '../../src/base/i18n';
import { settingsWords } from '../../src/settings/settingswords';
import { reasonIn, talkWords, wordsForTalk } from '../../src/talk/talkwords';
import { drawer } from '../scene/rehearsal';

const places = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
const files = import.meta.glob<string>(['../../src/talk/*.ts', '../../src/settings/*.ts'], { query: '?raw', import: 'default', eager: true });
const used = Object.entries(files).filter(([path]) => !path.endsWith('words.ts')).map(([, text]) => text).join('\n');

describe.each([['talk', talkWords], ['settings', settingsWords]])('the words of %s', (_, { en, zh, ja }) => {
  it.each([['zh', zh], ['ja', ja]])('in %s are those of English, in that language', (__, words) => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(words)) {
      expect([key, places(text)]).toEqual([key, places(en[key as keyof typeof en])]);
      expect([key, text]).not.toEqual([key, en[key as keyof typeof en]]);
      expect(text.trim()).not.toBe('');
    }
  });

  it('are all in use', () => {
    const indirect = /^(reason|turn|turns|engines|ask)\./;
    expect(Object.keys(en).filter((key) => !indirect.test(key) && !used.includes(`'${key}'`))).toEqual([]);
  });
});

describe('a reason', () => {
  const page = { documentElement: {}, querySelectorAll: () => [] } as unknown as Document;
  const words = wordsForTalk(startI18n(page, ['en'], drawer(), null));

  it('is told in words, an unknown one with its code, and what was wanted not at all', () => {
    expect(reasonIn(words, 'llm_timeout')).toBe(talkWords.en['reason.llm_timeout']);
    expect(reasonIn(words, 'no_such_thing')).toContain('no_such_thing');
    expect([reasonIn(words, 'interrupted'), reasonIn(words, 'cancelled')]).toEqual([null, null]);
  });
});
