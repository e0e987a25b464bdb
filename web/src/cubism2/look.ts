import type { HitArea } from '../avatar/avatar';
import type { ModelHitArea } from '../avatar/manifest';
import { isEmpty, nothing, type Box } from '../live2d/gl';
import { viewOf } from '../live2d/view';
import type { Model2 } from './model2';

/** What a model of Cubism 2 looks like at rest, in pixels of the author's picture with y up. */
export interface Look {
  /** Its outline. */
  readonly shown: Box;
  /** What lies at a point, null beside the figure. */
  areaAt(x: number, y: number): HitArea | null;
}

const side = 256;
/** Fainter pixels are the soft edge of a shadow, or nothing. Of 255. */
const faintest = 16;
/** A finger or a moving head is not exactly where the resting figure was: so many pixels of the small picture count too. */
const near = 4;

const common: readonly HitArea[] = ['head', 'face', 'body'];

/**
 * Looks at the model in a small picture: its points reach far beyond what is painted, and which of its parts are hidden the Core does not
 * say. The canvas is used for it and left in another size.
 */
export function lookAt(gl: WebGL2RenderingContext, canvas: HTMLCanvasElement, model: Model2, hitAreas: readonly ModelHitArea[]): Look {
  const all = extentOf(model);
  const scale = side / Math.max(all.right - all.left, all.top - all.bottom);
  const width = Math.max(1, Math.ceil((all.right - all.left) * scale));
  const height = Math.max(1, Math.ceil((all.top - all.bottom) * scale));
  canvas.width = width;
  canvas.height = height;
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.viewport(0, 0, width, height);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT);
  const stand = { scale, x: -all.left * scale, y: -all.bottom * scale };
  model.draw(viewOf(stand, { left: 0, bottom: 0, right: width, top: height }));
  const pixels = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);

  const isSet = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && pixels[(y * width + x) * 4 + 3]! >= faintest;
  const box = { left: width, bottom: height, right: 0, top: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isSet(x, y)) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.bottom = Math.min(box.bottom, y);
      box.top = Math.max(box.top, y + 1);
    }
  }
  const shown = isEmpty(box) ? all : {
    left: all.left + box.left / scale, right: all.left + box.right / scale,
    bottom: all.bottom + box.bottom / scale, top: all.bottom + box.top / scale,
  };
  const isShown = (x: number, y: number): boolean => {
    const [column, row] = [Math.floor((x - all.left) * scale), Math.floor((y - all.bottom) * scale)];
    return [[0, 0], [near, 0], [-near, 0], [0, near], [0, -near]].some(([dx, dy]) => isSet(column + dx!, row + dy!));
  };
  return { shown, areaAt: (x, y) => (isShown(x, y) ? areaIn(model, hitAreas, shown, x, y) : null) };
}

/** All that the model could paint on; the author's picture where it has no points. */
function extentOf(model: Model2): Box {
  let box = nothing;
  for (const points of model.points()) box = around(box, points);
  return isEmpty(box) ? { left: 0, bottom: 0, right: model.width, top: model.height } : box;
}

function around(box: Box, points: Float32Array): Box {
  let { left, bottom, right, top } = box;
  for (let at = 0; at + 1 < points.length; at += 2) {
    left = Math.min(left, points[at]!);
    right = Math.max(right, points[at]!);
    bottom = Math.min(bottom, points[at + 1]!);
    top = Math.max(top, points[at + 1]!);
  }
  return { left, bottom, right, top };
}

/** The model's own areas first, as they lie now; where it has none there, head, face and body by its outline. */
export function areaIn(model: Pick<Model2, 'pointsOf'>, hitAreas: readonly ModelHitArea[], shown: Box, x: number, y: number): HitArea {
  for (const { name, id } of hitAreas) {
    const points = model.pointsOf(id);
    if (!points) continue;
    const { left, bottom, right, top } = around(nothing, points);
    if (x >= left && x <= right && y >= bottom && y <= top) return common.find((area) => area === name.toLowerCase()) ?? name;
  }
  const third = (shown.top - shown.bottom) / 3;
  if (y < shown.top - third) return 'body';
  const middle = (shown.left + shown.right) / 2;
  const half = Math.min(third, shown.right - shown.left) / 4;
  return Math.abs(x - middle) <= half && y <= shown.top - third / 3 ? 'face' : 'head';
}
