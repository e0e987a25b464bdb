import type { AvatarRenderer } from '../../../web/src/avatar/avatar';
import type { ModelManifest } from '../../../web/src/avatar/manifest';
import { createFiles } from '../../../web/src/live2d/files';
import { loadModel } from '../../../web/src/live2d/live2d';
import { openModel, type CubismModel } from '../../../web/src/live2d/model';
import { Painter } from '../../../web/src/live2d/painter';
import { loadCore } from '../../../web/src/live2d/script';
import { createSurface } from '../../../web/src/live2d/surface';
import { textureBudget, uploadTextures } from '../../../web/src/live2d/textures';
// @ts-expect-error a plain script
import { middle, pixels, size, values } from './shared.js';

const surface = createSurface(document, () => undefined, () => undefined);
const { gl, canvas } = surface;
canvas.width = canvas.height = size;
let painter: Painter;
let model: CubismModel;
let product: AvatarRenderer | null = null;

/** Model and painter alone, for pictures of given values. */
async function load(manifest: ModelManifest): Promise<unknown> {
  const core = await loadCore('/models/_core/live2dcubismcore.min.js', document);
  const files = createFiles(manifest, document.baseURI, (address) => fetch(address));
  model = openModel(core, await files.moc(), manifest.moc);
  const textures = await uploadTextures(gl, await files.pictures(), !surface.software, textureBudget, (source, options) => createImageBitmap(source, options));
  painter = new Painter(gl, model, textures);
  return values(model.raw);
}

/** A picture of values by index. */
function frame(given: readonly number[], opacities: readonly number[] | null): string {
  const { parameters, parts, canvasinfo: c } = model.raw;
  parameters.values.set(given);
  if (opacities) parts.opacities.set(opacities);
  model.update();
  const { scale, x, y } = middle(c);
  const unit = 2 * scale * c.PixelsPerUnit / size;
  painter.draw({ framebuffer: null, width: size, height: size }, {
    x: unit, y: unit, dx: 2 * (x + c.CanvasOriginX * scale) / size - 1, dy: 1 - 2 * (y + c.CanvasOriginY * scale) / size,
  });
  return pixels(gl, size, size);
}

/** The product itself, as the page shows it. @returns milliseconds since the page was opened, to the first picture */
async function show(manifest: ModelManifest): Promise<number> {
  const host = document.createElement('div');
  Object.assign(host.style, { position: 'absolute', inset: '0' });
  document.body.append(host);
  product = await loadModel(manifest, { random: () => 0.5 });
  product.mount(host);
  product.step(16);
  finish();
  return performance.now();
}

/** Milliseconds of each frame: in the script, and until the picture is there. */
function run(frames: number): [number, number][] {
  return Array.from({ length: frames }, (_, i) => {
    const from = performance.now();
    product!.set('ParamAngleX', 30 * Math.sin(i / 9));
    product!.set('ParamMouthOpenY', 0.5 + 0.5 * Math.sin(i / 3));
    product!.step(1000 / 60);
    const sent = performance.now();
    finish();
    return [sent - from, performance.now() - from];
  });
}

/** Waits for the GPU by asking for a pixel. */
function finish(): void {
  const shown = document.querySelector('canvas')!.getContext('webgl2')!;
  shown.readPixels(0, 0, 1, 1, shown.RGBA, shown.UNSIGNED_BYTE, new Uint8Array(4));
}

const error = ({ code, message, need, have }: { code?: string; message: string; need?: number; have?: number }): unknown => ({ code, message, need, have });

Object.assign(window, { X: {
  load: (manifest: ModelManifest) => load(manifest).catch((failed) => ({ error: error(failed) })), frame, show, run,
} });
// A page that is opened with a model shows it at once.
if (location.hash) Object.assign(window, { first: show(JSON.parse(decodeURIComponent(location.hash.slice(1))) as ModelManifest) });
