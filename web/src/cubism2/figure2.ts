import type { AvatarRenderer, HitArea } from '../avatar/avatar';
import type { ModelManifest } from '../avatar/manifest';
import type { Box } from '../live2d/gl';
import type { Life } from '../live2d/life/life';
import { pictureKey, pointIn, Staging } from '../live2d/staging';
import type { Surface } from '../live2d/surface';
import { viewOf } from '../live2d/view';
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

/** A model of Cubism 2 on its stage. The user's Core draws it; life moves it; its canvas goes where it stands. */
export function createFigure2({ manifest, model: first, life, surface, reopen }: Figure2Parts): Figure2 {
  const { gl, canvas } = surface;
  const author: Box = { left: 0, bottom: 0, right: first.width, top: first.height };
  // The layout of such a model was made for one widget and cuts the figure; all of it is shown instead.
  const staging = new Staging(canvas, author, manifest.placement, null);
  let model: Model2 | null = first;
  let look: Look | null = null;
  let drawn = '';
  let losses = 0;
  let disposed = false;

  const draw = (changed: boolean): void => {
    if (!model || gl.isContextLost()) return;
    look ??= lookAt(gl, canvas, model, manifest.hitAreas);
    const scene = staging.scene(look.shown);
    if (!staging.reveal(scene)) return;
    const key = pictureKey(scene, losses);
    if (!changed && key === drawn) return;
    staging.fit(scene);
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

    mount: (host) => staging.mount(host),

    place(to) {
      staging.placement = to;
    },

    set: (id, value) => life.set(id, value),
    get: (id) => life.get(id),

    step(dtMs) {
      if (disposed) return false;
      const moving = life.step(dtMs);
      const changed = model?.update() ?? false;
      staging.fade(life.opacity);
      if (staging.isMounted) draw(changed);
      return moving;
    },

    hitTest(clientX, clientY): HitArea | null {
      const scene = look && staging.scene(look.shown);
      return scene && model && look ? look.areaAt(...pointIn(scene, clientX, clientY)) : null;
    },

    dispose() {
      if (disposed) return;
      disposed = true;
      life.end();
      model?.dispose();
      model = null;
      staging.remove();
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
