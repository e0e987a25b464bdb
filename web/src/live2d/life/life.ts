import type { OwnActs } from '../../avatar/avatar';
import type { ModelManifest } from '../../avatar/manifest';
import type { ParameterInfo } from '../../avatar/parameters';
import type { Rig, RigParameters } from '../rig';
import { Expressions } from './expressions';
import { Holds } from './holds';
import { Lips } from './lips';
import { Motions } from './motions';
import { Names } from './names';
import { Physics } from './physics';
import { Pose } from './pose';
import { clamp, indexOf, isNumber } from './reading';
import { DirectorLayer } from './standard';

/** What a model brings along, as parsed JSON of any shape; null where it has no such file. */
export interface LifeFiles {
  /** Fetches a motion by its address as the manifest has it, when it is first played. Rejects where it cannot. */
  motion(file: string): Promise<unknown>;
  readonly physics: unknown;
  readonly pose: unknown;
  /** By the name or the file of the expression. */
  readonly expressions: ReadonlyMap<string, unknown>;
}

export interface LifeOptions {
  /** 0 up to but not including 1. */
  random(): number;
  /** The user asked for less motion: idle motions do not play then. */
  reducedMotion?(): boolean;
  /** A motion of the model says something at this moment. */
  onEvent?(value: string): void;
  /** Plays the sound of a motion, by its address. @returns what ends it, where it can be ended. */
  playSound?(url: string): (() => void) | void;
  /** Physics of another kind than physics3.json: changes `values` after the time given, and tells whether something still swings. */
  swing?(values: Float32Array, dtSeconds: number): boolean;
}

/** Everything of a model that moves by itself. Nothing of it throws, whatever stands in the files. */
export interface Life extends OwnActs {
  /** The ids of our table that the model has, by today's or old names. */
  readonly known: Readonly<Record<string, ParameterInfo>>;
  /** Gives a value of the director's layer in units of our table; unknown ids and NaN are ignored. */
  set(id: string, value: number): void;
  /** The value as the rig has it, in units of our table; NaN for an unknown id. */
  get(id: string): number;
  /**
   * Advances by `dtMs` and writes values and opacities into the rig. The caller then lets the Core evaluate the model and draws.
   * @returns true while something still moves visibly by itself.
   */
  step(dtMs: number): boolean;
  /** Of the model as a whole, 0 to 1. */
  readonly opacity: number;
  /** The model leaves for good: its motions and their sounds end, the idle ones too. */
  end(): void;
}

/** Longer than any gap after which something goes on where it was; keeps sums of times finite. In seconds. */
const longestStep = 3600;

