import { describe, expect, it } from 'vitest';
import { canvasAround, canvasBox, placed, standing, viewOf } from '../../src/live2d/view';

const info = { CanvasWidth: 200, CanvasHeight: 400, CanvasOriginX: 100, CanvasOriginY: 300, PixelsPerUnit: 100 };
const canvas = canvasBox({ canvasinfo: info });
const shown = { left: -0.5, bottom: -0.5, right: 1, top: 2.5 };
const host = { width: 300, height: 600 };

/** Where a box of the model comes to lie in the host's box. */
const onHost = ({ scale, x, y }: { scale: number; x: number; y: number }, box: typeof shown): number[] =>
  [box.left * scale + x, box.bottom * scale + y, box.right * scale + x, box.top * scale + y];

describe('the place of a model', () => {
  it('has the canvas of its author, with y up', () => {
    expect(canvas).toEqual({ left: -1, right: 1, bottom: -1, top: 3 });
  });

  it('shows all of it, centred on the lower edge', () => {
    expect(onHost(standing(shown, canvas, host, null), shown)).toEqual([0, 0, 300, 600]);
    const wide = { left: -2, bottom: 1, right: 2, top: 2 };
    expect(onHost(standing(wide, canvas, host, null), wide)).toEqual([0, 0, 300, 75]);
  });

  it('follows a layout: a view 2 high with its origin in the middle', () => {
    const stand = standing(shown, canvas, host, { Height: 1, CenterX: 0.5, CenterY: -0.25 });
    expect(onHost(stand, canvas)).toEqual([225, 75, 375, 375]);
    expect(onHost(standing(shown, canvas, host, { width: 0.5, left: -0.5, top: 1 }), canvas)).toEqual([0, 300, 150, 600]);
    expect(onHost(standing(shown, canvas, host, { width: 0.5, right: 0, bottom: -1 }), canvas)).toEqual([0, 0, 150, 300]);
    // Names as Cubism 2 wrote them.
    expect(onHost(standing(shown, canvas, host, { width: 0.5, center_x: 0, y: 0 }), canvas)).toEqual([75, 150, 225, 450]);
  });

  it.each<Readonly<Record<string, number>>>([{}, { Height: 0 }, { Height: NaN }, { Width: -2 }, { Height: 1e9 }, { X: 1e308 }, { CenterX: NaN }, { Height: 1e-9 }])(
    'does not follow a layout that makes no sense: %j', (layout) => {
      expect(standing(shown, canvas, host, layout)).toEqual(standing(shown, canvas, host, null));
    });

  it('is moved by heights of the stage and scaled about the middle of the lower edge', () => {
    const stand = standing(shown, canvas, host, null);
    expect(onHost(placed(stand, host, 1000, { x: 0, y: 0, scale: 2 }), shown)).toEqual([-150, 0, 450, 1200]);
    expect(onHost(placed(stand, host, 1000, { x: 0.1, y: -0.2, scale: 1 }), shown)).toEqual([100, -200, 400, 400]);
  });
});

describe('the canvas', () => {
  const sight = { left: -500, bottom: 0, right: 800, top: 700 };

  it('leaves room to move, and is no larger than what can be seen', () => {
    const stand = standing(shown, canvas, host, null);
    const around = canvasAround(stand, shown, canvas, sight);
    expect(around.left).toBeLessThanOrEqual(-90);
    expect(around.right).toBeGreaterThanOrEqual(390);
    expect(around.bottom).toBe(0);
    expect(around.top - 700).toBeLessThan(32);
  });

  it('does not cut a model that is scaled beyond its host', () => {
    const stand = placed(standing(shown, canvas, host, null), host, 700, { x: 0, y: -0.5, scale: 3 });
    const around = canvasAround(stand, shown, canvas, sight);
    expect(around.left).toBe(-500);
    expect(around.right).toBeGreaterThanOrEqual(800);
    expect(around.top).toBeGreaterThanOrEqual(700);
  });

  it('keeps its size while the model is dragged a little', () => {
    const stand = standing(shown, canvas, host, null);
    const wide = { left: -5000, bottom: -5000, right: 5000, top: 5000 };
    const sizes = [0, 0.001, 0.004, 0.01].map((x) => canvasAround(placed(stand, host, 700, { x, y: 0, scale: 1 }), shown, canvas, wide));
    expect(new Set(sizes.map(({ left, right }) => right - left)).size).toBe(1);
  });

  it('is empty where the model is out of sight', () => {
    const { left, right } = canvasAround({ scale: 100, x: 5000, y: 0 }, shown, canvas, sight);
    expect(right).toBeLessThan(left);
  });

  it('shows each unit where it stands', () => {
    const view = viewOf({ scale: 100, x: 150, y: 20 }, { left: -50, bottom: 0, right: 350, top: 500 });
    // The point 1, 2 of the model lies at 250, 220 of the host: 300 of 400 across, 220 of 500 up.
    expect([1 * view.x + view.dx, 2 * view.y + view.dy]).toEqual([0.5, expect.closeTo(-0.12)]);
  });
});
