/** Rests longer than this and the character no longer stares at the pointer. */
const attentionMs = 4000;

/** Follows the pointer: the eyes at once, the head behind them, both back to the viewer when the pointer rests. */
export class Gaze {
  readonly eyes = { x: 0, y: 0 };
  readonly head = { x: 0, y: 0 };
  #goal = { x: 0, y: 0 };
  #restedMs = Infinity;

  /** Where to look: -1..1 from the face to the edges of the view, y up. */
  at(x: number, y: number): void {
    this.#goal = { x: limit(x), y: limit(y) };
    this.#restedMs = 0;
  }

  leave(): void {
    this.#goal = { x: 0, y: 0 };
  }

  get moving(): boolean {
    return Math.abs(this.#goal.x - this.head.x) + Math.abs(this.#goal.y - this.head.y) > 0.02;
  }

  step(dtMs: number): void {
    this.#restedMs += dtMs;
    if (this.#restedMs > attentionMs) this.leave();
    follow(this.eyes, this.#goal, dtMs, 70);
    follow(this.head, this.#goal, dtMs, 230);
  }
}

function follow(point: { x: number; y: number }, goal: { x: number; y: number }, dtMs: number, delayMs: number): void {
  const part = 1 - Math.exp(-dtMs / delayMs);
  point.x += (goal.x - point.x) * part;
  point.y += (goal.y - point.y) * part;
}

const limit = (value: number): number => (Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : 0);
