import type { AvatarRenderer, HitArea } from '../avatar/avatar';
import type { ModelManifest, Placement } from '../avatar/manifest';
import { isEmpty, type Box } from '../live2d/gl';
import type { Life } from '../live2d/life/life';
import type { Surface } from '../live2d/surface';
import { canvasAround, placed, standing, viewOf, type Stand } from '../live2d/view';
import { lookAt, type Look } from './look';
import type { Model2 } from './model2';

/** What a figure of Cubism 2 is made of. It owns all of it. */
export interface Figure2Parts {
  readonly manifest: ModelManifest;
  readonly model: Model2;
  readonly life: Life;
  readonly surface: Surface;
  /** Makes the model again, after the graphics were away; it has the values of the one before. */
  reopen(): Promise<Model2>;
}

export interface Figure2 extends AvatarRenderer {
  contextLost(): void;
  contextRestored(): void;
}

/** No canvas has more pixels along a side: larger ones are drawn coarser. */
const longestSide = 4096;

/** A model of Cubism 2 on its stage. The user's Core draws it; life moves it; its canvas goes where it stands. */
export function createFigure2({ manifest, model: first, life, surface, reopen }: Figure2Parts): Figure2 {
  const { gl, canvas } = surface;
  const author: Box = { left: 0, bottom: 0, right: first.width, top: first.height };
  let model: Model2 | null = first;
  let stage: HTMLElement | null = null;
  let placement: Placement = manifest.placement ?? { x: 0, y: 0, scale: 1 };
  let look: Look | null = null;
  let drawn = '';
  let losses = 0;
  let disposed = false;

  const sceneNow = (): { readonly stand: Stand; readonly area: Box; readonly host: DOMRect } | null => {
    const host = stage?.getBoundingClientRect();
    if (!host || !look || !(host.width > 0 && host.height > 0)) return null;
    // The layout of such a model was made for one widget and cuts the figure; all of it is shown instead.
    const stand = placed(standing(look.shown, author, host, null), host, innerHeight, placement);
    const sight = { left: -host.left, right: innerWidth - host.left, bottom: host.bottom - innerHeight, top: host.bottom };
    return { stand, area: canvasAround(stand, look.shown, author, sight), host };
  };

  const fitCanvas = ({ left, bottom, right, top }: Box): void => {
    const density = Math.min(devicePixelRatio || 1, longestSide / (right - left), longestSide / (top - bottom));
    const [width, height] = [Math.max(1, Math.round((right - left) * density)), Math.max(1, Math.round((top - bottom) * density))];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    Object.assign(canvas.style, { left: `${left}px`, bottom: `${bottom}px`, width: `${right - left}px`, height: `${top - bottom}px` });
  };

  const draw = (changed: boolean): void => {
    if (!model || gl.isContextLost()) return;
    look ??= lookAt(gl, canvas, model, manifest.hitAreas);
    const scene = sceneNow();
    canvas.style.display = scene && !isEmpty(scene.area) ? 'block' : 'none';
    if (!scene || isEmpty(scene.area)) return;
    const key = `${Object.values(scene.area)} ${Object.values(scene.stand)} ${devicePixelRatio} ${losses}`;
    if (!changed && key === drawn) return;
    fitCanvas(scene.area);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    model.draw(viewOf(scene.stand, scene.area));
    drawn = key;
  };

  life.step(0);
  model.update();

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
      const moving = life.step(dtMs);
      const changed = model?.update() ?? false;
      const opacity = life.opacity >= 1 ? '' : String(life.opacity);
      if (canvas.style.opacity !== opacity) canvas.style.opacity = opacity;
      if (stage) draw(changed);
      return moving;
    },

    hitTest(clientX, clientY): HitArea | null {
      const scene = sceneNow();
      if (!scene || !model || !look) return null;
      const { stand, host } = scene;
      return look.areaAt((clientX - host.left - stand.x) / stand.scale, (host.bottom - clientY - stand.y) / stand.scale);
    },

    dispose() {
      if (disposed) return;
      disposed = true;
      life.end();
      model?.dispose();
      model = null;
      stage?.remove();
      surface.dispose();
    },

    contextLost() {
      losses++;
      model?.dispose();
      model = null;
    },

    contextRestored() {
      const before = losses;
      reopen().then((again) => {
        if (disposed || losses !== before) again.dispose();
        else model = again;
      }).catch((error: unknown) => console.warn(`Model ${manifest.name} is not shown: it could not be loaded again:`, error));
    },
  };
}
