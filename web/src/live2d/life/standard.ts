import { parameters, type ParameterId, type ParameterInfo } from '../../avatar/parameters';
import type { RigParameters } from '../rig';
import type { Lips } from './lips';
import type { Names } from './names';
import { clamp, ease } from './reading';

/** What a model can have of our table; the rest of it is the drawn character's own. */
const standard = /^Param(?:Angle|BodyAngle|Breath|Eye|Brow|MouthOpenY|MouthForm|Cheek)/;

const bothEyes = ['ParamEyeLOpen', 'ParamEyeROpen'] as const;
type Eye = (typeof bothEyes)[number];

/** Eyes that stay shut for longer than this are no blink; in seconds, a little more than a blink takes. */
const blinkSeconds = 0.3;

/**
 * How wide the director opens an eye, without its blinks: what is only shut for a moment counts as open. While a motion blinks, an emotion
 * that narrows the eyes still shows.
 */
class Lid {
  private open = 1;
  private from = 1;
  private below = 0;

  /** Takes the director's factor for the next `dt` seconds. */
  step(factor: number, dt: number): number {
    if (factor >= this.open) {
      this.open = factor;
      this.below = 0;
      return factor;
    }
    if (this.below <= blinkSeconds) this.from = this.open;
    this.below += dt;
    if (this.below > blinkSeconds) this.open = this.from + (factor - this.from) * ease((this.below - blinkSeconds) / 0.15);
    return this.open;
  }
}

/**
 * The director's layer: values in the units of our table, laid over what motions and expressions say. What a value differs from rest is
 * scaled from its side of our range to that side of the model's range and added; eyes multiply; breath replaces. Mouth and voice are for
 * the lips.
 */
export class DirectorLayer {
  readonly known: Readonly<Record<string, ParameterInfo>>;
  readonly values = new Map<string, number>();
  private readonly places = new Map<string, number>();
  private readonly added: readonly ParameterId[];
  /** Parameters that open an eye, with the eyes of ours that they follow. */
  private readonly eyes: readonly (readonly [index: number, eyes: readonly Eye[]])[];
  private readonly lids: Readonly<Record<Eye, Lid>> = { ParamEyeLOpen: new Lid(), ParamEyeROpen: new Lid() };
  private breathes = false;

  /**
   * @param eyeBlink Parameters that close the eyes, by the model's author; may be empty.
   * @param lips What the lips read, and the parameters that show it.
   */
  constructor(private readonly rig: () => RigParameters, names: Names, eyeBlink: readonly number[], lips: Pick<Lips, 'ids' | 'first'>) {
    const ids = Object.keys(parameters) as ParameterId[];
    for (const id of ids.filter((one) => standard.test(one))) {
      const place = names.find(id);
      if (place >= 0) this.places.set(id, place);
    }
    if (lips.first.length > 0) this.places.set('ParamMouthOpenY', lips.first[0]!);
    const left = this.places.get('ParamEyeLOpen');
    const right = this.places.get('ParamEyeROpen');
    this.eyes = [...new Set([left, right, ...eyeBlink])].filter((index) => index !== undefined)
      .map((index) => [index, index === left ? ['ParamEyeLOpen'] : index === right ? ['ParamEyeROpen'] : bothEyes]);
    const other = this.eyes.find(([index]) => index !== left && index !== right)?.[0];
    if (other !== undefined) {
      for (const id of bothEyes) if (!this.places.has(id)) this.places.set(id, other);
    }
    this.added = ids.filter((id) => this.places.has(id) && !/^Param(?:Eye.Open|Breath|MouthOpenY)$/.test(id));
    const known = ids.filter((id) => this.places.has(id) || lips.ids.includes(id));
    this.known = Object.fromEntries(known.map((id) => [id, parameters[id]]));
    for (const id of known) this.values.set(id, parameters[id].rest);
  }

  set(id: string, value: number): void {
    const info = Object.hasOwn(this.known, id) ? this.known[id] : undefined;
    if (!info || Number.isNaN(value)) return;
    this.values.set(id, clamp(value, info.min, info.max));
    if (id === 'ParamBreath') this.breathes = true;
  }

  /** Lays it over `values`. @param held Parameters that stay as they are. @param blinks Whether a motion moves the eyes now. */
  apply(values: Float32Array, dt: number, held: ReadonlyMap<number, number>, blinks: boolean): void {
    const rig = this.rig();
    for (const id of this.added) {
      const index = this.places.get(id)!;
      if (!held.has(index)) values[index]! += this.difference(id, index, rig);
    }
    const left = this.eye('ParamEyeLOpen', dt, blinks);
    const right = this.eye('ParamEyeROpen', dt, blinks);
    for (const [index, eyes] of this.eyes) {
      if (held.has(index)) continue;
      values[index]! *= eyes.length > 1 ? (left + right) / 2 : eyes[0] === 'ParamEyeLOpen' ? left : right;
    }
    const breath = this.places.get('ParamBreath');
    if (breath === undefined || !this.breathes || held.has(breath)) return;
    values[breath] = rig.minimums[breath]! + (rig.maximums[breath]! - rig.minimums[breath]!) * this.values.get('ParamBreath')!;
  }

  /** The value that was drawn, in units of our table; NaN for an id that the model has not. */
  get(id: string): number {
    if (!Object.hasOwn(this.known, id)) return Number.NaN;
    const index = this.places.get(id);
    if (index === undefined) return this.values.get(id)!;
    const { minimums, maximums, defaults, values } = this.rig();
    const { min, max, rest } = this.known[id]!;
    const value = values[index]!;
    const low = minimums[index]!;
    const high = maximums[index]!;
    const calm = defaults[index]!;
    if (id === 'ParamBreath') return high > low ? (value - low) / (high - low) : rest;
    if (id === 'ParamEyeLOpen' || id === 'ParamEyeROpen') return clamp(calm > 0 ? value / calm : value, min, max);
    const part = value > calm ? (value - calm) / (high - calm) : value < calm ? (calm - value) / (low - calm) : 0;
    return rest + part * (part > 0 ? max - rest : rest - min);
  }

  /** What the director adds to a parameter, in the model's units. */
  private difference(id: ParameterId, index: number, { minimums, maximums, defaults }: RigParameters): number {
    const { min, max, rest } = parameters[id];
    const over = this.values.get(id)! - rest;
    if (over === 0) return 0;
    const calm = defaults[index]!;
    return over > 0 ? (over / (max - rest)) * (maximums[index]! - calm) : (over / (rest - min)) * (calm - minimums[index]!);
  }

  private eye(id: Eye, dt: number, blinks: boolean): number {
    const factor = this.values.get(id) ?? 1;
    const lasting = this.lids[id].step(factor, dt);
    return blinks ? lasting : factor;
  }
}
