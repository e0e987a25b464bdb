import { clamp, isNumber, list, number } from './reading';

const linear = 0;
const bezier = 1;
const stepped = 2;
const inverseStepped = 3;

/** Numbers of a segment: its first point, two control points, its last point; each a time and a value. */
const stride = 8;

/**
 * One value over time, as a `Segments` list of motion3.json has it: a first point, then for each segment its kind and the points that
 * follow the one before (a bezier three, the others one). A list that breaks off or names an unknown kind counts as far as it can be read.
 */
export class Curve {
  private readonly kinds: readonly number[];
  private readonly points: Float64Array;
  private readonly first: number;

  /** @param restricted A bezier's parameter runs evenly with time; otherwise it is found from the time. */
  constructor(segments: unknown, private readonly restricted: boolean) {
    const numbers = list(segments);
    const kinds: number[] = [];
    const points: number[] = [];
    let t = number(numbers[0], 0);
    let v = number(numbers[1], 0);
    this.first = v;
    for (let at = 2; at < numbers.length;) {
      const kind = numbers[at];
      if (kind !== linear && kind !== bezier && kind !== stepped && kind !== inverseStepped) break;
      const count = kind === bezier ? 6 : 2;
      const next = numbers.slice(at + 1, at + 1 + count);
      if (next.length < count || !next.every(isNumber)) break;
      const [x1, y1, x2 = t, y2 = v, x3 = x1, y3 = y1] = next.map((one) => number(one, 0)) as [number, number];
      // Time does not run backwards, and a control point outside its segment would make a curve with two values at one time.
      const end = Math.max(t, x3);
      points.push(t, v, clamp(x1, t, end), y1, clamp(x2, t, end), y2, end, y3);
      kinds.push(kind);
      t = end;
      v = y3;
      at += count + 1;
    }
    this.kinds = kinds;
    this.points = Float64Array.from(points);
  }

  /** The time of its last point, in seconds. */
  get end(): number {
    return this.points[this.points.length - 2] ?? 0;
  }

  /** The value at a time in seconds: before the first point that one's, after the last one that one's. */
  at(t: number): number {
    const { kinds, points } = this;
    // The first segment that ends after t; there may be thousands.
    let low = 0;
    let high = kinds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (t < points[middle * stride + 6]!) high = middle;
      else low = middle + 1;
    }
    if (low === kinds.length) return points[points.length - 1] ?? this.first;
    return t <= points[0]! ? this.first : this.within(low, t);
  }

  /** The value in a loop of `duration` seconds: from the last point it returns to the first one by the loop's end. */
  around(t: number, duration: number): number {
    const { end } = this;
    const last = this.kinds[this.kinds.length - 1];
    if (t <= end || end >= duration || last === undefined || last === stepped) return this.at(t);
    if (last === inverseStepped) return this.first;
    const v = this.points[this.points.length - 1]!;
    return v + (this.first - v) * Math.min(1, (t - end) / (duration - end));
  }

  private within(segment: number, t: number): number {
    const { points } = this;
    const at = segment * stride;
    const t0 = points[at]!;
    const v0 = points[at + 1]!;
    const length = points[at + 6]! - t0;
    const v3 = points[at + 7]!;
    const kind = this.kinds[segment];
    if (kind === stepped) return v0;
    if (kind === inverseStepped) return v3;
    const part = (t - t0) / length;
    if (kind === linear) return v0 + (v3 - v0) * part;
    const u = this.restricted ? part : solve((points[at + 2]! - t0) / length, (points[at + 4]! - t0) / length, part);
    const w = 1 - u;
    return w * w * w * v0 + 3 * w * w * u * points[at + 3]! + 3 * w * u * u * points[at + 5]! + u * u * u * v3;
  }
}

/** The parameter at which the bezier 0, a, b, 1 with a and b within 0..1 has the value x: by Newton, and by halves where that runs away. */
function solve(a: number, b: number, x: number): number {
  const cubic = 1 - 3 * b + 3 * a;
  const square = 3 * b - 6 * a;
  const error = (u: number): number => ((cubic * u + square) * u + 3 * a) * u - x;
  let low = 0;
  let high = 1;
  let u = x;
  for (let round = 0; round < 60; round++) {
    const off = error(u);
    if (Math.abs(off) < 1e-9) break;
    if (off > 0) high = u;
    else low = u;
    const slope = (3 * cubic * u + 2 * square) * u + 3 * a;
    const newton = u - off / slope;
    u = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return u;
}
