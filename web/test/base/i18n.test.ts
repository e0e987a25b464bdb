import { describe, expect, it } from 'vitest';
import { fill, startI18n, textsOf } from '../../src/base/i18n';
import { preferredLanguage, spokenLanguage } from '../../src/base/languages';
import { drawer } from '../scene/rehearsal';

const page = { documentElement: {}, querySelectorAll: () => [] } as unknown as Document;

describe('a text', () => {
  it('is in the chosen language, with its places filled in', () => {
    const i18n = startI18n(page, ['ja-JP'], drawer(), null);
    const japanese = i18n.text('reason.rejected', { detail: '403' });
    expect(japanese).toContain('403');
    i18n.choose('en');
    expect(i18n.text('reason.rejected', { detail: '403' })).toBe('The server turned this page away (403).');
    expect(japanese).not.toBe(i18n.text('reason.rejected', { detail: '403' }));
  });

  it('is found by the folder of its file', () => {
    const text = textsOf(() => 'zh', { './locales/en/part.ts': { hello: 'Hello {name}' }, './locales/zh/part.ts': { hello: '你好{name}' } });
    expect(text('hello', { name: 'K' })).toBe('你好K');
  });
});

describe('preferredLanguage', () => {
  it.each([
    [['ja-JP', 'en'], 'ja'], [['zh-TW'], 'zh'], [['ZH-hans-CN'], 'zh'],
    [['fr', 'de', 'ja'], 'ja'], [['fr'], 'en'], [[], 'en'], [['toString'], 'en'],
  ])('%j is %s', (wanted, language) => {
    expect(preferredLanguage(wanted)).toBe(language);
  });
});

describe('spokenLanguage', () => {
  it.each([
    [['de-DE', 'en-US'], 'en', 'de-DE'], [['en-GB'], 'en', 'en'], [['zh-TW'], 'zh', 'zh-CN'], [[], 'en', 'en'],
  ] as const)('of %j on a page in %s is %s', (wanted, language, spoken) => expect(spokenLanguage(wanted, language)).toBe(spoken));
});

describe('fill', () => {
  it('fills what it knows and leaves the rest', () => {
    expect(fill('{a} and {b}', { a: '{b}' })).toBe('{b} and {b}');
    expect(fill('{toString}', {})).toBe('{toString}');
  });
});
