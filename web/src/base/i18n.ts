import { isLanguage, languages, preferredLanguage, spokenLanguage, type Language } from './languages';
import type { PageTexts } from './locales/en/page';
import { hintAt, nameIt } from './shown';
import type { TextStorage } from './storage';
import { clean } from './text';

export type PageKey = keyof PageTexts;

/** A text by its key; `{name}` is replaced by `values.name`. */
export type Texts<K extends string> = (key: K, values?: Readonly<Record<string, string | number>>) => string;

const stored = 'kotodama.language';

export interface I18n {
  language(): Language;
  /** The chosen language for dates and for `lang`. */
  tag(): string;
  /** The language that the user probably speaks: the page may not have texts in it. */
  spoken(): string;
  /** A text of the page in the chosen language. */
  readonly text: Texts<PageKey>;
  /** What a language tag means, in the chosen language. */
  nameOf(tag: string): string;
  /** Remembered beyond this visit. */
  choose(language: Language): void;
  /** Calls back now and after each change of language; returns what ends it. */
  watch(see: () => void): () => void;
}

/** Puts values, which others may have written, into a text. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (Object.hasOwn(values, name) ? clean(String(values[name])) : all));
}

/**
 * The texts of a part of the page in the language that is chosen when they are asked for.
 * @param found By the path of their file, as `import.meta.glob` finds them: one folder for each language.
 */
export function textsOf<K extends string>(
  language: () => Language, found: Readonly<Record<string, Readonly<Record<K, string>>>>,
): Texts<K> {
  const texts = Object.fromEntries(Object.entries(found).map(([path, part]) => [path.split('/').at(-2), part]));
  return (key, values = {}) => fill(texts[language()]![key], values);
}

/**
 * Puts texts into the page: `data-i18n` names the text of an element, `data-i18n-label` its accessible name, which is
 * shown as a tooltip too.
 */
export function startI18n(page: Document, wanted: readonly string[], storage: TextStorage, fixed: string | null): I18n {
  const watchers = new Set<() => void>();
  const remembered = fixed ?? storage.read(stored);
  let isChosen = isLanguage(remembered);
  let language = isLanguage(remembered) ? remembered : preferredLanguage(wanted);

  const text = textsOf(() => language, import.meta.glob<PageTexts>('./locales/*/page.ts', { eager: true, import: 'page' }));

  const apply = (): void => {
    page.documentElement.lang = languages[language].tag;
    page.title = text('app.title');
    for (const element of page.querySelectorAll<HTMLElement>('[data-i18n]')) {
      element.textContent = text(element.dataset['i18n'] as PageKey);
    }
    for (const element of page.querySelectorAll<HTMLElement>('[data-i18n-label]')) {
      label(element, text(element.dataset['i18nLabel'] as PageKey));
    }
    for (const see of watchers) see();
  };

  apply();

  return {
    language: () => language,
    tag: () => languages[language].tag,
    spoken: () => (isChosen ? languages[language].tag : spokenLanguage(wanted, language)),
    text,
    nameOf(tag) {
      try {
        return new Intl.DisplayNames(languages[language].tag, { type: 'language' }).of(tag) ?? tag;
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
  nameIt(element, name);
  if (element.matches('button, label')) hintAt(element, name);
}
