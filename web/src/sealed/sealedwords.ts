import { textsOf, type I18n } from '../base/i18n';
import type { SealedTexts } from '../base/locales/en/sealed';
import type { SealProblem } from '../protocol/messages';

/** Why an encrypted message is not shown, in the language of the page. Loaded with the first one. */
export const wordsForSealed = (i18n: I18n): ((problem: SealProblem) => string) =>
  textsOf(i18n.language, import.meta.glob<SealedTexts>('../base/locales/*/sealed.ts', { eager: true, import: 'sealed' }));
