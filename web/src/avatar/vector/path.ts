import { round } from './svg';

/** Moves a point of the drawing; writes the result to `out`. */
export type Warp = (x: number, y: number, out: Float64Array) => void;

/** A parsed path of absolute M, L, Q, C and Z commands: drawn once in a neutral pose, then warped for every frame. */
export interface Shape {
  readonly commands: string;
  readonly points: Float64Array;
}

const pointsOf: Readonly<Record<string, number>> = { M: 1, L: 1, Q: 2, C: 3, Z: 0 };

/** Vertical line that the character is mirrored on. */
export const axis = 300;

export function shape(d: string, mirror = false): Shape {
  const points = (d.match(/-?\d*\.?\d+/g) ?? []).map(Number);
  if (mirror) for (let i = 0; i < points.length; i += 2) points[i] = 2 * axis - (points[i] ?? 0);
  return { commands: d.replace(/[^MLQCZ]/g, ''), points: Float64Array.from(points) };
}

const out = new Float64Array(2);

/** Path data of a shape after a warp. */
export function warped(source: Shape, warp: Warp): string {
  const { commands, points } = source;
  let text = '';
  let at = 0;
  for (const command of commands) {
    text += command;
    for (let n = pointsOf[command] ?? 0; n > 0; n--, at += 2) {
      warp(points[at] ?? 0, points[at + 1] ?? 0, out);
      text += `${round(out[0] ?? 0)} ${round(out[1] ?? 0)} `;
    }
  }
  return text;
}
