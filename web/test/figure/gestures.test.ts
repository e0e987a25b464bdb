import { describe, expect, it } from 'vitest';
import { longPressMs, startGestures, strokeLength } from '../../src/figure/gestures';
import { ManualClock } from '../base/manualclock';

/** A character with a head above 100 and a body above 300, from 0 to 200 across. */
function stage() {
  const clock = new ManualClock();
  const seen: unknown[][] = [];
  const mode = { arranging: false };
  const gestures = startGestures({
    after: clock.after,
    areaAt: (x, y) => (x < 0 || x > 200 || y > 300 ? null : y < 100 ? 'head' : 'body'),
    arranging: () => mode.arranging,
    onTouch: (area, gesture, isFirst) => seen.push([gesture, area, isFirst]),
    onMove: (dx, dy) => seen.push(['move', dx, dy]),
    onScale: (factor, x, y) => seen.push(['scale', factor, x, y]),
    onArrange() {
      mode.arranging = true;
      seen.push(['arrange']);
    },
  });
  const at = (x: number, y: number, id = 1) => ({ id, x, y });
  /** A way in steps of ten pixels. */
  const drag = (x: number, y: number, toX: number, toY: number, placing = false): boolean => {
    const taken = gestures.down(at(x, y), placing);
    const steps = Math.ceil(Math.hypot(toX - x, toY - y) / 10);
    for (let i = 1; i <= steps; i++) gestures.move(at(x + ((toX - x) * i) / steps, y + ((toY - y) * i) / steps));
    gestures.up(at(toX, toY));
    return taken;
  };
  const kinds = (): unknown[] => seen.map(([kind]) => kind);
  return { clock, seen, kinds, mode, gestures, at, drag };
}

describe('a press', () => {
  it('that ends where it began is a tap, and a trembling hand does not matter', () => {
    const { seen, drag } = stage();
    expect(drag(50, 50, 50, 50)).toBe(true);
    drag(50, 200, 54, 203);
    expect(seen).toEqual([['tap', 'head', true], ['tap', 'body', true]]);
  });

  it('beside the character is none of its business', () => {
    const { seen, drag } = stage();
    expect(drag(500, 50, 100, 50)).toBe(false);
    expect(drag(500, 50, 100, 50, true)).toBe(false);
    expect(seen).toEqual([]);
  });

  it('goes on while another finger presses a button', () => {
    const { seen, gestures, at } = stage();
    gestures.down(at(50, 50), false);
    gestures.up(at(500, 20, 2));
    expect(seen).toEqual([]);
    gestures.up(at(50, 50));
    expect(seen).toEqual([['tap', 'head', true]]);
  });

  it('whose end was never seen does not make the next one a second finger', () => {
    const { seen, gestures, drag, at } = stage();
    gestures.down(at(50, 50), false);
    drag(50, 50, 50, 50);
    expect(seen).toEqual([['tap', 'head', true]]);
  });

  it('that goes a short way is neither a tap nor a stroke', () => {
    const { seen, drag } = stage();
    drag(50, 50, 50 + strokeLength - 10, 50);
    expect(seen).toEqual([]);
  });

  it('that goes over the head is a stroke, once for the hub however long it is, and moves nothing', () => {
    const { seen, kinds, gestures, at } = stage();
    gestures.down(at(20, 50), false);
    for (let i = 0; i < 100; i++) gestures.move(at(20 + (i % 20) * 8, 50));
    gestures.up(at(20, 50));
    expect(new Set(kinds())).toEqual(new Set(['stroke']));
    expect(seen.filter(([, , isFirst]) => isFirst === true)).toEqual([['stroke', 'head', true]]);
    expect(seen.length).toBeGreaterThan(3);
  });

  it('that goes on beside the character strokes it no more', () => {
    const { seen, drag } = stage();
    drag(190, 50, 900, 50);
    expect(seen).toEqual([]);
  });

  it('of a long time without a movement places the character, and is no tap', () => {
    const { seen, clock, gestures, at } = stage();
    gestures.down(at(50, 50), false);
    clock.advance(longPressMs);
    gestures.move(at(60, 55));
    gestures.up(at(60, 55));
    expect(seen).toEqual([['arrange'], ['move', 10, 5]]);
  });

  it('of a long time that strokes does not place it', () => {
    const { kinds, clock, gestures, at } = stage();
    gestures.down(at(20, 50), false);
    for (let i = 1; i < 10; i++) gestures.move(at(20 + i * 10, 50));
    clock.advance(5 * longPressMs);
    expect(kinds()).toEqual(['stroke']);
  });

  it('with the key held moves the character', () => {
    const { seen, drag } = stage();
    drag(50, 50, 60, 50, true);
    expect(seen).toEqual([['move', 10, 0]]);
  });

  it('while it is being placed moves it from anywhere, and taps nothing', () => {
    const { seen, mode, drag } = stage();
    mode.arranging = true;
    drag(900, 900, 910, 900);
    drag(50, 50, 50, 50);
    expect(seen).toEqual([['move', 10, 0]]);
  });

  it('that the browser takes away is nothing', () => {
    const { seen, clock, gestures, at } = stage();
    gestures.down(at(50, 50), false);
    gestures.cancel(1);
    gestures.up(at(50, 50));
    clock.advance(longPressMs);
    expect(seen).toEqual([]);
  });

  it('of nothing that was pressed is ignored', () => {
    const { seen, gestures, at } = stage();
    gestures.move(at(50, 50));
    gestures.up(at(50, 50));
    expect(seen).toEqual([]);
  });
});

describe('two fingers', () => {
  it('place and scale about their middle, and a third one does nothing', () => {
    const { seen, gestures, at } = stage();
    gestures.down(at(50, 50, 1), false);
    gestures.down(at(150, 50, 2), false);
    expect(gestures.down(at(100, 50, 3), false)).toBe(false);
    gestures.move(at(250, 50, 2));
    expect(seen).toEqual([['arrange'], ['move', 50, 0], ['scale', 2, 150, 50]]);
    gestures.up(at(250, 50, 2));
    gestures.move(at(60, 50, 1));
    gestures.up(at(60, 50, 1));
    expect(seen).toHaveLength(3);
  });

  it('at one point divide by nothing', () => {
    const { kinds, gestures, at } = stage();
    gestures.down(at(50, 50, 1), false);
    gestures.down(at(50, 50, 2), false);
    gestures.move(at(90, 50, 2));
    expect(kinds()).toEqual(['arrange', 'move']);
  });
});
