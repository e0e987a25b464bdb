import type { Touch } from '../protocol/avatar';

/** A pointer at a point of the viewport, in CSS pixels. */
export interface Point {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

export interface GestureOptions {
  readonly after: (ms: number, call: () => void) => () => void;
  /** What of the character lies at a point; null beside it. */
  readonly areaAt: (x: number, y: number) => string | null;
  /** The user is placing the character: every press moves it. */
  readonly arranging: () => boolean;
  /** `isFirst`: not the further course of a long stroke. */
  readonly onTouch: (area: string, gesture: Touch['gesture'], isFirst: boolean) => void;
  readonly onMove: (dx: number, dy: number) => void;
  /** @param x The point that stays where it is, as y. */
  readonly onScale: (factor: number, x: number, y: number) => void;
  /** The user pressed long, or with two fingers: to place the character. */
  readonly onArrange: () => void;
}

/** Finds taps, strokes, moves and pinches in what pointers do. */
export interface Gestures {
  /** @param placing A key is held that means moving. @returns whether the press is about the character. */
  down(point: Point, placing: boolean): boolean;
  move(point: Point): void;
  up(point: Point): void;
  /** The browser took the pointer away. */
  cancel(id: number): void;
  stop(): void;
}

/** A press of this length without a movement is a wish to place the character. */
export const longPressMs = 600;

/** A pointer that moved less is still where it was: hands tremble, in pixels. */
export const tremble = 8;

/** A stroke is a way of this length over the character, in pixels; so much more is another one. */
export const strokeLength = 48;
const strokeAgain = 160;

interface Press {
  /** Where it was last. */
  readonly at: Point;
  readonly from: Point;
  /** What it touches; null: it moves the character. */
  readonly area: string | null;
  readonly hasMoved: boolean;
  /** How far it went over the character since the last stroke. */
  readonly way: number;
  readonly strokes: number;
}

export function startGestures(options: GestureOptions): Gestures {
  const { after, areaAt, arranging, onTouch, onMove, onScale, onArrange } = options;
  const points = new Map<number, Point>();
  let press: Press | null = null;
  let cancelHold = (): void => {};

  const release = (): void => {
    cancelHold();
    press = null;
  };

  const pinch = (before: Point, point: Point): void => {
    const other = [...points.values()].find(({ id }) => id !== point.id)!;
    const [was, is] = [distance(before, other), distance(point, other)];
    onMove((point.x - before.x) / 2, (point.y - before.y) / 2);
    if (was > 0 && is > 0) onScale(is / was, (point.x + other.x) / 2, (point.y + other.y) / 2);
  };

  const stroke = (now: Press): Press => {
    const area = areaAt(now.at.x, now.at.y);
    if (area === null || now.way < (now.strokes === 0 ? strokeLength : strokeAgain)) return now;
    onTouch(area, 'stroke', now.strokes === 0);
    return { ...now, way: 0, strokes: now.strokes + 1 };
  };

  return {
    down(point, placing) {
      // Its end was not seen: the browser kept it to itself.
      if (points.delete(point.id)) release();
      if (points.size === 0) {
        const area = areaAt(point.x, point.y);
        const isPlacing = arranging() || (placing && area !== null);
        if (!isPlacing && area === null) return false;
        points.set(point.id, point);
        press = { at: point, from: point, area: isPlacing ? null : area, hasMoved: false, way: 0, strokes: 0 };
        if (!isPlacing) {
          cancelHold = after(longPressMs, () => {
            if (press === null) return;
            press = { ...press, area: null };
            onArrange();
          });
        }
        return true;
      }
      if (points.size > 1) return false;
      points.set(point.id, point);
      release();
      if (!arranging()) onArrange();
      return true;
    },

    move(point) {
      const before = points.get(point.id);
      if (before === undefined) return;
      points.set(point.id, point);
      if (points.size > 1) return pinch(before, point);
      if (press === null) return;
      const step = distance(before, point);
      if (press.area === null) {
        onMove(point.x - before.x, point.y - before.y);
        press = { ...press, at: point };
        return;
      }
      const hasMoved = press.hasMoved || distance(press.from, point) > tremble;
      if (hasMoved) cancelHold();
      const way = press.way + (areaAt(point.x, point.y) === null ? 0 : step);
      press = { ...press, at: point, hasMoved, way };
      if (hasMoved) press = stroke(press);
    },

    up(point) {
      const ended = press;
      // A pointer on a control, while another one touches the character, is none of its business.
      if (!points.delete(point.id) || ended === null) return;
      release();
      if (ended.area !== null && !ended.hasMoved) onTouch(ended.area, 'tap', true);
    },

    cancel(id) {
      if (points.delete(id)) release();
    },

    stop: release,
  };
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
