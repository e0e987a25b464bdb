import { smooth } from './motions';

/** A source of chance, 0 up to but not including 1. */
export type Random = () => number;

const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

/** Bounds of the pause between two blinks, and how often a second blink follows at once. */
export const blinkRules = { shortestMs: 2400, longestMs: 7000, doubled: 0.16, shutMs: 70, heldMs: 45, openMs: 130 } as const;

/** Closes the eyes at natural intervals. */
export class Blink {
  #waitMs: number;
  #ms = Infinity;

  constructor(private readonly random: Random) {
    this.#waitMs = between(random, blinkRules.shortestMs, blinkRules.longestMs);
  }

  get busy(): boolean {
    return this.#ms < Infinity;
  }

  /** How long until the next blink begins; Infinity while one is under way. */
  get quietMs(): number {
    return this.busy ? Infinity : Math.max(0, this.#waitMs);
  }

  /** How far the eyes are open, 0..1. */
  step(dtMs: number): number {
    const { shortestMs, longestMs, doubled, shutMs, heldMs, openMs } = blinkRules;
    if (!this.busy) {
      this.#waitMs -= dtMs;
      if (this.#waitMs > 0) return 1;
      this.#ms = 0;
      this.#waitMs = this.random() < doubled ? 90 : between(this.random, shortestMs, longestMs);
      return 1;
    }
    this.#ms += dtMs;
    if (this.#ms >= shutMs + heldMs + openMs) {
      this.#ms = Infinity;
      return 1;
    }
    return 1 - smooth(this.#ms / shutMs) * (1 - smooth((this.#ms - shutMs - heldMs) / openMs));
  }
}

export interface Stance {
  x: number;
  y: number;
  z: number;
}

/** Shifts the weight now and then: it holds a stance for some seconds and then drifts to the next, as people do. */
export class Sway {
  readonly #from: Stance = { x: 0, y: 0, z: 0 };
  readonly #to: Stance = { x: 0, y: 0, z: 0 };
  readonly stance: Stance = { x: 0, y: 0, z: 0 };
  #ms = 0;
  #shiftMs = 1;
  #holdMs = 1500;

  constructor(private readonly random: Random) {}

  get moving(): boolean {
    return this.#ms < this.#shiftMs;
  }

  step(dtMs: number): void {
    this.#ms += dtMs;
    if (this.#ms > this.#shiftMs + this.#holdMs) {
      Object.assign(this.#from, this.stance);
      this.#to.x = between(this.random, -5, 5);
      this.#to.y = between(this.random, -3, 3);
      this.#to.z = between(this.random, -4, 4);
      this.#shiftMs = between(this.random, 1000, 1500);
      this.#holdMs = between(this.random, 5500, 11000);
      this.#ms = 0;
    }
    const t = smooth(this.#ms / this.#shiftMs);
    this.stance.x = this.#from.x + (this.#to.x - this.#from.x) * t;
    this.stance.y = this.#from.y + (this.#to.y - this.#from.y) * t;
    this.stance.z = this.#from.z + (this.#to.z - this.#from.z) * t;
  }
}
