/** A damped spring towards a moving target. `frequency` is in hertz; `damping` 1 comes to rest without overshoot. */
export class Spring {
  value = 0;
  velocity = 0;

  constructor(
    readonly frequency: number,
    readonly damping: number,
  ) {}

  /** Advances by seconds; `kick` is an acceleration from outside. */
  step(seconds: number, target: number, kick = 0): number {
    const w = 2 * Math.PI * this.frequency;
    // A step of a fixed small size keeps the integration stable; whatever lies further back has settled anyway.
    let rest = Math.min(Math.max(seconds, 0), longest);
    while (rest > 1e-6) {
      const dt = Math.min(rest, slice);
      rest -= dt;
      this.velocity += (w * w * (target - this.value) - 2 * this.damping * w * this.velocity + kick) * dt;
      this.value += this.velocity * dt;
    }
    if (!Number.isFinite(this.value + this.velocity)) this.value = this.velocity = 0;
    return this.value;
  }
}

const slice = 1 / 120;
const longest = 0.5;
