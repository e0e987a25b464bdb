// The page of Cubism 2: a real model on a stage of its own, moved by what the script says.
import type { AvatarRenderer } from '../../../web/src/avatar/avatar';
import type { ModelManifest } from '../../../web/src/avatar/manifest';
import { loadModel } from '../../../web/src/cubism2/cubism2';

let model: AvatarRenderer | null = null;

async function load(manifest: ModelManifest): Promise<unknown> {
  model?.dispose();
  model = await loadModel(manifest, { random: () => 0.3, playSound: () => {} });
  model.mount(document.getElementById('stage')!);
  model.step(0);
  return { parameters: Object.keys(model.parameters), expressions: model.own!.expressions, motions: model.own!.motions };
}

/** Steps of 1/60 s; after each of them what was asked for has time to come. @returns the values of our table at the end */
async function pass(seconds: number): Promise<Readonly<Record<string, number>>> {
  for (let frame = 0; frame < seconds * 60; frame++) {
    model!.step(1000 / 60);
    if (frame % 10 === 0) await new Promise((done) => setTimeout(done));
  }
  await new Promise((done) => requestAnimationFrame(done));
  model!.step(1000 / 60);
  return Object.fromEntries(Object.keys(model!.parameters).map((id) => [id, model!.get(id)]));
}

/** The area at each point of a grid over the stage. */
function areas(): readonly (string | null)[] {
  const { left, top, width, height } = document.getElementById('stage')!.getBoundingClientRect();
  return [0.02, 0.15, 0.3, 0.5, 0.7, 0.95].map((part) => model!.hitTest(left + width / 2, top + height * part));
}

/** Milliseconds of a step and a picture, waited for. */
function time(frames: number): number {
  const gl = document.querySelector('canvas')!.getContext('webgl2')!;
  const start = performance.now();
  for (let frame = 0; frame < frames; frame++) {
    model!.set('ParamAngleX', Math.sin(frame) * 20);
    model!.step(16);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }
  return (performance.now() - start) / frames;
}

/** Takes the graphics away and gives them back. */
async function lose(): Promise<void> {
  const canvas = document.querySelector('canvas')!;
  const extension = canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!;
  const back = new Promise((done) => canvas.addEventListener('webglcontextrestored', done, { once: true }));
  extension.loseContext();
  await new Promise((done) => setTimeout(done, 50));
  extension.restoreContext();
  await back;
  await new Promise((done) => setTimeout(done, 500));
}

Object.assign(globalThis, {
  bench: {
    load, pass, areas, time, lose,
    set: (id: string, value: number) => model!.set(id, value),
    express: (names: readonly string[]) => model!.own!.express(names, 1),
    play: (name: string) => void model!.own!.play(name, 'force'),
    place: (x: number, y: number, scale: number) => model!.place({ x, y, scale }),
  },
});
