/** A colour by how we see it (OKLCH): lightness 0 to 1, chroma from 0, hue in radians. */
interface Seen {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toEncoded = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);

function see(hex: string): Seen {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return { l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, c: Math.hypot(a, y), h: Math.atan2(y, a) };
}

function linear({ l, c, h }: Seen): readonly [number, number, number] {
  const a = c * Math.cos(h);
  const b = c * Math.sin(h);
  const p = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const q = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const r = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * p - 3.3077115913 * q + 0.2309699292 * r,
    -1.2684380046 * p + 2.6097574011 * q - 0.3413193965 * r,
    -0.0041960863 * p - 0.7034186147 * q + 1.707614701 * r,
  ];
}

/** The nearest colour that a screen has: the lightness stays, the chroma gives way. */
function write(seen: Seen): string {
  const { l } = seen;
  if (l <= 0 || l >= 1) return l <= 0 ? '#000000' : '#ffffff';
  let [low, high] = [0, seen.c];
  const fits = (c: number): boolean => linear({ l, c, h: seen.h }).every((v) => v > -0.001 && v < 1.001);
  if (fits(high)) low = high;
  else {
    for (let i = 0; i < 12; i++) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle;
      else high = middle;
    }
  }
  const digits = linear({ l, c: low, h: seen.h }).map((v) =>
    Math.round(Math.min(1, Math.max(0, toEncoded(Math.max(0, v)))) * 255).toString(16).padStart(2, '0'));
  return `#${digits.join('')}`;
}

/** A darker (`by` below 0) or lighter colour of the same kind: -1 is black, 1 is white. `chroma` multiplies how colourful it is. */
export function shade(hex: string, by: number, chroma = 1): string {
  const { l, c, h } = see(hex);
  return write({ l: by < 0 ? l * (1 + by) : l + (1 - l) * by, c: c * chroma, h });
}

/** Between two colours, as light mixes them on the eye; `t` from 0 to 1. */
export function mix(from: string, to: string, t: number): string {
  const [a, b] = [see(from), see(to)];
  const [ax, ay, bx, by] = [a.c * Math.cos(a.h), a.c * Math.sin(a.h), b.c * Math.cos(b.h), b.c * Math.sin(b.h)];
  const [x, y] = [ax + (bx - ax) * t, ay + (by - ay) * t];
  return write({ l: a.l + (b.l - a.l) * t, c: Math.hypot(x, y), h: Math.atan2(y, x) });
}

/** How light a colour seems, 0 black to 1 white. */
export const lightness = (hex: string): number => see(hex).l;
