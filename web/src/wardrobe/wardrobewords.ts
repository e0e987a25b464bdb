import { textsOf, type I18n, type Texts } from '../base/i18n';
import { wardrobe as english, type WardrobeTexts } from '../base/locales/en/wardrobe';

export type WardrobeKey = keyof WardrobeTexts;

export type WardrobeWords = Texts<WardrobeKey>;

/** What the avatar panel says, in the language of the page. */
export const wordsForWardrobe = (i18n: I18n): WardrobeWords =>
  textsOf(i18n.language, import.meta.glob<WardrobeTexts>('../base/locales/*/wardrobe.ts', { eager: true, import: 'wardrobe' }));

/** A text whose key ends in a name that comes from elsewhere; null where the page has none. */
export function wordFor(
  words: WardrobeWords, group: 'emotion' | 'gesture' | 'touch' | 'look' | 'failure' | 'kind', name: string,
): string | null {
  const key = `${group}.${name}`;
  return Object.hasOwn(english, key) ? words(key as WardrobeKey) : null;
}
