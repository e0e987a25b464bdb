import { describe, expect, it } from 'vitest';
import page from '../../index.html?raw';
import { languages } from '../../src/base/languages';

type Texts = Readonly<Record<string, string>>;

const parts = ['page', 'hearing', 'talk', 'settings', 'markdown', 'figure', 'wardrobe', 'phone', 'sealed', 'embed', 'firstrun', 'signin'] as const;
const modules = import.meta.glob<Record<string, Texts>>('../../src/base/locales/*/*.ts', { eager: true });
const paths = Object.keys(modules).map((path) => path.slice('../../src/base/locales/'.length));
const textsOf = (language: string, part: string): Texts => modules[`../../src/base/locales/${language}/${part}.ts`]?.[part] ?? {};

const places = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

const sources = (found: Record<string, string>): string => Object.values(found).join('\n');
const used: Readonly<Record<(typeof parts)[number], string>> = {
  page: sources(import.meta.glob<string>(
    ['../../src/main.ts', '../../src/{base,link,scene,delivery,view,speaking}/*.ts', '../../index.html'],
    { query: '?raw', import: 'default', eager: true },
  )),
  hearing: sources(import.meta.glob<string>(
    ['../../src/hearing/*.ts', '../../index.html'], { query: '?raw', import: 'default', eager: true },
  )),
  talk: sources(import.meta.glob<string>(
    ['../../src/talk/*.ts', '../../src/settings/*.ts'], { query: '?raw', import: 'default', eager: true },
  )),
  settings: sources(import.meta.glob<string>('../../src/settings/*.ts', { query: '?raw', import: 'default', eager: true })),
  wardrobe: sources(import.meta.glob<string>('../../src/wardrobe/*.ts', { query: '?raw', import: 'default', eager: true })),
  phone: sources(import.meta.glob<string>('../../src/phone/*.ts', { query: '?raw', import: 'default', eager: true })),
  markdown: sources(import.meta.glob<string>('../../src/markdown/*.ts', { query: '?raw', import: 'default', eager: true })),
  sealed: sources(import.meta.glob<string>('../../src/sealed/*.ts', { query: '?raw', import: 'default', eager: true })),
  figure: sources(import.meta.glob<string>('../../src/figure/*.ts', { query: '?raw', import: 'default', eager: true })),
  firstrun: sources(import.meta.glob<string>(
    ['../../src/view/firstrun.ts', '../../index.html'], { query: '?raw', import: 'default', eager: true },
  )),
  signin: sources(import.meta.glob<string>('../../src/view/signin.ts', { query: '?raw', import: 'default', eager: true })),
  embed: sources(import.meta.glob<string>('../../src/embed/*.ts', { query: '?raw', import: 'default', eager: true })),
};

/** Keys that are put together from a prefix and a code. */
const indirect: Readonly<Record<(typeof parts)[number], RegExp>> = {
  page: /^(connection|reason|theme)\./, hearing: /^fault\./, talk: /^(reason|turn|ask)\./, settings: /^(turns|engines)\./,
  markdown: /^$/, phone: /^$/, firstrun: /^$/, signin: /^(wrong|wait|offline)$/, sealed: /^$/, embed: /\.(title|text)$/, figure: /^fault\./, wardrobe: /^(kind|look|failure|add|check|act|emotion|gesture|touch)\./,
};

describe('the folder of locales', () => {
  it('has one for each language of the list, with every part', () => {
    expect(paths.sort()).toEqual(Object.keys(languages).flatMap((language) => parts.map((part) => `${language}/${part}.ts`)).sort());
  });

  it('holds one set of texts in each file, under the name of its part', () => {
    for (const path of paths) {
      const part = /(\w+)\.ts$/.exec(path)![1];
      expect([path, Object.keys(modules[`../../src/base/locales/${path}`]!)]).toEqual([path, [part]]);
    }
  });
});

describe.each(parts)('the texts of %s', (part) => {
  const english = textsOf('en', part);

  it.each(Object.keys(languages))('in %s are those of English', (language) => {
    const texts = textsOf(language, part);
    expect(Object.keys(texts).length).toBeGreaterThan(3);
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(texts)) {
      expect([key, places(text)]).toEqual([key, places(english[key]!)]);
      expect([key, text.trim()]).not.toEqual([key, '']);
    }
  });

  it.each(Object.keys(languages).filter((language) => language !== 'en'))('in %s are no copies of them', (language) => {
    expect(Object.entries(textsOf(language, part)).filter(([key, text]) => text === english[key])).toEqual([]);
  });

  it('are all in use', () => {
    const isUsed = (key: string): boolean => used[part].includes(`'${key}'`) || used[part].includes(`"${key}"`);
    expect(Object.keys(english).filter((key) => !indirect[part].test(key) && !isUsed(key))).toEqual([]);
  });
});

describe('the page', () => {
  it.each([...page.matchAll(/data-i18n(?:-label)?="([^"]+)"/g)].map(([, key]) => key!))('asks for %s, which exists', (key) => {
    expect(textsOf('en', 'page')).toHaveProperty([key]);
  });

  it('asks for texts of the help, which exist', () => {
    const asked = [...page.matchAll(/data-help(?:-label)?="(\w+)"/g)].map(([, key]) => key!);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((key) => !Object.hasOwn(textsOf('en', 'firstrun'), key))).toEqual([]);
  });

  it('asks for texts of the microphone, which exist', () => {
    const asked = [...page.matchAll(/data-ear(?:-label)?="(\w+)"/g)].map(([, key]) => key!);
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((key) => !Object.hasOwn(textsOf('en', 'hearing'), key))).toEqual([]);
  });
});
