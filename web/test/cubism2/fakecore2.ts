import type { Core2, Live2DModel } from '../../src/cubism2/core2';

/** A `.moc` of ours: the three bytes of the format, then JSON of this shape. */
export interface FakeMoc {
  readonly width: number;
  readonly height: number;
  readonly parameters: Readonly<Record<string, readonly [minimum: number, value: number, maximum: number]>>;
  readonly parts?: Readonly<Record<string, number>>;
  /** Points by the id of the drawable, x and y by turns, y down. */
  readonly drawables?: Readonly<Record<string, readonly number[]>>;
  /** The Core's error for it. */
  readonly error?: number;
}

export function fakeMoc(moc: FakeMoc): ArrayBuffer {
  return new TextEncoder().encode(`moc${JSON.stringify(moc)}`).buffer as ArrayBuffer;
}

class Id {
  constructor(readonly id = '') {}
}
class ParamID extends Id {}
class PartsDataID extends Id {}

/** What the Core was asked to do, in order, beside reading. */
export type Calls = unknown[][];

/** A `live2d.min.js` of ours: a model keeps what it is told, clamped, and has fields of meaningless names. */
export function fakeCore2(calls: Calls = [], kinds = true): Core2 {
  const Live2D = {
    glContext: [] as unknown[], frameBuffers: [] as unknown[], fTexture: [] as unknown[],
    error: 0,
    init: () => void calls.push(['init']),
    setGL(gl: unknown, index: number) {
      Live2D.glContext[index] = gl;
    },
    getError: () => Live2D.error,
  };
  const loadModel = (bytes: ArrayBuffer, index: number): Live2DModel => {
    const moc = JSON.parse(new TextDecoder().decode(bytes).slice(3)) as FakeMoc;
    Live2D.error = moc.error ?? 0;
    // As the real one does: made with the first model of a context, and kept.
    Live2D.frameBuffers[index] ??= { of: Live2D.glContext[index] };
    calls.push(['load', index, (Live2D.frameBuffers[index] as { of: unknown }).of]);
    return modelOf(moc, calls);
  };
  class PhysicsHair {
    static readonly Src = { SRC_TO_X: 'x', SRC_TO_Y: 'y', SRC_TO_G_ANGLE: 'angle' };
    static readonly Target = { TARGET_FROM_ANGLE: 'angle', TARGET_FROM_ANGLE_V: 'angle_v' };
    private from: [string, number][] = [];
    private to: [string, number, number][] = [];
    setup(...setup: number[]): void {
      calls.push(['setup', ...setup]);
    }
    addSrcParam(kind: unknown, id: string, scale: number): void {
      calls.push(['source', kind, id]);
      this.from.push([id, scale]);
    }
    addTargetParam(kind: unknown, id: string, scale: number, weight: number): void {
      calls.push(['target', kind, id]);
      this.to.push([id, scale, weight]);
    }
    /** No pendulum: a straight sum is enough to see what comes in and goes out. */
    update(model: Live2DModel, timeMs: number): void {
      calls.push(['swing', timeMs]);
      const sum = this.from.reduce((all, [id, scale]) => all + scale * model.getParamFloat(model.getParamIndex(id)), 0);
      for (const [id, scale, weight] of this.to) {
        const at = model.getParamIndex(id);
        model.setParamFloat(at, model.getParamFloat(at) * (1 - weight) + sum * scale * weight);
      }
    }
  }
  return { Live2D, Live2DModelWebGL: { loadModel }, PhysicsHair, ...kinds && { ParamID, PartsDataID } };
}

function modelOf(moc: FakeMoc, calls: Calls): Live2DModel {
  const ids = Object.keys(moc.parameters);
  const ranges = Object.values(moc.parameters);
  const values = ranges.map(([, value]) => value);
  const partIds = Object.keys(moc.parts ?? {});
  const opacities = Object.values(moc.parts ?? {});
  const drawables = Object.entries(moc.drawables ?? {});
  return {
    setGL: (index) => void calls.push(['setGL', index]),
    setTexture: (at) => void calls.push(['texture', at]),
    setMatrix: (matrix) => void calls.push(['matrix', ...matrix]),
    setPremultipliedAlpha: (on) => void calls.push(['premultiplied', on]),
    update: () => void calls.push(['update']),
    draw: () => void calls.push(['draw']),
    getCanvasWidth: () => moc.width,
    getCanvasHeight: () => moc.height,
    getParamIndex(id) {
      const at = ids.indexOf(id);
      if (at >= 0) return at;
      ranges.push([-1, 0, 1]);
      values.push(0);
      return ids.push(id) - 1;
    },
    getParamFloat: (at) => values[at]!,
    setParamFloat(at, value) {
      const [low, , high] = ranges[at]!;
      values[at] = Math.min(high, Math.max(low, value));
    },
    getPartsDataIndex: (id) => partIds.indexOf(id),
    getPartsOpacity: (at) => opacities[at]!,
    setPartsOpacity(at, opacity) {
      opacities[at] = opacity;
    },
    getDrawDataIndex: (id) => drawables.findIndex(([name]) => name === id),
    getTransformedPoints: (at) => Float32Array.from(drawables[at]![1]),
    getModelImpl: () => (moc.width < 0 ? null : {}),
    getModelContext: () => ({
      _a: 7, _b: [1, 2], _c: [null, ...ids.map((id) => new ParamID(id)), null],
      _d: partIds.map((id) => ({ visible: true, _e: new PartsDataID(id) })),
      getParamMin: (at: number) => ranges[at]![0],
      getParamMax: (at: number) => ranges[at]![2],
      getDrawData: (at: number) => drawables[at],
    }),
  };
}
