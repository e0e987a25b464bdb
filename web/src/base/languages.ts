/** The languages of the page in the order of its switch. Another one is a line here and a folder beside the others in `locales`. */
export const languages = {
  zh: { tag: 'zh-CN', name: '中文' },
  en: { tag: 'en', name: 'English' },
  ja: { tag: 'ja', name: '日本語' },
} satisfies Record<string, { readonly tag: string; readonly name: string }>;

export type Language = keyof typeof languages;

export const isLanguage = (value: unknown): value is Language => typeof value === 'string' && Object.hasOwn(languages, value);

/** The first language of a browser's list that the page speaks, English when there is none. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (isLanguage(language)) return language;
  }
  return 'en';
}

/** What a user probably speaks who did not choose a language: the browser's first one, also when the page has no texts in it. */
export function spokenLanguage([first]: readonly string[], language: Language): string {
  return first === undefined || first.split('-')[0]!.toLowerCase() === language ? languages[language].tag : first;
}
