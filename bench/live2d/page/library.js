// The library as a black box: motions, physics, pose, blink and breath off for pictures of given values.
import { Application, extensions, Ticker } from 'pixi.js';
import { configureCubismSDK, Live2DModel, Live2DPlugin } from 'untitled-pixi-live2d-engine/cubism';
import { middle, pixels, size, values } from './shared.js';

extensions.add(Live2DPlugin);
configureCubismSDK({ memorySizeMB: 64 });
const app = new Application();
await app.init({
  width: size, height: size, preference: 'webgl', resolution: 1, antialias: false, backgroundAlpha: 0, autoStart: false, sharedTicker: false,
});
app.ticker.stop();
Ticker.shared.stop();
document.body.append(app.canvas);
const { gl } = app.renderer;
let model = null;
let core = null;
let given = null;
let opacities = null;

async function open(url, options) {
  if (model) {
    app.stage.removeChild(model);
    model.destroy();
  }
  model = await Live2DModel.from(url, { autoUpdate: false, autoHitTest: false, autoFocus: false, autoInteract: false, ...options });
  core = model.internalModel.coreModel.getModel();
  app.stage.addChild(model);
  const { scale, x, y } = middle(core.canvasinfo);
  model.scale.set(scale);
  model.position.set(x, y);
}

async function load(url) {
  const off = { eyeBlink: false, breathDepth: 0, useHighPrecisionMask: 'auto', motionPreload: 'NONE', idleMotionGroup: '__none__' };
  await open(url, { ...off, textureOptions: { lod: 'full' } });
  model.internalModel.physics = undefined;
  model.internalModel.pose = undefined;
  given = opacities = null;
  model.internalModel.on('beforeModelUpdate', () => {
    if (given) core.parameters.values.set(given);
    if (opacities) core.parts.opacities.set(opacities);
  });
  return values(core);
}

function frame(vector, parts) {
  given = Float32Array.from(vector);
  opacities = parts && Float32Array.from(parts);
  model.update(16);
  app.renderer.render(app.stage);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  return pixels(gl, size, size);
}

const finish = () => {
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
};

/** As its own documentation shows a model, but for motions, which ours does not play either. */
async function show(url) {
  given = opacities = null;
  await open(url, { idleMotionGroup: '__none__', motionPreload: 'NONE' });
  model.update(16);
  app.renderer.render(app.stage);
  finish();
  return performance.now();
}

function run(frames) {
  const at = (id) => core.parameters.ids.indexOf(id);
  const [angle, mouth] = [at('ParamAngleX'), at('ParamMouthOpenY')];
  let i = 0;
  model.internalModel.on('beforeModelUpdate', () => {
    if (angle >= 0) core.parameters.values[angle] = 30 * Math.sin(i / 9);
    if (mouth >= 0) core.parameters.values[mouth] = 0.5 + 0.5 * Math.sin(i / 3);
  });
  return Array.from({ length: frames }, () => {
    const from = performance.now();
    i++;
    model.update(1000 / 60);
    app.renderer.render(app.stage);
    const sent = performance.now();
    finish();
    return [sent - from, performance.now() - from];
  });
}

window.X = { load, frame, show, run };
// A page that is opened with a model shows it at once.
if (location.hash) window.first = show(JSON.parse(decodeURIComponent(location.hash.slice(1))));
