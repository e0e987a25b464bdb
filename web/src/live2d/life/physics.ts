import type { RigParameters } from '../rig';
import { readPhysics, type PhysicsChain, type PhysicsFile, type PhysicsOutput, type PhysicsRange, type PhysicsVertex } from './physicsfile';
import { clamp } from './reading';

/** The delay of a vertex counts in these: with a delay of 1 it moves on by one of them in 1/30 s. Measured, as the next one. */
const ticksPerSecond = 30;
/** Of a turn of gravity a segment makes this part at once; forces bring the rest. */
const turnAtOnce = 0.2;
/** A longer gap is none that hair swung through: the page slept. In seconds. */
const longestGap = 5;
/** Files without a rate move once a frame; frames that are further apart, in seconds, are divided. */
const longestStep = 1 / 30;
/** Below this part of the range a segment hangs still. */
const stillness = 0.001;

interface Bob extends PhysicsVertex {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

interface Drive extends PhysicsOutput {
  before: number;
  now: number;
}

interface Chain extends Pick<PhysicsChain, 'inputs' | 'position' | 'angle'> {
  readonly bobs: readonly Bob[];
  readonly drives: readonly Drive[];
  /** Where gravity drew to in the last step. */
  gravityX: number;
  gravityY: number;
}

interface Root {
  readonly x: number;
  readonly y: number;
  /** Of the tilt, in radians. */
  readonly angle: number;
}

/**
 * Chains of pendulums, as physics3.json describes them: parameters move and tilt the root, each bob follows the one above at its distance,
 * and the directions of the segments drive other parameters. Time runs in steps of the file's rate, whatever the frames do: what the inputs
 * were at a step is taken from the line between two frames, what the outputs are at a frame from the line between two steps.
 */
export class Physics {
  private readonly file: PhysicsFile;
  private readonly chains: readonly Chain[];
  /** The inputs as they were at the last step. */
  private readonly inputs: Float32Array;
  private rest = 0;
  private fresh = true;
  /** Something still swings visibly, as of the last step. */
  moving = false;

  constructor(json: unknown, places: ReadonlyMap<string, number>, count: number) {
    this.file = readPhysics(json, places);
    this.chains = this.file.chains.map(({ vertices, outputs, inputs, position, angle }): Chain => ({
      inputs, position, angle, gravityX: 0, gravityY: 1,
      bobs: vertices.map((vertex) => ({ ...vertex, x: 0, y: 0, vx: 0, vy: 0 })),
      drives: outputs.map((output) => ({ ...output, before: 0, now: 0 })),
    }));
    this.inputs = new Float32Array(count);
  }

  /** Advances by `dt` seconds and writes what the chains drive into `parameters.values`. */
  step(parameters: RigParameters, dt: number): void {
    if (this.chains.length === 0) return;
    const { values } = parameters;
    const gap = this.rest + dt > longestGap;
    if (this.fresh || gap) this.settle(parameters);
    if (!gap) this.advance(parameters, dt);
    const { fps } = this.file;
    const part = fps > 0 ? clamp(this.rest * fps, 0, 1) : 1;
    for (const { drives } of this.chains) {
      for (const drive of drives) write(parameters, values, drive, drive.before + (drive.now - drive.before) * part);
    }
  }

  /** Hangs each chain as it hangs when the inputs have been what they are for long. */
  private settle(parameters: RigParameters): void {
    this.fresh = false;
    this.rest = 0;
    this.inputs.set(parameters.values);
    for (const chain of this.chains) {
      const root = rootOf(chain, this.inputs, parameters);
      chain.gravityX = Math.sin(root.angle);
      chain.gravityY = Math.cos(root.angle);
      let { x, y } = root;
      chain.bobs.forEach((bob, at) => {
        if (at > 0) {
          x += chain.gravityX * bob.radius;
          y += chain.gravityY * bob.radius;
        }
        Object.assign(bob, { x, y, vx: 0, vy: 0 });
      });
      this.read(chain, parameters);
      for (const drive of chain.drives) drive.before = drive.now;
    }
  }

  private advance(parameters: RigParameters, dt: number): void {
    const { values } = parameters;
    const { inputs } = this;
    const { fps } = this.file;
    this.rest += dt;
    const step = fps > 0 ? 1 / fps : this.rest / Math.max(1, Math.ceil(this.rest / longestStep - 1e-6));
    // A hair less than a step is one too: sums of frame times are never exact.
    while (step > 0 && this.rest >= step - 1e-9) {
      const part = Math.min(1, step / this.rest);
      this.moving = false;
      for (let index = 0; index < inputs.length; index++) inputs[index]! += (values[index]! - inputs[index]!) * part;
      for (const chain of this.chains) {
        this.swing(chain, rootOf(chain, inputs, parameters), step);
        this.read(chain, parameters);
      }
      this.rest -= step;
    }
    if (this.rest < 0 || fps === 0) this.rest = 0;
  }

