/** A parameter that is held, on its way there, or on its way back. */
interface Hold {
  /** What it shows, by weight: 0 what else moves the parameter, 1 the value alone. */
  value: number;
  weight: number;
  /** Where both go, and in how many seconds they are there. */
  goal: number;
  aim: 0 | 1;
  left: number;
  /** What was laid last. */
  laid: number;
}

/** Parameters that are held over everything but lips; they come and go within a time, for a face that jumps looks broken. */
export class Holds {
  /** Those that nothing else moves now, with their values. */
  readonly full = new Map<number, number>();
  private readonly all = new Map<number, Hold>();

  /** Whether something is on its way. */
  get moving(): boolean {
    for (const { left } of this.all.values()) if (left > 0) return true;
    return false;
  }

  /** Holds these by their indexes, and lets go of all others, both within so many seconds. */
  show(values: ReadonlyMap<number, number>, seconds: number): void {
    for (const [index, hold] of this.all) {
      if (values.has(index) || hold.aim === 0) continue;
      Object.assign(hold, { goal: hold.value, aim: 0, left: seconds });
    }
    for (const [index, goal] of values) {
      const known = this.all.get(index);
      if (known === undefined) this.all.set(index, { value: goal, weight: 0, goal, aim: 1, left: seconds, laid: goal });
      else if (known.goal !== goal || known.aim === 0 || known.left > seconds) Object.assign(known, { goal, aim: 1, left: seconds });
    }
    this.step(0);
  }

  step(seconds: number): void {
    this.full.clear();
    for (const [index, hold] of this.all) {
      const part = hold.left <= seconds ? 1 : seconds / hold.left;
      hold.value += (hold.goal - hold.value) * part;
      hold.weight += (hold.aim - hold.weight) * part;
      hold.left = Math.max(0, hold.left - seconds);
      if (hold.left > 0) continue;
      if (hold.aim === 0) this.all.delete(index);
      else this.full.set(index, hold.value);
    }
  }

  /** Lays what is held over `values`. */
  lay(values: Float32Array): void {
    for (const [index, hold] of this.all) this.blend(values, index, hold);
  }

  /** Lays it once more over what has changed since {@link lay}. */
  layAgain(values: Float32Array): void {
    for (const [index, hold] of this.all) if (values[index] !== hold.laid) this.blend(values, index, hold);
  }

  private blend(values: Float32Array, index: number, hold: Hold): void {
    values[index]! += (hold.value - values[index]!) * hold.weight;
    // As the array rounds it.
    hold.laid = values[index]!;
  }
}
