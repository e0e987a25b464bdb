import { textsOf, type I18n, type Texts } from '../base/i18n';
import type { MarkdownTexts } from '../base/locales/en/markdown';

export type MarkdownWords = Texts<keyof MarkdownTexts>;

/** What the page says beside a reply with Markdown, in the language of the page. */
export const wordsForMarkdown = (i18n: Pick<I18n, 'language'>): MarkdownWords =>
  textsOf(i18n.language, import.meta.glob<MarkdownTexts>('../base/locales/*/markdown.ts', { eager: true, import: 'markdown' }));
