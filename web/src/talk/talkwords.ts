import { textsOf, type I18n, type Texts } from '../base/i18n';
import { talk as english, type TalkTexts } from '../base/locales/en/talk';

type TalkKey = keyof TalkTexts;

export type TalkWords = Texts<TalkKey>;

/** What the conversation says, in the language of the page. */
export const wordsForTalk = (i18n: I18n): TalkWords =>
  textsOf(i18n.language, import.meta.glob<TalkTexts>('../base/locales/*/talk.ts', { eager: true, import: 'talk' }));

/** What an exchange's code means; null for what the user need not be told. */
export function reasonIn(words: TalkWords, code: string): string | null {
  if (silent.has(code)) return null;
  const key = `reason.${code}`;
  return Object.hasOwn(english, key) ? words(key as TalkKey) : words('reason.other', { code: code.slice(0, 40) });
}

const silent = new Set(['interrupted', 'cancelled', 'done', 'stopped']);
