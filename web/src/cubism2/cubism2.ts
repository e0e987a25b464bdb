import type { AvatarRenderer } from '../avatar/avatar';
import type { ModelManifest } from '../avatar/manifest';
import { ModelError } from '../avatar/modelerror';
import { createFiles, type ModelFiles } from '../live2d/files';
import { startLife, type Life } from '../live2d/life/life';
import { playInBrowser, type ModelEnvironment } from '../live2d/live2d';
import type { Rig } from '../live2d/rig';
import { createSurface } from '../live2d/surface';
import { textureBudget, uploadTextures, type Decode } from '../live2d/textures';
import { loadCore2, type Core2 } from './core2';
import { createFigure2, type Figure2 } from './figure2';
import { openModel2, type Model2 } from './model2';
import { readMotionText } from './motiontext';
import { readOlderExpression, readOlderPose } from './olderfiles';
import { createSwing } from './swing';

/** The Core samples textures from their lower edge upwards. */
const decode: Decode = (source, options) => createImageBitmap(source, { ...options, imageOrientation: 'flipY' });

/**
 * Loads a model of Cubism 2 with the user's `live2d.min.js`, which evaluates and draws it; everything that moves is ours, as with newer
 * models.
 * @throws ModelError whatever goes wrong; nothing is left behind then
 */
export async function loadModel(manifest: ModelManifest, environment: ModelEnvironment): Promise<AvatarRenderer> {
  const files = createFiles(manifest, document.baseURI, (address) => fetch(address));
  let figure: Figure2 | null = null;
  let lost = false;
  const lose = (): void => {
    lost = true;
    figure?.contextLost();
  };
  const surface = createSurface(document, lose, () => figure?.contextRestored());
  try {
    const models = new URL(manifest.base, document.baseURI).href;
    const [core, bytes, pictures] = await Promise.all([loadCore2(models, document), files.moc(), files.pictures()]);
    const open = async (rig?: Rig): Promise<Model2> => {
      const { gl, software } = surface;
      // The Core writes into what it reads.
      const model = openModel2(core, gl, bytes.slice(0), manifest.moc, rig);
      try {
        const textures = await uploadTextures(gl, pictures, !software, environment.textureBudget ?? textureBudget, decode);
        textures.forEach((texture, at) => model.raw.setTexture(at, texture));
        return model;
      } catch (error) {
        model.dispose();
        throw error;
      }
    };
    let model = await open();
    const life = await loadLife(manifest, files, environment, core, () => model).catch((error: unknown) => {
      model.dispose();
      throw error;
    });
    figure = createFigure2({
      manifest, life, surface, model,
      async reopen() {
        model = await open(model.rig);
        return model;
      },
    });
    if (lost) {
      // The graphics were away while the model was loaded, and its textures went with them.
      figure.contextLost();
      if (!surface.gl.isContextLost()) figure.contextRestored();
    }
    return figure;
  } catch (error) {
    surface.dispose();
    throw error;
  }
}

async function loadLife(
  manifest: ModelManifest, files: ModelFiles, environment: ModelEnvironment, core: Core2, model: () => Model2,
): Promise<Life> {
  const expressions = manifest.expressions.map(async ({ name, file }) => [name, readOlderExpression(await files.json(file))] as const);
  const [physics, pose, shown] = await Promise.all([files.json(manifest.physics), files.json(manifest.pose), Promise.all(expressions)]);
  const { random, reducedMotion, playSound = playInBrowser, onEvent } = environment;
  const swing = createSwing(core, model, physics);
  const motion = async (file: string): Promise<unknown> => {
    const response = await fetch(new URL(manifest.base + file, document.baseURI).href);
    if (!response.ok) throw new ModelError('file_missing', `the hub answers ${response.status}`, { file });
    return readMotionText(await response.text());
  };
  return startLife(
    model().rig, { motion, physics: null, pose: readOlderPose(pose), expressions: new Map(shown) }, manifest,
    { random, playSound, ...reducedMotion && { reducedMotion }, ...onEvent && { onEvent }, ...swing && { swing } },
  );
}