  private swing(chain: Chain, root: Root, dt: number): void {
    const { bobs, position } = chain;
    const { wind } = this.file;
    const gx = Math.sin(root.angle);
    const gy = Math.cos(root.angle);
    const turn = angleBetween(chain.gravityX, chain.gravityY, gx, gy) * turnAtOnce;
    const cos = Math.cos(turn);
    const sin = Math.sin(turn);
    chain.gravityX = gx;
    chain.gravityY = gy;
    const first = bobs[0]!;
    first.x = root.x;
    first.y = root.y;
    for (let at = 1; at < bobs.length; at++) {
      const bob = bobs[at]!;
      const above = bobs[at - 1]!;
      const ticks = bob.delay * dt * ticksPerSecond;
      const { x, y } = bob;
      const turnedX = cos * (x - above.x) - sin * (y - above.y);
      // From the turned x, as measured: no true turn, but seen at the largest ones, all the more at high rates.
      const turnedY = sin * turnedX + cos * (y - above.y);
      const dx = turnedX + bob.vx * ticks + (gx * bob.acceleration + wind.x) * ticks * ticks;
      const dy = turnedY + bob.vy * ticks + (gy * bob.acceleration + wind.y) * ticks * ticks;
      const length = Math.hypot(dx, dy) || 1;
      bob.x = above.x + finite(dx / length) * bob.radius;
      bob.y = above.y + finite(dy / length) * bob.radius;
      if (Math.abs(bob.x) < stillness * position.high) bob.x = 0;
      if (ticks <= 0) continue;
      bob.vx = finite(((bob.x - x) / ticks) * bob.mobility);
      bob.vy = finite(((bob.y - y) / ticks) * bob.mobility);
    }
  }

  /** Takes the outputs from the bobs, for this frame and for the chains that follow. */
  private read(chain: Chain, parameters: RigParameters): void {
    for (const drive of chain.drives) {
      drive.before = drive.now;
      drive.now = this.valueOf(chain.bobs, drive);
      write(parameters, this.inputs, drive, drive.now);
      const { index } = drive;
      const range = parameters.maximums[index]! - parameters.minimums[index]!;
      if (Math.abs(drive.now - drive.before) * drive.weight > range * stillness) this.moving = true;
    }
  }

  private valueOf(bobs: readonly Bob[], { vertex, axis, reflect, scale }: Drive): number {
    const end = bobs[vertex]!;
    const start = bobs[vertex - 1]!;
    const dx = end.x - start.x;
    const dy = end.y - start.y;
    let value = axis === 'x' ? dx : dy;
    if (axis === 'angle') {
      const above = bobs[vertex - 2];
      const { gravity } = this.file;
      value = above ? angleBetween(start.x - above.x, start.y - above.y, dx, dy) : angleBetween(-gravity.x, -gravity.y, dx, dy);
    }
    return finite((reflect ? -value : value) * scale);
  }
}

function rootOf({ inputs, position, angle }: Chain, values: Float32Array, { minimums, maximums }: RigParameters): Root {
  let x = 0;
  let y = 0;
  let tilt = 0;
  for (const { index, weight, axis, reflect } of inputs) {
    const range = axis === 'angle' ? angle : position;
    const moved = intoRange(values[index]!, minimums[index]!, maximums[index]!, range) * weight * (reflect ? 1 : -1);
    if (axis === 'x') x += moved;
    else if (axis === 'y') y += moved;
    else tilt += moved;
  }
  const radians = (tilt * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return { x: x * cos + y * sin, y: y * cos - x * sin, angle: radians };
}

/** A parameter's value in the range of a chain: around the middle of its own range, whatever its default is. */
export function intoRange(value: number, minimum: number, maximum: number, { low, middle, high }: PhysicsRange): number {
  const centre = (minimum + maximum) / 2;
  const half = (maximum - minimum) / 2;
  if (!(half > 0)) return middle;
  const part = clamp((value - centre) / half, -1, 1);
  return middle + (part > 0 ? part * (high - middle) : part * (middle - low));
}

function write({ minimums, maximums }: RigParameters, values: Float32Array, { index, weight }: Drive, value: number): void {
  values[index] = values[index]! * (1 - weight) + clamp(value, minimums[index]!, maximums[index]!) * weight;
}

/** By which angle, in radians from -π to π, the second direction is turned against the first. */
function angleBetween(ax: number, ay: number, bx: number, by: number): number {
  const turn = Math.atan2(by, bx) - Math.atan2(ay, ax);
  return turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn;
}

/** What a file of nonsense would make infinite hangs still instead. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
