import { ModelError } from '../avatar/modelerror';
import { additive, invertedMask, multiplicative, type Core, type CoreMoc, type CoreModel } from './core';
import type { Rig } from './rig';
import { newestMoc } from './script';

/** How a drawable or an offscreen is laid over what lies below; numbers as in `blendModes` of Core 6.0. */
export interface Blend {
  readonly colour: number;
  readonly alpha: number;
}

export const normal = 0;
export const addCompatible = 1;
export const multiplyCompatible = 2;

/** Modes that graphics hardware does by itself; all others read what lies below. */
export const isSimple = ({ colour, alpha }: Blend): boolean => alpha === 0 && colour <= multiplyCompatible;

/** What never changes about one drawable or offscreen. */
export interface Item {
  readonly blend: Blend;
  /** Drawables whose coverage limits it, sorted, each once. */
  readonly masks: readonly number[];
  readonly inverted: boolean;
  /** The offscreen that it is drawn into, -1 for the picture itself. */
  readonly into: number;
}

/** A bound of what a model file may have: above it browsers lose their memory before they can say so. */
export const largestMoc = 256 * 1024 * 1024;
/** What a Core is given before its first model: growing later moves its memory, and the models that are there are made anew. */
const reserved = 64 * 1024 * 1024;

/**
 * A Core has few places for handlers, and uses one up at each call: one handler for each Core, and its last lines.
 * The memory is reserved with it, before the first model.
 */
const known = new WeakMap<Core, string[]>();
const keptLines = 20;

function linesOf(core: Core): string[] {
  let lines = known.get(core);
  if (lines) return lines;
  lines = [];
  known.set(core, lines);
  const kept = lines;
  try {
    core.Logging?.csmSetLogFunction?.((line) => {
      kept.push(String(line));
      if (kept.length > keptLines) kept.shift();
    });
  } catch (error) {
    console.warn('The Cubism Core takes no log handler:', error);
  }
  try {
    core.Memory?.initializeAmountOfMemory?.(reserved);
  } catch (error) {
    console.warn(`The Cubism Core reserves no ${reserved} bytes:`, error);
  }
  return lines;
}

/**
 * Makes a model of a `.moc3` file. The file is checked for its format and its consistency before anything of it is used.
 * @throws ModelError `moc_damaged`, `core_too_old`, `too_large` or `out_of_memory`
 */
export function openModel(core: Core, bytes: ArrayBuffer, file: string): CubismModel {
  if (bytes.byteLength > largestMoc) {
    const text = `${file} has ${bytes.byteLength} bytes, at most ${largestMoc} are loaded`;
    throw new ModelError('too_large', text, { file, need: largestMoc, have: bytes.byteLength });
  }
  const head = new Uint8Array(bytes, 0, Math.min(5, bytes.byteLength));
  if (head.length < 5 || String.fromCharCode(...head.subarray(0, 4)) !== 'MOC3') {
    throw new ModelError('moc_damaged', `${file} is no moc3 file`, { file });
  }
  const need = head[4]!;
  const have = newestMoc(core);
  if (have > 0 && need > have) {
    const text = `${file} has version ${need} of the format, and this Core reads up to ${have}: the model needs a newer Core`;
    throw new ModelError('core_too_old', text, { file, need, have });
  }

  const lines = linesOf(core);
  lines.length = 0;
  const said = (): string => (lines.length > 0 ? `: ${lines.join('; ')}` : '');
  const moc = attempt(() => core.Moc.fromArrayBuffer(bytes), file);
  if (!moc) throw new ModelError('moc_damaged', `the Core refuses ${file}${said()}`, { file });
  const release = (): void => moc._release();
  if (moc.hasMocConsistency && !attempt(() => moc.hasMocConsistency!(bytes), file, release)) {
    release();
    throw new ModelError('moc_damaged', `${file} is damaged${said()}`, { file });
  }
  const raw = attempt(() => core.Model.fromMoc(moc), file, release);
  if (!raw) {
    release();
    throw new ModelError('out_of_memory', `the Core makes no model of ${file}${said()}`, { file });
  }
  return new CubismModel(core, moc, raw);
}

/** A Core of WebAssembly throws where its memory cannot grow, and where a file leads it astray. */
function attempt<T>(call: () => T, file: string, onError?: () => void): T {
  try {
    return call();
  } catch (cause) {
    onError?.();
    const memory = /out of memory|OOM|alloc|grow/i.test(String(cause));
    throw new ModelError(memory ? 'out_of_memory' : 'moc_damaged', `the Core failed at ${file}: ${String(cause)}`, { file, cause });
  }
}

/** One model of one Core, whichever the Core's shape. */
export class CubismModel {
  readonly rig: Rig;
  /** By the index of the drawable. */
  readonly drawables: readonly Item[];
  readonly offscreens: readonly Item[];
  /** Whether anything reads what lies below, or is drawn apart: the picture needs more than the canvas. */
  readonly simple: boolean;
  readonly #core: Core;
  readonly #moc: CoreMoc;
  #raw: CoreModel;
  /** Values and opacities at the last update; what they are set to again when the model is made anew. */
  readonly #values: Float32Array;
  readonly #opacities: Float32Array;
  #updated = false;

