import { textsOf, type I18n, type Texts } from '../base/i18n';
import type { SettingsTexts } from '../base/locales/en/settings';

export type SettingsWords = Texts<keyof SettingsTexts>;

/** What the settings say, in the language of the page. */
export const wordsForSettings = (i18n: I18n): SettingsWords =>
  textsOf(i18n.language, import.meta.glob<SettingsTexts>('../base/locales/*/settings.ts', { eager: true, import: 'settings' }));
