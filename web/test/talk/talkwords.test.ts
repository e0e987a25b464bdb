import { describe, expect, it } from 'vitest';
import { startI18n } from '../../src/base/i18n';
import { talk } from '../../src/base/locales/en/talk';
import { reasonIn, wordsForTalk } from '../../src/talk/talkwords';
import { drawer } from '../scene/rehearsal';

describe('a reason', () => {
  const page = { documentElement: {}, querySelectorAll: () => [] } as unknown as Document;
  const words = wordsForTalk(startI18n(page, ['en'], drawer(), null));

  it('is told in words, an unknown one with its code, and what was wanted not at all', () => {
    expect(reasonIn(words, 'llm_timeout')).toBe(talk['reason.llm_timeout']);
    expect(reasonIn(words, 'no_such_thing')).toContain('no_such_thing');
    expect([reasonIn(words, 'interrupted'), reasonIn(words, 'cancelled')]).toEqual([null, null]);
  });
});
