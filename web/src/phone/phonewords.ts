import { textsOf, type I18n, type Texts } from '../base/i18n';
import type { PhoneTexts } from '../base/locales/en/phone';

export type PhoneWords = Texts<keyof PhoneTexts>;

/** What the panel for phones says, in the language of the page. */
export const wordsForPhone = (i18n: I18n): PhoneWords =>
  textsOf(i18n.language, import.meta.glob<PhoneTexts>('../base/locales/*/phone.ts', { eager: true, import: 'phone' }));
