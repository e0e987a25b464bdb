/**
 * Readers for files that other programs and users wrote: whatever stands there gives a value that can be computed with. Numbers are held
 * within ±{@link limit}, so that no product or sum of a few of them leaves the range of a float.
 */
export const limit = 1e6;

export const clamp = (value: number, low: number, high: number): number => (value < low ? low : value > high ? high : value);

export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

export const number = (value: unknown, otherwise: number, low = -limit, high = limit): number =>
  isNumber(value) ? clamp(value, low, high) : otherwise;

/** A time in seconds; null where there is none, or a negative one, which means the same. */
export const seconds = (value: unknown): number | null => (isNumber(value) && value >= 0 ? Math.min(value, limit) : null);

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const record = (value: unknown): Readonly<Record<string, unknown>> =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {});

/** Where each id stands; the first one of equal ids. */
export function indexOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  ids.forEach((id, at) => {
    if (!places.has(id)) places.set(id, at);
  });
  return places;
}

/** 0 to 1 over 0 to 1, slow at both ends, as the fades of motions and expressions run. */
export const ease = (part: number): number => (part <= 0 ? 0 : part >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * part));
