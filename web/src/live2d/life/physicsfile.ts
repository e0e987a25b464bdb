import { isNumber, list, number, record, text } from './reading';

export type PhysicsAxis = 'x' | 'y' | 'angle';

export interface PhysicsInput {
  readonly index: number;
  /** 0 to 1. */
  readonly weight: number;
  readonly axis: PhysicsAxis;
  readonly reflect: boolean;
}

export interface PhysicsOutput {
  readonly index: number;
  /** The end of the segment that is read, at least 1. */
  readonly vertex: number;
  readonly scale: number;
  /** 0 to 1. */
  readonly weight: number;
  readonly axis: PhysicsAxis;
  readonly reflect: boolean;
}

/** What of a parameter's range becomes of it in the pendulum's world. */
export interface PhysicsRange {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

export interface PhysicsVertex {
  readonly mobility: number;
  readonly delay: number;
  readonly acceleration: number;
  /** Length of the segment that ends here. */
  readonly radius: number;
}

export interface PhysicsChain {
  readonly inputs: readonly PhysicsInput[];
  readonly outputs: readonly PhysicsOutput[];
  readonly vertices: readonly PhysicsVertex[];
  readonly position: PhysicsRange;
  readonly angle: PhysicsRange;
}

export interface PhysicsFile {
  /** Steps a second; 0: as many as there are frames. */
  readonly fps: number;
  readonly gravity: { readonly x: number; readonly y: number };
  readonly wind: { readonly x: number; readonly y: number };
  /** In the order of the file, in which they feed each other. */
  readonly chains: readonly PhysicsChain[];
}

/** No editor writes more, and a file that asks for a million would stop the page. */
const mostFps = 240;

/** Reads a physics3.json for the parameters of one model. What it names and the model has not is left out. */
export function readPhysics(json: unknown, places: ReadonlyMap<string, number>): PhysicsFile {
  const file = record(json);
  const meta = record(file.Meta);
  const forces = record(meta.EffectiveForces);
  const gravity = vector(forces.Gravity, 0, -1);
  return {
    fps: isNumber(meta.Fps) && meta.Fps > 0 ? Math.min(Math.max(meta.Fps, 1), mostFps) : 0,
    gravity: gravity.x === 0 && gravity.y === 0 ? { x: 0, y: -1 } : gravity,
    wind: vector(forces.Wind, 0, 0),
    chains: list(file.PhysicsSettings).map((one) => readChain(record(one), places)).filter(({ outputs }) => outputs.length > 0),
  };
}

function readChain(chain: Readonly<Record<string, unknown>>, places: ReadonlyMap<string, number>): PhysicsChain {
  const vertices = list(chain.Vertices).map((one): PhysicsVertex => {
    const { Mobility, Delay, Acceleration, Radius } = record(one);
    return {
      mobility: number(Mobility, 1), delay: number(Delay, 1, 0, 1000), acceleration: number(Acceleration, 1), radius: number(Radius, 1, 0),
    };
  });
  const normalization = record(chain.Normalization);
  const shared = (one: Readonly<Record<string, unknown>>, place: unknown): PhysicsInput[] => {
    const index = places.get(text(record(place).Id));
    if (index === undefined) return [];
    const axis = one.Type === 'X' ? 'x' : one.Type === 'Y' ? 'y' : 'angle';
    return [{ index, weight: number(one.Weight, 100, 0, 100) / 100, axis, reflect: one.Reflect === true }];
  };
  return {
    vertices,
    inputs: list(chain.Input).map(record).flatMap((one) => shared(one, one.Source)),
    outputs: list(chain.Output).map(record).flatMap((one) => {
      const vertex = number(one.VertexIndex, 0);
      if (!Number.isInteger(vertex) || vertex < 1 || vertex >= vertices.length) return [];
      return shared(one, one.Destination).map((rest) => ({ ...rest, vertex, scale: number(one.Scale, 1) }));
    }),
    position: readRange(normalization.Position),
    angle: readRange(normalization.Angle),
  };
}

function readRange(json: unknown): PhysicsRange {
  const { Minimum, Default, Maximum } = record(json);
  const one = number(Minimum, -10);
  const other = number(Maximum, 10);
  return { low: Math.min(one, other), middle: number(Default, 0), high: Math.max(one, other) };
}

function vector(json: unknown, x: number, y: number): { readonly x: number; readonly y: number } {
  const { X, Y } = record(json);
  return { x: number(X, x, -1000, 1000), y: number(Y, y, -1000, 1000) };
}
