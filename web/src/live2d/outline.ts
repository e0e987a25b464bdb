import { around, createTarget, deleteTarget, isEmpty, nothing, type Box } from './gl';
import type { Painter } from './painter';
import { viewOf } from './view';

const side = 256;
/** Fainter pixels are the soft edge of a shadow, or nothing. Of 255. */
const faintest = 16;

/**
 * The outline of what a model shows now, in units of the model: measured in a small picture, for meshes reach far beyond what is painted
 * on them. Null where nothing is shown.
 */
export function measure(gl: WebGL2RenderingContext, painter: Painter, drawables: number): Box | null {
  painter.mesh.upload();
  const meshes = Array.from({ length: drawables }, (_, i) => i).filter((i) => painter.isVisible(i)).map((i) => painter.mesh.bounds(i));
  const all = meshes.reduce(around, nothing);
  if (isEmpty(all)) return null;
  const scale = side / Math.max(all.right - all.left, all.top - all.bottom);
  const [width, height] = [Math.max(1, Math.ceil((all.right - all.left) * scale)), Math.max(1, Math.ceil((all.top - all.bottom) * scale))];
  const pixels = draw(gl, painter, width, height, { scale, x: -all.left * scale, y: -all.bottom * scale });

  const box = { left: width, bottom: height, right: 0, top: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[(y * width + x) * 4 + 3]! < faintest) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.bottom = Math.min(box.bottom, y);
      box.top = Math.max(box.top, y + 1);
    }
  }
  if (isEmpty(box)) return null;
  return {
    left: all.left + box.left / scale, right: all.left + box.right / scale,
    bottom: all.bottom + box.bottom / scale, top: all.bottom + box.top / scale,
  };
}

/** Whether the model shows anything at a point, in units of the model; `unit` is how many pixels a unit has. */
export function isShownAt(gl: WebGL2RenderingContext, painter: Painter, x: number, y: number, unit: number): boolean {
  return draw(gl, painter, 1, 1, { scale: unit, x: 0.5 - x * unit, y: 0.5 - y * unit })[3]! >= faintest;
}

function draw(
  gl: WebGL2RenderingContext, painter: Painter, width: number, height: number, stand: { scale: number; x: number; y: number },
): Uint8Array {
  const target = createTarget(gl, width, height);
  const pixels = new Uint8Array(width * height * 4);
  painter.draw({ framebuffer: target.framebuffer, width, height }, viewOf(stand, { left: 0, bottom: 0, right: width, top: height }));
  gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  deleteTarget(gl, target);
  return pixels;
}
