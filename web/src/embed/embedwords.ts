import { textsOf, type Texts } from '../base/i18n';
import type { Language } from '../base/languages';
import type { EmbedTexts } from '../base/locales/en/embed';

export type EmbedWords = Texts<keyof EmbedTexts>;

/** What an embedded stage says by itself, in the language that is asked for when it says it. */
export const wordsForEmbed = (language: () => Language): EmbedWords =>
  textsOf(language, import.meta.glob<EmbedTexts>('../base/locales/*/embed.ts', { eager: true, import: 'embed' }));
