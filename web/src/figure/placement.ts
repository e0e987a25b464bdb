import type { Placement } from '../avatar/manifest';

/** Centred, standing on the lower edge, all of it to be seen. */
export const standing: Placement = { x: 0, y: 0, scale: 1 };

/** What an address may say of a placement, whatever the window; the last two are those of {@link Placement}. */
export const bounds = { x: [-4, 4], y: [-4, 4], scale: [0.1, 10] } as const;

/** One press of a key moves by so much of the stage's height, and scales by this factor. */
const keyStep = 0.02;
export const keyFactor = 1.1;

/** What a key does to a character that is being placed: moves it, in heights of the stage, scales it, puts it back, or ends the placing. */
export type KeyMeaning = { readonly x: number; readonly y: number } | { readonly factor: number } | 'reset' | 'end';

const meanings = new Map<string, KeyMeaning>([
  ['ArrowLeft', { x: -keyStep, y: 0 }], ['ArrowRight', { x: keyStep, y: 0 }],
  ['ArrowUp', { x: 0, y: keyStep }], ['ArrowDown', { x: 0, y: -keyStep }],
  ['+', { factor: keyFactor }], ['=', { factor: keyFactor }], ['-', { factor: 1 / keyFactor }], ['_', { factor: 1 / keyFactor }],
  ['0', 'reset'], ['Escape', 'end'], ['Enter', 'end'],
]);

export const meaningOf = (key: string): KeyMeaning | null => meanings.get(key) ?? null;

const between = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value));

/** The edges of the stage as seen from the place where an unmoved character stands, and its height there; in heights of the stage, y up. */
export interface Sight {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly tall: number;
}

/** How far the middle of a character may leave the stage, in its heights: less than half of a slim one is wide. */
const aside = 0.06;

/** The nearest placement at which a good part of the character is still to be seen, so that it can be caught again. */
export function inSight({ x, y, scale }: Placement, { left, right, bottom, tall }: Sight): Placement {
  const size = between(scale, bounds.scale);
  const height = size * tall;
  return {
    x: between(x, [left - aside * height, right + aside * height]), y: between(y, [bottom - 0.8 * height, bottom + 0.8]), scale: size,
  };
}

export const moved = ({ x, y, scale }: Placement, dx: number, dy: number): Placement => ({ x: x + dx, y: y + dy, scale });

/**
 * Scales about a point, which stays where it is. The point is given from the place where an unmoved character stands, in heights of the
 * stage, y up.
 */
export function scaled({ x, y, scale }: Placement, factor: number, at: { readonly x: number; readonly y: number }): Placement {
  const size = between(scale * factor, bounds.scale);
  const real = size / scale;
  return { x: at.x + (x - at.x) * real, y: at.y + (y - at.y) * real, scale: size };
}

/** A head that is ten times as large is moved further than an address may say. */
const keptBounds = [-10, 10] as const;

/** From what the page kept; null for what cannot be one. */
export function readPlacement(text: string | null): Placement | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Placement> | null;
    if (typeof value !== 'object' || value === null) return null;
    const { x, y, scale } = value;
    return isIn(x, keptBounds) && isIn(y, keptBounds) && isIn(scale, bounds.scale) ? { x, y, scale } : null;
  } catch {
    return null;
  }
}

const isIn = (value: unknown, [low, high]: readonly [number, number]): value is number =>
  typeof value === 'number' && value >= low && value <= high;

/** What the page's address asks for; what is absent is left to the user. */
export interface Wishes {
  readonly x?: number;
  readonly y?: number;
  readonly scale?: number;
  readonly avatar: string | null;
}

/** Reads `?x=&y=&scale=&subtitles=&avatar=`. Of a value that cannot be used `warn` is told the name, the range and what came. */
export function readWishes(href: string, warn: (text: string) => void): Wishes {
  const query = new URL(href).searchParams;
  const numbers = Object.entries(bounds).flatMap(([name, [low, high]]): [string, number][] => {
    const text = query.get(name);
    if (text === null) return [];
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= low && value <= high) return [[name, value]];
    warn(`The address has ${name}=${shown(text)}, which must be a number from ${low} to ${high}: it is ignored.`);
    return [];
  });
  const subtitles = query.get('subtitles');
  if (subtitles !== null && subtitles !== 'only' && subtitles !== 'off') {
    warn(`The address has subtitles=${shown(subtitles)}, which must be only or off: it is ignored.`);
  }
  const avatar = query.get('avatar');
  const isName = avatar === null || avatarName.test(avatar);
  if (!isName) warn(`The address has avatar=${shown(avatar)}, which must be the name of an avatar, 1 to 64 characters: it is ignored.`);
  return { ...Object.fromEntries(numbers), avatar: isName ? avatar : null };
}

// As the hub has them: the name of a folder, neither hidden nor the hub's own.
// oxlint-disable-next-line no-control-regex
const avatarName = /^(?![ ._])[^\u0000-\u001f\u007f-\u009f/\\:*?"<>|]{1,64}(?<![ .])$/u;

const shown = (text: string): string => JSON.stringify(text.slice(0, 40));
