import type { AvatarRenderer } from '../avatar/avatar';
import type { Environment } from '../avatar/environment';
import type { ModelManifest } from '../avatar/manifest';
import { ModelError } from '../avatar/modelerror';
import type { Core } from './core';
import { createFigure, type Figure } from './figure';
import { createFiles, type ModelFiles } from './files';
import { startLife, type Life } from './life/life';
import { openModel, type CubismModel } from './model';
import { loadCore, newerCore } from './script';
import { createSurface, type Surface } from './surface';
import { textureBudget, uploadTextures, type Decode, type Picture } from './textures';

/** Where the hub keeps the user's Core, from the folder of any model: the page may be shown at an address that is no neighbour. */
const corePath = '../_core/live2dcubismcore.min.js';

/** What a model takes from outside. */
export interface ModelEnvironment extends Pick<Environment, 'random'>, Partial<Pick<Environment, 'reducedMotion'>> {
  /** Plays the sound of a motion; without it the browser does. @returns what ends it */
  playSound?(url: string): (() => void) | void;
  /** A motion's author has put a mark at this moment. */
  onEvent?(value: string): void;
  /** For all textures together, in bytes of graphics memory; without it 512 MB. */
  readonly textureBudget?: number;
}

/**
 * Loads a model of Cubism 3 or newer with the user's Core. The renderer needs WebGL 2, keeps one context, and draws only in its `step`.
 * @throws ModelError whatever goes wrong; nothing is left behind then
 */
export async function loadModel(manifest: ModelManifest, environment: ModelEnvironment): Promise<AvatarRenderer> {
  const files = createFiles(manifest, document.baseURI, (address) => fetch(address));
  const given: (() => void)[] = [];
  let figure: Figure | null = null;
  let lost = false;
  const lose = (): void => {
    lost = true;
    figure?.contextLost();
  };
  try {
    const surface = createSurface(document, lose, () => figure?.contextRestored());
    given.push(() => surface.dispose());
    // Core, model and pictures come together: each of them may be the slowest.
    const drawing = loadPictures(surface, files, environment.textureBudget ?? textureBudget);
    const living = loadLife(manifest, files, environment);
    // Whichever fails first, the other one is given back when it is there.
    for (const loading of [drawing, living]) loading.catch(() => undefined);
    const clear = ({ textures }: Pictures): void => textures.forEach((texture) => surface.gl.deleteTexture(texture));
    given.push(() => void drawing.then(clear, () => undefined));
    given.push(() => void living.then(({ model }) => model.dispose(), () => undefined));
    // An error of the model tells more than one of a picture.
    const { model, life } = await living;
    const { textures, upload } = await drawing;
    figure = createFigure({ manifest, model, life, surface, textures, reload: upload });
    if (surface.gl.getError() === surface.gl.OUT_OF_MEMORY) {
      throw new ModelError('out_of_memory', `the graphics memory has no room for the ${textures.length} textures of ${manifest.name}`);
    }
    if (lost && !surface.gl.isContextLost()) {
      // The graphics were away while the model was loaded, and its textures went with them.
      figure.contextLost();
      figure.contextRestored();
    }
    return figure;
  } catch (error) {
    for (const giveBack of given.reverse()) giveBack();
    throw error;
  }
}

interface Pictures {
  readonly textures: readonly WebGLTexture[];
  upload(): Promise<readonly WebGLTexture[]>;
}

async function loadPictures({ gl, software }: Surface, files: ModelFiles, budget: number): Promise<Pictures> {
  const pictures: readonly Picture[] = await files.pictures();
  const decode: Decode = (source, options) => createImageBitmap(source, options);
  const upload = (): Promise<readonly WebGLTexture[]> => uploadTextures(gl, pictures, !software, budget, decode);
  return { textures: await upload(), upload };
}

async function loadLife(
  manifest: ModelManifest, files: ModelFiles, environment: ModelEnvironment,
): Promise<{ readonly model: CubismModel; readonly life: Life }> {
  const expressions = Promise.all(manifest.expressions.map(async ({ name, file }) => [name, await files.json(file)] as const));
  const script = new URL(corePath, new URL(manifest.base, document.baseURI)).href;
  const core = loadCore(script, document);
  const others = Promise.all([files.json(manifest.physics), files.json(manifest.pose), expressions]);
  const model = await openWithCore(...await Promise.all([core, files.moc()]), manifest.moc, script);
  const [physics, pose, shown] = await others;
  const { random, reducedMotion, playSound = playInBrowser, onEvent } = environment;
  const life = startLife(
    model.rig, { motion: (file) => files.need(file), physics, pose, expressions: new Map(shown) }, manifest,
    { random, playSound, ...reducedMotion && { reducedMotion }, ...onEvent && { onEvent } },
  );
  return { model, life };
}

async function openWithCore(core: Core, bytes: ArrayBuffer, file: string, script: string): Promise<CubismModel> {
  try {
    return openModel(core, bytes, file);
  } catch (error) {
    if (!(error instanceof ModelError && error.code === 'core_too_old')) throw error;
    const newer = await newerCore(core, script, document);
    if (newer === null) throw error;
    return openModel(newer, bytes, file);
  }
}

export function playInBrowser(url: string): () => void {
  const sound = new Audio(new URL(url, document.baseURI).href);
  // Before the user's first click browsers play nothing; a motion goes on without its sound.
  sound.play().catch(() => undefined);
  return () => sound.pause();
}
