import { textsOf, type I18n, type Texts } from '../base/i18n';
import type { HearingTexts } from '../base/locales/en/hearing';

export type HearingKey = keyof HearingTexts;

/** What the microphone says, in the language of the page. */
export const wordsForHearing = (i18n: I18n): Texts<HearingKey> =>
  textsOf(i18n.language, import.meta.glob<HearingTexts>('../base/locales/*/hearing.ts', { eager: true, import: 'hearing' }));
