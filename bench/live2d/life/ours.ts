// The page of ours: a model's life over the real Core, frame by frame, without a picture.
import type { ModelManifest } from '../../../web/src/avatar/manifest';
import { startLife, type Life } from '../../../web/src/live2d/life/life';

/* eslint-disable @typescript-eslint/no-explicit-any -- The Core's objects have no types here. */
const core = (globalThis as any).Live2DCubismCore;

interface Setup {
  readonly manifest: ModelManifest;
  readonly physics: boolean;
  /** Plays round and round, by name. */
  readonly loop: string | null;
}

let model: any;
let life: Life;

async function load({ manifest, physics, loop }: Setup): Promise<unknown> {
  model?.release();
  const json = async (file: string | null): Promise<unknown> => (file === null ? null : (await fetch(manifest.base + file)).json());
  const moc = core.Moc.fromArrayBuffer(await (await fetch(manifest.base + manifest.moc)).arrayBuffer());
  model = core.Model.fromMoc(moc);
  const expressions = new Map<string, unknown>();
  for (const { name, file } of manifest.expressions) expressions.set(name, await json(file));
  const cache = new Map<string, unknown>();
  if (loop !== null) {
    const { file } = manifest.motions.find(({ name }) => name === loop)!;
    cache.set(file, await json(file));
  }
  const rig = {
    parameters: {
      ids: [...model.parameters.ids],
      get minimums() { return model.parameters.minimumValues; },
      get maximums() { return model.parameters.maximumValues; },
      get defaults() { return model.parameters.defaultValues; },
      get values() { return model.parameters.values; },
    },
    parts: { ids: [...model.parts.ids], get opacities() { return model.parts.opacities; } },
  };
  const files = {
    motion: (file: string) => Promise.resolve(cache.get(file)), expressions,
    physics: physics ? await json(manifest.physics) : null, pose: await json(manifest.pose),
  };
  life = startLife(rig, files, { ...manifest, idle: loop === null ? [] : [loop] }, { random: () => 0 });
  if (loop !== null) {
    // Its file is asked for in the first step and plays from the second one on.
    life.step(0);
    for (let wait = 0; wait < 10; wait++) await Promise.resolve();
  }
  const { minimums, maximums, defaults } = rig.parameters;
  return {
    ids: rig.parameters.ids, defaults: [...defaults], maximums: [...maximums],
    ranges: Array.from(maximums, (value: any, at) => value - minimums[at]), partIds: rig.parts.ids,
  };
}

/**
 * `frames` steps of `ms`, of which the first one takes `first`: the library lets motions begin in their first frame, physics before it.
 * `drive` holds values of parameters, by index, in each frame.
 */
function run(frames: number, ms: number, first: number, drive: readonly Record<number, number>[] = []): unknown {
  const values: number[][] = [];
  const parts: number[][] = [];
  const ids = model.parameters.ids as string[];
  for (let frame = 0; frame < frames; frame++) {
    life.hold(Object.fromEntries(Object.entries(drive[frame] ?? {}).map(([index, value]) => [ids[Number(index)], value])));
    life.step(frame === 0 ? first : ms);
    values.push([...model.parameters.values]);
    parts.push([...model.parts.opacities]);
    model.update();
  }
  return { values, parts };
}

const express = (names: readonly string[]): void => life.express(names, 1);

Object.assign(globalThis, { bench: { load, run, express } });
