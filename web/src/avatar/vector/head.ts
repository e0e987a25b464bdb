import { axis, type Warp } from './path';

/** Centre of the skull in the drawing. */
export const skull = { x: axis, y: 262 };

/** How far a point lies towards the viewer from the middle of the skull. */
export type Depth = (x: number, y: number) => number;

const dome = (depth: number, rx: number, ry: number, floor: number): Depth => (x, y) => {
  const u = (x - skull.x) / rx;
  const v = (y - skull.y) / ry;
  return depth * Math.sqrt(Math.max(floor, 1 - u * u - v * v));
};

export const depths = {
  face: dome(92, 152, 250, 0.12),
  nose: dome(108, 152, 250, 0.12),
  fringe: dome(112, 166, 250, 0.1),
  cap: dome(112, 158, 176, 0),
  shine: dome(114, 158, 176, 0),
} as const;

export const flat = (depth: number): Depth => () => depth;

/** The turn of the head as a rotation in space, seen with a slight perspective. */
export class HeadTurn {
  #sinYaw = 0;
  #cosYaw = 1;
  #sinPitch = 0;
  #cosPitch = 1;

  /** Cubism degrees; a drawn face stays convincing to about two thirds of them. */
  turn(angleX: number, angleY: number): void {
    const yaw = (angleX * 0.68 * Math.PI) / 180;
    const pitch = (angleY * 0.62 * Math.PI) / 180;
    this.#sinYaw = Math.sin(yaw);
    this.#cosYaw = Math.cos(yaw);
    this.#sinPitch = Math.sin(pitch);
    this.#cosPitch = Math.cos(pitch);
  }

  /** Positive when the face looks to the viewer's right; -1..1 in the limit. */
  get side(): number {
    return this.#sinYaw;
  }

  project(x: number, y: number, z: number, out: Float64Array): void {
    const dx = x - skull.x;
    const dy = y - skull.y;
    const turned = z * this.#cosYaw - dx * this.#sinYaw;
    const near = 1 + (dy * this.#sinPitch + turned * this.#cosPitch - z) * 0.0006;
    out[0] = skull.x + (dx * this.#cosYaw + z * this.#sinYaw) * near;
    out[1] = skull.y + (dy * this.#cosPitch - turned * this.#sinPitch) * near;
  }

  warp(depth: Depth): Warp {
    return (x, y, out) => this.project(x, y, depth(x, y), out);
  }
}