/** Brings a model to life. It keeps no clock: time passes in {@link Life.step}. */
export function startLife(rig: Rig, files: LifeFiles, manifest: ModelManifest, options: LifeOptions): Life {
  const complain = complainer(manifest.name);
  const places = indexOf(rig.parameters.ids);
  const names = new Names(rig.parameters.ids);
  const groups = groupsOf(manifest, names);
  const lips = new Lips(manifest.lipSync.map((id) => names.find(id)).filter((at) => at >= 0), names);
  const layer = new DirectorLayer(() => rig.parameters, names, groups.eyeBlink, lips);
  const motions = new Motions({
    motions: manifest.motions, idle: manifest.idle, groups, places, complain,
    load: (file) => files.motion(file),
    random: () => options.random(),
    reducedMotion: () => options.reducedMotion?.() ?? false,
    onEvent: (value) => options.onEvent?.(value),
    playSound: (file) => options.playSound?.(manifest.base + file) ?? (() => {}),
  });
  const expressions = new Expressions(expressionFiles(files, manifest), places, rig.parameters.ids.length, (name) => {
    const file = manifest.expressions.find((one) => one.name === name)?.file ?? name;
    complain(file, 'it is no expression');
  });
  const physics = new Physics(files.physics, places, rig.parameters.ids.length);
  const parts = indexOf(rig.parts.ids);
  const pose = new Pose(files.pose, parts);
  const rest = Float32Array.from(rig.parameters.defaults);
  /** What motions made of the values: the next frame goes on from there, not from what was laid over it. */
  const saved = Float32Array.from(rest);
  const holds = new Holds();

  const showParts = (dt: number): void => {
    const { opacities } = rig.parts;
    for (const [id, value] of motions.said.parts) {
      const part = pose.has(id) ? undefined : parts.get(id);
      if (part !== undefined) opacities[part] = clamp(value, 0, 1);
    }
    pose.step(opacities, motions.said.parts, dt);
  };

  return {
    expressions: manifest.expressions.map(({ name }) => name),
    motions: manifest.motions.map(({ name }) => name),
    known: layer.known,
    express: (shown, weight) => expressions.show(shown, weight),
    hold(values, ms = 0) {
      const wanted = new Map<number, number>();
      for (const [id, value] of Object.entries(values)) {
        const index = names.find(id);
        const { minimums, maximums } = rig.parameters;
        if (index >= 0 && isNumber(value)) wanted.set(index, clamp(value, minimums[index]!, maximums[index]!));
      }
      holds.show(wanted, ms / 1000);
    },
    play: (name, priority) => motions.play(name, priority),
    stop: () => motions.stop(),
    end: () => motions.end(),
    get busy() {
      return motions.busy;
    },
    get opacity() {
      return clamp(motions.said.opacity, 0, 1);
    },
    set: (id, value) => layer.set(id, value),
    get: (id) => layer.get(id),
    step(dtMs) {
      const dt = dtMs > 0 ? Math.min(dtMs / 1000, longestStep) : 0;
      const { parameters } = rig;
      const { values } = parameters;
      values.set(saved);
      motions.step(values, rest, dt);
      withinRange(parameters);
      saved.set(values);
      expressions.apply(values, dt);
      holds.step(dt);
      layer.apply(values, dt, holds.full, motions.eyes);
      lips.lay(values, layer.values, holds.full, parameters);
      withinRange(parameters);
      holds.lay(values);
      physics.step(parameters, dt);
      const swings = options.swing?.(values, dt) ?? false;
      holds.layAgain(values);
      lips.speak(values, layer.values, dt, parameters);
      withinRange(parameters);
      showParts(dt);
      return motions.moving || expressions.moving || holds.moving || physics.moving || swings || pose.moving;
    },
  };
}

/** Where the author of the model named no parameters, those of the usual names are meant. */
function groupsOf(manifest: ModelManifest, names: Names): { readonly eyeBlink: readonly number[]; readonly lipSync: readonly number[] } {
  const group = (own: readonly string[], usual: readonly string[]): readonly number[] => {
    const found = own.map((id) => names.find(id)).filter((at) => at >= 0);
    return found.length > 0 ? found : usual.map((id) => names.find(id)).filter((at) => at >= 0);
  };
  return {
    eyeBlink: group(manifest.eyeBlink, ['ParamEyeLOpen', 'ParamEyeROpen']),
    lipSync: group(manifest.lipSync, ['ParamMouthOpenY']),
  };
}

function expressionFiles({ expressions }: LifeFiles, manifest: ModelManifest): ReadonlyMap<string, unknown> {
  const found = manifest.expressions.map(({ name, file }): [string, unknown] => [name, expressions.get(name) ?? expressions.get(file)]);
  return new Map(found.filter(([, json]) => json !== undefined));
}

function withinRange({ values, minimums, maximums, defaults }: RigParameters): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const low = minimums[index]!;
    const high = maximums[index]!;
    if (value >= low && value <= high) continue;
    values[index] = value < low ? low : value > high ? high : defaults[index]!;
  }
}

/** Tells developers about a file, once for each. */
function complainer(model: string): (file: string, reason: string) => void {
  const told = new Set<string>();
  return (file, reason) => {
    if (told.has(file)) return;
    told.add(file);
    console.warn(`Model ${model}: ${file} cannot be used: ${reason}`);
  };
}
