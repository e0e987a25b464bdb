import { ModelError } from '../avatar/modelerror';
import type { Rig } from '../live2d/rig';
import type { View } from '../live2d/view';
import type { Core2, Live2DModel } from './core2';

/** A model of Cubism 2 in one graphics context. */
export interface Model2 {
  /** Written by life; {@link update} brings it to the model. */
  readonly rig: Rig;
  readonly raw: Live2DModel;
  /** The author's picture, in its pixels. */
  readonly width: number;
  readonly height: number;
  /** Brings values to the model, in the order of the rig, for what reads them there before {@link update}. */
  tell(values: Float32Array): void;
  /** The value that the model has now, by its place in the rig. */
  ask(at: number): number;
  /** Lets the model move to the values of the rig. @returns whether anything changed since the last time */
  update(): boolean;
  /** Draws into what is bound, in pixels of the author's picture with y up. */
  draw(view: View): void;
  /** The points of a drawable, x and y (up) by turns; null for an unknown one. */
  pointsOf(drawable: string): Float32Array | null;
  /** All points of the model, hidden ones too. */
  points(): Iterable<Float32Array>;
  dispose(): void;
}

/** Indices of contexts that are in use. The Core keeps a context for each one, so a free one is used again. */
const used = new WeakMap<Core2, Set<number>>();

/**
 * @param rig Of the same model before, whose values it takes over; else it makes one.
 * @throws ModelError `moc_damaged`
 */
export function openModel2(core: Core2, gl: WebGL2RenderingContext, bytes: ArrayBuffer, file: string, rig?: Rig): Model2 {
  const index = take(core);
  const { Live2D } = core;
  try {
    Live2D.setGL(gl, index);
    const raw = load(core, bytes, index, file);
    raw.setGL(index);
    raw.setPremultipliedAlpha?.(true);
    const made = rig ?? rigOf(core, raw, bytes);
    return create(raw, made, () => giveBack(core, index));
  } catch (error) {
    giveBack(core, index);
    throw error;
  }
}

function load({ Live2D, Live2DModelWebGL }: Core2, bytes: ArrayBuffer, index: number, file: string): Live2DModel {
  const damaged = (why: string, cause?: unknown): ModelError => new ModelError('moc_damaged', `${file} ${why}`, { file, cause });
  const head = new Uint8Array(bytes, 0, Math.min(3, bytes.byteLength));
  if (String.fromCharCode(...head) !== 'moc') throw damaged('is no model of Cubism 2');
  let raw: Live2DModel;
  try {
    raw = Live2DModelWebGL.loadModel(bytes, index);
  } catch (cause) {
    throw damaged('is refused by the Core', cause);
  }
  const code = Live2D.getError?.() ?? 0;
  if (code !== 0 || !raw?.getModelImpl()) throw damaged(`is refused by the Core${code === 0 ? '' : ` with code ${code}`}`);
  if (!(raw.getCanvasWidth() > 0) || !(raw.getCanvasHeight() > 0)) throw damaged('breaks off');
  return raw;
}

function rigOf(core: Core2, raw: Live2DModel, bytes: ArrayBuffer): Rig {
  const context = raw.getModelContext();
  const ids = idsIn(context, core.ParamID) ?? namesIn(bytes, 'PARAM_');
  const places = ids.map((id) => raw.getParamIndex(id));
  const partIds = (idsIn(context, core.PartsDataID) ?? namesIn(bytes, 'PARTS_')).filter((id) => raw.getPartsDataIndex(id) >= 0);
  const row = (read: (place: number) => number): Float32Array => Float32Array.from(places, read);
  const values = row((place) => raw.getParamFloat(place));
  return {
    parameters: {
      ids, values, defaults: values.slice(),
      minimums: row((place) => context.getParamMin(place)), maximums: row((place) => context.getParamMax(place)),
    },
    parts: { ids: partIds, opacities: Float32Array.from(partIds, (id) => raw.getPartsOpacity(raw.getPartsDataIndex(id))) },
  };
}

