import type { LifeOptions } from '../live2d/life/life';
import type { Core2, PhysicsHair } from './core2';
import type { Model2 } from './model2';
import { readHairs } from './olderfiles';

/** Of longer frames only this much counts, in milliseconds: a tab that slept is no blow. */
const longestFrame = 100;
/** Below this part of a range nothing moves visibly. */
const stillness = 0.001;

/**
 * The pendulums of a model of Cubism 2, swung by the user's Core; null where there are none. `model` gives the model as it is now: it is
 * made again when the graphics were away.
 */
export function createSwing({ PhysicsHair: Hair }: Core2, model: () => Model2, json: unknown): LifeOptions['swing'] | null {
  const { ids, minimums, maximums } = model().rig.parameters;
  if (!Hair) return null;
  const { Src = {}, Target = {} } = Hair;
  const targets = new Set<number>();
  const hairs = readHairs(json, (id) => ids.includes(id)).map((one): PhysicsHair => {
    const hair = new Hair();
    hair.setup(one.length, one.resistance, one.mass);
    for (const { id, kind, scale, weight } of one.sources) {
      hair.addSrcParam(kind === 'x' ? Src.SRC_TO_X : kind === 'y' ? Src.SRC_TO_Y : Src.SRC_TO_G_ANGLE, id, scale, weight);
    }
    for (const { id, kind, scale, weight } of one.targets) {
      hair.addTargetParam(kind === 'angle_v' ? Target.TARGET_FROM_ANGLE_V : Target.TARGET_FROM_ANGLE, id, scale, weight);
      targets.add(ids.indexOf(id));
    }
    return hair;
  });
  if (hairs.length === 0) return null;
  const before = new Float32Array(ids.length);
  let time = 0;
  return (values, dt) => {
    // The pendulums read from the model and write into it.
    const { raw, tell, ask } = model();
    tell(values);
    time += Math.min(dt * 1000, longestFrame);
    for (const hair of hairs) hair.update(raw, time);
    let moving = false;
    for (const at of targets) {
      const value = ask(at);
      if (Number.isFinite(value)) values[at] = value;
      if (Math.abs(values[at]! - before[at]!) > stillness * (maximums[at]! - minimums[at]!)) moving = true;
      before[at] = values[at]!;
    }
    return moving;
  };
}