  constructor(core: Core, moc: CoreMoc, raw: CoreModel) {
    this.#core = core;
    this.#moc = moc;
    this.#raw = raw;
    const { parameters, parts } = raw;
    this.#values = parameters.values.slice();
    this.#opacities = parts.opacities.slice();
    this.rig = this.#createRig();
    const around = offscreensAround(raw);
    this.drawables = Array.from({ length: raw.drawables.count }, (_, i) => ({
      blend: blendOf(raw.drawables, i), masks: masksOf(raw.drawables, i, raw.drawables.count),
      inverted: (raw.drawables.constantFlags[i]! & invertedMask) !== 0,
      into: around(raw.drawables.parentPartIndices?.[i] ?? -1, -1),
    }));
    const { offscreens } = raw;
    this.offscreens = Array.from({ length: offscreens?.count ?? 0 }, (_, i) => ({
      blend: blendOf(offscreens!, i), masks: masksOf(offscreens!, i, raw.drawables.count),
      inverted: (offscreens!.constantFlags[i]! & invertedMask) !== 0,
      into: around(offscreens!.ownerIndices[i]!, i),
    }));
    this.simple = this.offscreens.length === 0 && this.drawables.every(({ blend }) => isSimple(blend));
  }

  /**
   * The Core's own object. Its arrays are good until another model of the same Core is loaded: the Core's memory may grow then, which
   * cuts off the arrays of all models. Such a model is made anew here, with its values.
   */
  get raw(): CoreModel {
    const { parameters, drawables } = this.#raw;
    const lost = parameters.values.length < parameters.count || drawables.opacities.length < drawables.count;
    return lost ? this.#makeAnew() : this.#raw;
  }

  #makeAnew(): CoreModel {
    this.#raw.release();
    const raw = this.#core.Model.fromMoc(this.#moc);
    if (!raw) throw new ModelError('out_of_memory', 'the Core has no memory to make a model anew');
    this.#raw = raw;
    raw.parameters.values.set(this.#values);
    raw.parts.opacities.set(this.#opacities);
    raw.update();
    return raw;
  }

  /**
   * Lets the Core compute the vertices of the present values.
   * @returns false if the values were those of the last time, and nothing was computed.
   */
  update(): boolean {
    const { raw } = this;
    const same = equal(raw.parameters.values, this.#values) && equal(raw.parts.opacities, this.#opacities);
    if (same && this.#updated) return false;
    this.#values.set(raw.parameters.values);
    this.#opacities.set(raw.parts.opacities);
    // The flags of a frame say what changed since they were reset.
    raw.drawables.resetDynamicFlags();
    raw.update();
    this.#updated = true;
    return true;
  }

  /** Rank of each drawable, then of each offscreen: lower ranks are drawn first. */
  renderOrders(): ArrayLike<number> {
    const { raw } = this;
    const orders = raw.drawables.renderOrders ?? raw.getRenderOrders?.() ?? raw.renderOrders;
    return orders ?? raw.drawables.ids.map((_, i) => i);
  }

  dispose(): void {
    this.#raw.release();
    this.#moc._release();
  }

  #createRig(): Rig {
    // Arrow functions see `this`; getters of the object below do not.
    const raw = (): CoreModel => this.raw;
    const { parameters, parts } = this.#raw;
    const constant = {
      ids: Array.from(parameters.ids), minimums: parameters.minimumValues.slice(), maximums: parameters.maximumValues.slice(),
      defaults: parameters.defaultValues.slice(),
    };
    return {
      parameters: { ...constant, get values() { return raw().parameters.values; } },
      parts: { ids: Array.from(parts.ids), get opacities() { return raw().parts.opacities; } },
    };
  }
}

function equal(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

interface Masked {
  readonly constantFlags: Uint8Array;
  readonly blendModes?: Int32Array;
  readonly maskCounts: Int32Array;
  readonly masks: readonly Int32Array[];
}

function blendOf({ constantFlags, blendModes }: Masked, i: number): Blend {
  if (blendModes) return { colour: blendModes[i]! & 255, alpha: (blendModes[i]! >> 8) & 255 };
  const flags = constantFlags[i]!;
  return { colour: flags & additive ? addCompatible : flags & multiplicative ? multiplyCompatible : normal, alpha: 0 };
}

/** Some models name a mask -1, which means none. */
function masksOf({ maskCounts, masks }: Masked, i: number, drawables: number): readonly number[] {
  const listed = maskCounts[i]! > 0 ? Array.from(masks[i]!.subarray(0, maskCounts[i]!)) : [];
  return [...new Set(listed.filter((mask) => mask >= 0 && mask < drawables))].sort((a, b) => a - b);
}

/** Finds the offscreen of the nearest part, from `part` upwards, that has one other than `self`; -1 if there is none. */
function offscreensAround({ parts, offscreens }: CoreModel): (part: number, self: number) => number {
  const owned = new Map<number, number>();
  for (let i = 0; i < (offscreens?.count ?? 0); i++) owned.set(offscreens!.ownerIndices[i]!, i);
  return (part, self) => {
    for (let at = part, left = parts.count; at >= 0 && left >= 0; at = parts.parentIndices?.[at] ?? -1, left--) {
      const found = owned.get(at);
      if (found !== undefined && found !== self) return found;
    }
    return -1;
  };
}