function create(raw: Live2DModel, rig: Rig, close: () => void): Model2 {
  const width = raw.getCanvasWidth();
  const height = raw.getCanvasHeight();
  const { values } = rig.parameters;
  const { opacities } = rig.parts;
  const places = rig.parameters.ids.map((id) => raw.getParamIndex(id));
  const parts = rig.parts.ids.map((id) => raw.getPartsDataIndex(id));
  // What the model was told last stays with it, so only what differs is told: it works out anew what changed.
  const toldValues = new Float32Array(values.length).fill(Number.NaN);
  const toldOpacities = new Float32Array(opacities.length).fill(Number.NaN);
  // What was drawn last: pendulums tell the model more than once in a frame.
  const drawnValues = toldValues.slice();
  const drawnOpacities = toldOpacities.slice();
  const matrix = new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);

  const tell = (told: Float32Array): void => send(told, toldValues, (at, value) => raw.setParamFloat(places[at]!, value));
  const upwards = (points: Float32Array): Float32Array => points.map((value, at) => (at % 2 === 0 ? value : height - value));
  return {
    raw, rig, width, height,
    tell,
    ask(at) {
      toldValues[at] = raw.getParamFloat(places[at]!);
      return toldValues[at]!;
    },
    update() {
      tell(values);
      send(opacities, toldOpacities, (at, value) => raw.setPartsOpacity(parts[at]!, value));
      if (equal(values, drawnValues) && equal(opacities, drawnOpacities)) return false;
      drawnValues.set(values);
      drawnOpacities.set(opacities);
      raw.update();
      return true;
    },
    draw({ x, y, dx, dy }) {
      matrix[0] = x;
      matrix[5] = -y;
      matrix[12] = dx;
      matrix[13] = dy + height * y;
      raw.setMatrix(matrix);
      raw.draw();
    },
    pointsOf(drawable) {
      const at = raw.getDrawDataIndex(drawable);
      return at < 0 ? null : upwards(raw.getTransformedPoints(at));
    },
    * points() {
      for (let at = 0, count = drawables(raw.getModelContext()); at < count; at++) yield upwards(raw.getTransformedPoints(at));
    },
    dispose: close,
  };
}

/** Gives what differs from what was given before. */
function send(now: Float32Array, before: Float32Array, give: (at: number, value: number) => void): void {
  for (let at = 0; at < now.length; at++) {
    const value = now[at]!;
    if (value === before[at]) continue;
    before[at] = value;
    give(at, value);
  }
}

const equal = (one: Float32Array, other: Float32Array): boolean => one.every((value, at) => value === other[at]);

/**
 * The ids of one kind that a model holds, in its order. It has no method that lists them, and its fields have other names in each version:
 * the list is known by what stands in it, ids or things that have one. Null where there is none.
 */
function idsIn(context: object, kind: (new () => { readonly id: string }) | undefined): readonly string[] | null {
  if (!kind) return null;
  const idOf = (value: unknown): string | null => {
    if (value instanceof kind) return value.id;
    if (typeof value !== 'object' || value === null) return null;
    const found = Object.values(value).find((one) => one instanceof kind) as { readonly id: string } | undefined;
    return found?.id ?? null;
  };
  for (const field of Object.values(context)) {
    if (!Array.isArray(field)) continue;
    const ids = field.map(idOf).filter((id) => id !== null);
    if (ids.length > 0) return [...new Set(ids)];
  }
  return null;
}

/** The names with a prefix in a model file, for Cores that do not show their kinds of ids. */
function namesIn(bytes: ArrayBuffer, prefix: string): readonly string[] {
  const text = new TextDecoder('latin1').decode(bytes);
  return [...new Set(text.match(new RegExp(`${prefix}[A-Z0-9_]+`, 'g')) ?? [])];
}

const most = 10_000;

/** How many drawables there are, by the first index that has none. */
function drawables(context: object): number {
  const getDrawData = (context as { getDrawData?(at: number): unknown }).getDrawData?.bind(context);
  let count = 0;
  while (getDrawData && count < most && getDrawData(count)) count++;
  return count;
}

function take(core: Core2): number {
  const taken = used.get(core) ?? new Set();
  used.set(core, taken);
  let index = 0;
  while (taken.has(index)) index++;
  taken.add(index);
  return index;
}

function giveBack(core: Core2, index: number): void {
  used.get(core)?.delete(index);
  const { glContext, frameBuffers, fTexture } = core.Live2D;
  // Else the Core would hold the context for ever, and take the framebuffers of an old one for those of the next.
  for (const kept of [glContext, frameBuffers, fTexture]) if (Array.isArray(kept)) delete kept[index];
}
