import type { ParameterId } from './parameters';

/** A mouth: `open` 0..1; `form` -1 rounded as for "u" to 1 spread as for "i". */
export interface MouthShape {
  readonly open: number;
  readonly form?: number;
}

/** The mouth while the character speaks: lips, and the small movements of a head that talks. */
export class TalkingHead {
  private goal: MouthShape | null = null;
  private open = 0;
  private form = 0;
  /** 1 while the voice holds the mouth, falling to 0 when it gives it back. */
  private grip = 0;
  private energy = 0;

  get speaking(): boolean {
    return this.goal !== null;
  }

  get busy(): boolean {
    return this.speaking || this.grip > 0.01 || this.energy > 0.02;
  }

  hold(shape: MouthShape | null): void {
    this.goal = shape && { open: limit(shape.open, 0, 1), form: limit(shape.form ?? 0, -1, 1) };
  }

  apply(values: Record<ParameterId, number>, dtMs: number, calm: boolean): void {
    const lips = 1 - Math.exp(-dtMs / 28);
    this.open += ((this.goal?.open ?? 0) - this.open) * lips;
    this.form += ((this.goal?.form ?? 0) - this.form) * lips;
    if (this.open < 0.004) this.open = 0;
    this.grip += ((this.goal ? 1 : 0) - this.grip) * (1 - Math.exp(-dtMs / (this.goal ? 30 : 110)));
    this.energy += (this.open - this.energy) * (1 - Math.exp(-dtMs / 160));

    const round = Math.max(0, -this.form) * Math.min(1, this.open * 3);
    values.ParamMouthOpenY += (this.open - values.ParamMouthOpenY) * this.grip;
    values.ParamMouthRound += (round - values.ParamMouthRound) * this.grip;
    values.ParamVoice = this.grip;
    values.ParamMouthForm += Math.max(0, this.form) * 0.35 * this.grip;
    if (calm) return;
    values.ParamAngleY += (this.energy - 0.2) * 5 * this.grip;
    values.ParamBodyAngleY += this.energy * 2.5 * this.grip;
    values.ParamBrowLY += this.energy * 0.3 * this.grip;
    values.ParamBrowRY += this.energy * 0.3 * this.grip;
  }
}

const limit = (value: number, low: number, high: number): number => (Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : 0);
