import type { AvatarRenderer, HitArea } from '../avatar/avatar';
import type { ModelManifest, Placement } from '../avatar/manifest';
import { createAreas } from './areas';
import { isEmpty, type Box } from './gl';
import type { Life } from './life/life';
import type { CubismModel } from './model';
import { isShownAt, measure } from './outline';
import { Painter } from './painter';
import type { Surface } from './surface';
import { canvasAround, canvasBox, placed, standing, viewOf, type Stand } from './view';

/** What a figure is made of. It owns all of it. */
export interface FigureParts {
  readonly manifest: ModelManifest;
  readonly model: CubismModel;
  readonly life: Life;
  readonly surface: Surface;
  readonly textures: readonly WebGLTexture[];
  /** Makes the textures again, after the graphics were away. */
  reload(): Promise<readonly WebGLTexture[]>;
}

/** A figure that is drawn, and is told what becomes of its canvas. */
export interface Figure extends AvatarRenderer {
  contextLost(): void;
  contextRestored(): void;
}

/** Where the model is on the page at this moment. */
interface Scene {
  readonly stand: Stand;
  /** The canvas, in CSS pixels of the host's box, y up. */
  readonly area: Box;
  readonly host: DOMRect;
}

/** No canvas has more pixels along a side: larger ones are drawn coarser. */
const longestSide = 4096;

/** A model on its stage: life moves it, the painter draws it, and its canvas goes where it stands. */
export function createFigure(parts: FigureParts): Figure {
  const { manifest, model, life, surface, reload } = parts;
  const { gl, canvas } = surface;
  const author = canvasBox(model.raw);
  const start = (textures: readonly WebGLTexture[]): { painter: Painter; textures: readonly WebGLTexture[] } =>
    ({ painter: new Painter(gl, model, textures), textures });

  let graphics = gl.isContextLost() ? null : start(parts.textures);
  let stage: HTMLElement | null = null;
  let placement: Placement = manifest.placement ?? { x: 0, y: 0, scale: 1 };
  /** The outline of the figure at rest, from its first picture on. */
  let outline: { readonly shown: Box; readonly areaAt: (x: number, y: number) => HitArea } | null = null;
  /** Place and size of the last picture: it is drawn again when these change or the model does. */
  let drawn = '';
  let losses = 0;
  let disposed = false;

  const sceneNow = (): Scene | null => {
    const host = stage?.getBoundingClientRect();
    if (!host || !outline || host.width <= 0 || host.height <= 0) return null;
    // The stage is the whole view of the page.
    const stand = placed(standing(outline.shown, author, host, manifest.layout), host, innerHeight, placement);
    const sight = { left: -host.left, right: innerWidth - host.left, bottom: host.bottom - innerHeight, top: host.bottom };
    return { stand, area: canvasAround(stand, outline.shown, author, sight), host };
  };

  /** Looks at the figure once, as it stands there at rest. */
  const look = (): void => {
    if (outline || !graphics || gl.isContextLost()) return;
    const { mesh } = graphics.painter;
    const shown = measure(gl, graphics.painter, model.drawables.length) ?? author;
    outline = { shown, areaAt: createAreas(model, mesh, manifest, shown) };
  };

  const draw = (changed: boolean): void => {
    look();
    if (!graphics || gl.isContextLost()) return;
    const { painter } = graphics;
    const scene = sceneNow();
    canvas.style.display = scene && !isEmpty(scene.area) ? 'block' : 'none';
    if (!scene || isEmpty(scene.area)) return;
    const key = `${Object.values(scene.area)} ${Object.values(scene.stand)} ${devicePixelRatio} ${losses}`;
    if (!changed && key === drawn) return;
    const [width, height] = fitCanvas(canvas, scene.area);
    painter.draw({ framebuffer: null, width, height }, viewOf(scene.stand, scene.area));
    drawn = key;
  };

  life.step(0);
  model.update();
  look();

  return {
    parameters: life.known,
    own: life,

    mount(host) {
      stage = host.ownerDocument.createElement('div');
      Object.assign(stage.style, { position: 'relative', width: '100%', height: '100%', overflow: 'visible' });
      stage.append(canvas);
      host.append(stage);
    },

    place(to) {
      placement = to;
    },

    set: (id, value) => life.set(id, value),
    get: (id) => life.get(id),

    step(dtMs) {
      if (disposed) return false;
      const moving = life.step(Number.isFinite(dtMs) ? Math.max(0, dtMs) : 0);
      const changed = model.update();
      // Seen through as a whole: drawables that lie over each other would shine through each other.
      const opacity = life.opacity >= 1 ? '' : String(life.opacity);
      if (canvas.style.opacity !== opacity) canvas.style.opacity = opacity;
      if (stage) draw(changed);
      return moving;
    },

    hitTest(clientX, clientY) {
      const scene = sceneNow();
      if (!scene || !graphics || !outline || gl.isContextLost()) return null;
      const { stand, host } = scene;
      const x = (clientX - host.left - stand.x) / stand.scale;
      const y = (host.bottom - clientY - stand.y) / stand.scale;
      return isShownAt(gl, graphics.painter, x, y, stand.scale) ? outline.areaAt(x, y) : null;
    },

    dispose() {
      if (disposed) return;
      disposed = true;
      life.end();
      graphics?.painter.dispose();
      for (const texture of graphics?.textures ?? parts.textures) gl.deleteTexture(texture);
      graphics = null;
      model.dispose();
      stage?.remove();
      surface.dispose();
    },

    contextLost() {
      losses++;
      // What lived in the context went with it.
      graphics = null;
    },

    contextRestored() {
      const before = losses;
      reload().then((textures) => {
        if (!disposed && losses === before) graphics = start(textures);
        else for (const texture of textures) gl.deleteTexture(texture);
      }).catch((error: unknown) => console.warn(`Model ${manifest.name} is not shown: its textures could not be loaded again:`, error));
    },
  };
}

/** Moves and sizes the canvas. @returns its size in pixels */
function fitCanvas(canvas: HTMLCanvasElement, { left, bottom, right, top }: Box): readonly [number, number] {
  const density = Math.min(devicePixelRatio || 1, longestSide / (right - left), longestSide / (top - bottom));
  const [width, height] = [Math.max(1, Math.round((right - left) * density)), Math.max(1, Math.round((top - bottom) * density))];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  Object.assign(canvas.style, { left: `${left}px`, bottom: `${bottom}px`, width: `${right - left}px`, height: `${top - bottom}px` });
  return [width, height];
}
