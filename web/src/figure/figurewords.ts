import { textsOf, type I18n, type Texts } from '../base/i18n';
import type { FigureTexts } from '../base/locales/en/figure';

export type FigureKey = keyof FigureTexts;

export type FigureWords = Texts<FigureKey>;

/** What the page says about the figure on it, in the language of the page. */
export const wordsForFigure = (i18n: I18n): FigureWords =>
  textsOf(i18n.language, import.meta.glob<FigureTexts>('../base/locales/*/figure.ts', { eager: true, import: 'figure' }));
