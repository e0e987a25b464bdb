import type { Casting } from '../avatar/rehearsal';
import type { AvatarRenderer } from '../avatar/avatar';
import type { Clock } from '../base/clock';
import type { Language } from '../base/languages';
import { HubError, type Models } from './models';
import type { WardrobeKey, WardrobeWords } from './wardrobewords';

/** What every part of the avatar panel knows. */
export interface Context {
  readonly words: WardrobeWords;
  readonly language: () => Language;
  /** The page's language, for numbers. */
  readonly tag: () => string;
  readonly models: Models;
  readonly casting: Casting;
  readonly clock: Clock;
  /** A drawn character to be seen small; null for a look that the page does not have. */
  readonly portrait: (look: string) => Promise<AvatarRenderer | null>;
}

/** A text that is put into words when it is shown, in the language that the page has then. */
export interface Told {
  readonly key: WardrobeKey;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Why the hub refused, for the user. */
export function reasonOf(error: unknown, words: WardrobeWords): string {
  if (!(error instanceof HubError)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'offline' || error.code === 'timeout') return words(error.code);
  return [error.message, error.hint].filter((part) => part !== '').join(' ') || error.code;
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size as users read it: 12.3 MB. */
export function sizeIn(tag: string, bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const amount = bytes / 1000 ** power;
  return new Intl.NumberFormat(tag, {
    style: 'unit', unit: units[power], unitDisplay: 'short', maximumFractionDigits: amount < 10 && power > 0 ? 1 : 0,
  }).format(amount);
}
