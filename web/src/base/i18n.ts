import { en, type Key, type Locale } from './locales/en';
import { ja } from './locales/ja';
import { zh } from './locales/zh';
import type { TextStorage } from './storage';

export const locales = { zh, en, ja } satisfies Record<string, Locale>;

export type Language = keyof typeof locales;

const tags: Record<Language, string> = { zh: 'zh-CN', en: 'en', ja: 'ja' };
const stored = 'kotodama.language';

export interface I18n {
  language(): Language;
  /** The chosen language for dates and for `lang`. */
  tag(): string;
  /** The language that the person probably speaks: the page may not have words in it. */
  spoken(): string;
  /** The words of the chosen language; `{name}` is replaced by `values.name`. */
  text(key: Key, values?: Readonly<Record<string, string | number>>): string;
  /** What a language tag means, in the chosen language. */
  nameOf(tag: string): string;
  /** Remembered beyond this visit. */
  choose(language: Language): void;
  /** Calls back now and after each change of language; returns what ends it. */
  watch(see: () => void): () => void;
}

export const isLanguage = (value: unknown): value is Language => typeof value === 'string' && Object.hasOwn(locales, value);

/** The first language of a browser's list that the page speaks, English when there is none. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (isLanguage(language)) return language;
  }
  return 'en';
}

/** What is spoken by somebody who did not choose the language of the page: their browser's first one, also when the page has no words in it. */
export function spokenLanguage([first]: readonly string[], language: Language): string {
  return first === undefined || first.split('-')[0]!.toLowerCase() === language ? tags[language] : first;
}

export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : all));
}

/**
 * Puts words into the page: `data-i18n` names the text of an element, `data-i18n-label` its accessible name, which is
 * shown as a tooltip too.
 */
export function startI18n(page: Document, wanted: readonly string[], storage: TextStorage, fixed: string | null): I18n {
  const watchers = new Set<() => void>();
  const remembered = fixed ?? storage.read(stored);
  let isChosen = isLanguage(remembered);
  let language = isLanguage(remembered) ? remembered : preferredLanguage(wanted);

  const text: I18n['text'] = (key, values) => (values === undefined ? locales[language][key] : fill(locales[language][key], values));

  const apply = (): void => {
    page.documentElement.lang = tags[language];
    page.title = text('app.title');
    for (const element of page.querySelectorAll<HTMLElement>('[data-i18n]')) {
      element.textContent = text(element.dataset['i18n'] as Key);
    }
    for (const element of page.querySelectorAll<HTMLElement>('[data-i18n-label]')) label(element, text(element.dataset['i18nLabel'] as Key));
    for (const see of watchers) see();
  };

  apply();

  return {
    language: () => language,
    tag: () => tags[language],
    spoken: () => (isChosen ? tags[language] : spokenLanguage(wanted, language)),
    text,
    nameOf(tag) {
      try {
        return new Intl.DisplayNames(tags[language], { type: 'language' }).of(tag) ?? tag;
      } catch {
        return tag;
      }
    },
    choose(next) {
      isChosen = true;
      language = next;
      storage.write(stored, next);
      apply();
    },
    watch(see) {
      watchers.add(see);
      see();
      return () => void watchers.delete(see);
    },
  };
}

/** Gives an element a name for the screen reader; controls show it as a tooltip too. */
export function label(element: HTMLElement, name: string): void {
  element.setAttribute('aria-label', name);
  if (element.matches('button, label')) element.title = name;
}
