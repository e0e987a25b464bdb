// The page of the library that we compare with, used as it comes: only its public objects are touched.
import { Application, extensions, Ticker } from 'pixi.js';
import { Live2DModel, Live2DPlugin, configureCubismSDK } from 'untitled-pixi-live2d-engine/cubism';

extensions.add(Live2DPlugin);
configureCubismSDK({ memorySizeMB: 64 });
Ticker.shared.stop();

let app, model, inner, core, drive;
const rows = { values: [], parts: [] };

async function load(url, { physics, pose }) {
  if (!app) {
    app = new Application();
    await app.init({ width: 64, height: 64, preference: 'webgl', autoStart: false });
  }
  model?.destroy();
  model = null;
  model = await Live2DModel.from(url, {
    autoUpdate: false, autoHitTest: false, autoFocus: false, autoInteract: false, eyeBlink: false, breathDepth: 0, motionPreload: 'NONE',
    idleMotionGroup: 'there is none', textureOptions: { lod: 'full' },
  });
  inner = model.internalModel;
  core = inner.coreModel.getModel();
  inner.breath = { updateParameters() {} };
  inner.lipSync = false;
  if (!physics) inner.physics = undefined;
  if (!pose) inner.pose = undefined;
  drive = [];
  inner.on('afterMotionUpdate', () => {
    for (const [index, value] of Object.entries(drive[rows.values.length] ?? {})) core.parameters.values[index] = value;
  });
  inner.on('beforeModelUpdate', () => rows.values.push([...core.parameters.values]));
}

function run(frames, ms, driven = []) {
  drive = driven;
  rows.values = [];
  rows.parts = [];
  for (let frame = 0; frame < frames; frame++) {
    inner.update(ms, frame * ms);
    rows.parts.push([...core.parts.opacities]);
  }
  return rows;
}

window.bench = { load, run, motion: (group, at) => model.motion(group, at, 3), express: (name) => model.expression(name) };
