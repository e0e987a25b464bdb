import type { AvatarRenderer, HitArea } from '../avatar/avatar';
import type { ModelManifest } from '../avatar/manifest';
import { createAreas } from './areas';
import type { Box } from './gl';
import type { Life } from './life/life';
import type { CubismModel } from './model';
import { isShownAt, measure } from './outline';
import { Painter } from './painter';
import { pictureKey, pointIn, Staging } from './staging';
import type { Surface } from './surface';
import { canvasBox, viewOf } from './view';

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

/** A model on its stage: life moves it, the painter draws it, and its canvas goes where it stands. */
export function createFigure(parts: FigureParts): Figure {
  const { manifest, model, life, surface, reload } = parts;
  const { gl, canvas } = surface;
  const author = canvasBox(model.raw);
  const staging = new Staging(canvas, author, manifest.placement, manifest.layout);
  const start = (textures: readonly WebGLTexture[]): { painter: Painter; textures: readonly WebGLTexture[] } =>
    ({ painter: new Painter(gl, model, textures), textures });

  let graphics = gl.isContextLost() ? null : start(parts.textures);
  /** The outline of the figure at rest, from its first picture on. */
  let outline: { readonly shown: Box; readonly areaAt: (x: number, y: number) => HitArea } | null = null;
  /** Place and size of the last picture: it is drawn again when these change or the model does. */
  let drawn = '';
  let losses = 0;
  let disposed = false;

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
    const scene = outline && staging.scene(outline.shown);
    if (!staging.reveal(scene)) return;
    const key = pictureKey(scene, losses);
    if (!changed && key === drawn) return;
    const [width, height] = staging.fit(scene);
    graphics.painter.draw({ framebuffer: null, width, height }, viewOf(scene.stand, scene.area));
    drawn = key;
  };

  life.step(0);
  model.update();
  look();

  return {
    parameters: life.known,
    own: life,

    mount: (host) => staging.mount(host),

    place(to) {
      staging.placement = to;
    },

    set: (id, value) => life.set(id, value),
    get: (id) => life.get(id),

    step(dtMs) {
      if (disposed) return false;
      const moving = life.step(Number.isFinite(dtMs) ? Math.max(0, dtMs) : 0);
      const changed = model.update();
      staging.fade(life.opacity);
      if (staging.isMounted) draw(changed);
      return moving;
    },

    hitTest(clientX, clientY) {
      const scene = outline && staging.scene(outline.shown);
      if (!scene || !graphics || !outline || gl.isContextLost()) return null;
      const [x, y] = pointIn(scene, clientX, clientY);
      return isShownAt(gl, graphics.painter, x, y, scene.stand.scale) ? outline.areaAt(x, y) : null;
    },

    dispose() {
      if (disposed) return;
      disposed = true;
      life.end();
      graphics?.painter.dispose();
      for (const texture of graphics?.textures ?? parts.textures) gl.deleteTexture(texture);
      graphics = null;
      model.dispose();
      staging.remove();
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
