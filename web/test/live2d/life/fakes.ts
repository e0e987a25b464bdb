import type { ModelManifest, ModelMotion } from '../../../src/avatar/manifest';
import { startLife, type Life, type LifeFiles, type LifeOptions } from '../../../src/live2d/life/life';
import type { Rig } from '../../../src/live2d/rig';

type Range = readonly [minimum: number, value: number, maximum: number];

/** A model of nothing but values: parameters by id with their ranges, and parts. */
export function fakeRig(parameters: Readonly<Record<string, Range>>, parts: readonly string[] = []): Rig {
  const ranges = Object.values(parameters);
  return {
    parameters: {
      ids: Object.keys(parameters),
      minimums: Float32Array.from(ranges, ([minimum]) => minimum),
      defaults: Float32Array.from(ranges, ([, value]) => value),
      maximums: Float32Array.from(ranges, ([, , maximum]) => maximum),
      values: Float32Array.from(ranges, ([, value]) => value),
    },
    parts: { ids: parts, opacities: new Float32Array(parts.length).fill(1) },
  };
}

export const plainManifest: ModelManifest = {
  name: 'paper', title: 'Paper', kind: 'cubism', base: 'models/paper/', moc: 'paper.moc3', textures: [], physics: null, pose: null,
  expressions: [], motions: [], idle: [], eyeBlink: [], lipSync: [], hitAreas: [], layout: null, names: { parameters: {}, parts: {} },
  notes: {}, hotkeys: [], placement: null, emotions: {}, gestures: {}, touches: {},
};

export const motionNamed = (name: string, more: Partial<ModelMotion> = {}): ModelMotion =>
  ({ name, group: null, file: `${name}.motion3.json`, fadeIn: null, fadeOut: null, sound: null, ...more });

type Json = Readonly<Record<string, unknown>>;

/** A curve as motion3.json has it. */
export const curve = (id: string, segments: readonly number[], more: Json = {}): Json =>
  ({ Target: 'Parameter', Id: id, Segments: segments, ...more });

/** A motion3.json without fades, `seconds` long. */
export const motion = (seconds: number, curves: readonly unknown[], meta: Json = {}, more: Json = {}): unknown =>
  ({ Version: 3, Meta: { Duration: seconds, Fps: 30, Loop: false, FadeInTime: 0, FadeOutTime: 0, ...meta }, Curves: curves, ...more });

/** A motion that holds a parameter at a value for so many seconds. */
export const holding = (id: string, value: number, seconds = 10, meta: Json = {}): unknown =>
  motion(seconds, [curve(id, [0, value, 0, seconds, value])], meta);

export interface Stage {
  readonly rig: Rig;
  readonly life: Life;
  readonly events: string[];
  readonly sounds: string[];
  /** The value of a parameter, by its id. */
  value(id: string): number;
  opacity(part: string): number;
  /** Steps until so much time is over. */
  pass(seconds: number, hertz?: number): void;
  /** Waits until files that were asked for have come. */
  settle(): Promise<void>;
}

export interface Model {
  readonly parameters: Readonly<Record<string, Range>>;
  readonly parts?: readonly string[];
  /** By name. */
  readonly motions?: Readonly<Record<string, unknown>>;
  readonly expressions?: Readonly<Record<string, unknown>>;
  readonly physics?: unknown;
  readonly pose?: unknown;
  readonly manifest?: Partial<ModelManifest>;
  readonly options?: Partial<LifeOptions>;
  readonly load?: LifeFiles['motion'];
}

export function stage(model: Model): Stage {
  const rig = fakeRig(model.parameters, model.parts);
  const motions = Object.keys(model.motions ?? {}).map((name) => motionNamed(name));
  const expressions = Object.keys(model.expressions ?? {}).map((name) => ({ name, file: `${name}.exp3.json` }));
  const manifest: ModelManifest = { ...plainManifest, motions, expressions, ...model.manifest };
  const events: string[] = [];
  const sounds: string[] = [];
  const files: LifeFiles = {
    motion: model.load ?? ((file) => {
      const found = model.motions?.[file.replace('.motion3.json', '')];
      return found === undefined ? Promise.reject(new Error('404')) : Promise.resolve(found);
    }),
    physics: model.physics ?? null, pose: model.pose ?? null, expressions: new Map(Object.entries(model.expressions ?? {})),
  };
  const life = startLife(rig, files, manifest, {
    random: () => 0,
    onEvent: (value) => events.push(value),
    playSound(url) {
      sounds.push(url);
      return () => sounds.push(`silence ${url}`);
    },
    ...model.options,
  });
  return {
    rig, life, events, sounds,
    value: (id) => rig.parameters.values[rig.parameters.ids.indexOf(id)]!,
    opacity: (part) => rig.parts.opacities[rig.parts.ids.indexOf(part)]!,
    pass(seconds, hertz = 60) {
      const steps = Math.round(seconds * hertz);
      for (let step = 0; step < steps; step++) life.step(1000 / hertz);
    },
    async settle() {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
}

/** Plays a motion and draws its first frame. */
export async function begin(at: Stage, name: string, priority: 'idle' | 'normal' | 'force' = 'normal'): Promise<{ end: Promise<string> }> {
  const end = at.life.play(name, priority);
  await at.settle();
  at.life.step(0);
  return { end };
}
