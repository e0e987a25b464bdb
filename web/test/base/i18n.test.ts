import { describe, expect, it } from 'vitest';
import { fill, locales, preferredLanguage, spokenLanguage } from '../../src/base/i18n';
import { en } from '../../src/base/locales/en';

const places = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe.each(Object.entries(locales))('%s', (language, locale) => {
  it('has exactly the words that English has', () => {
    expect(Object.keys(locale).sort()).toEqual(Object.keys(en).sort());
  });

  it('leaves none of them empty', () => {
    expect(Object.entries(locale).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('has the same places to fill in', () => {
    for (const [key, text] of Object.entries(locale)) expect([key, places(text)]).toEqual([key, places(en[key as keyof typeof en])]);
  });

  it('is not a copy of English', () => {
    if (language === 'en') return;
    expect(Object.entries(locale).filter(([key, text]) => text === en[key as keyof typeof en])).toEqual([]);
  });
});

describe('the words', () => {
  const files = import.meta.glob<string>(['../../src/{main,base/*,link/*,scene/*,delivery/*,view/*,speaking/*}.ts', '../../index.html'], { query: '?raw', import: 'default', eager: true });
  const used = Object.values(files).join('\n');

  it.each([...used.matchAll(/data-i18n(?:-label)?="([^"]+)"/g)].map(([, key]) => key!))('%s of the page exist', (key) => {
    expect(en).toHaveProperty([key]);
  });

  it('are all in use', () => {
    const indirect = /^(connection|reason|theme)\./;
    expect(Object.keys(en).filter((key) => !indirect.test(key) && !used.includes(key))).toEqual([]);
  });
});

describe('preferredLanguage', () => {
  it.each([
    [['ja-JP', 'en'], 'ja'], [['zh-TW'], 'zh'], [['ZH-hans-CN'], 'zh'], [['fr', 'de', 'ja'], 'ja'], [['fr'], 'en'], [[], 'en'], [['toString'], 'en'],
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
