import { parameters, type ParameterId } from '../../avatar/parameters';
import type { RigParameters } from '../rig';
import type { Names } from './names';
import { clamp } from './reading';

const vowels = ['A', 'I', 'U', 'E', 'O'] as const;
type Vowel = (typeof vowels)[number];

/** How far the mouth is open at each vowel as the director speaks it: there the vowel's own parameter is full. */
const openAt: Readonly<Record<Vowel, number>> = { A: 0.95, I: 0.42, U: 0.38, E: 0.62, O: 0.72 };

const shaping: readonly ParameterId[] = ['ParamMouthForm', 'ParamMouthRound'];

/** What speech at most adds to the mouth's form, for an "i". */
const spreadForm = 0.35;

/**
 * The mouth. While the voice holds it, the parameters that the model's author named for lips show the voice's opening and nothing else,
 * whatever a motion says; a model with shapes for A, I, U, E, O gets those too.
 */
export class Lips {
  /** What it reads of our table; empty for a model without a mouth. */
  readonly ids: readonly ParameterId[];
  /** Parameters that open the mouth; where shapes do it alone, that of an A. */
  readonly first: readonly number[];
  private readonly openers: readonly number[];
  private readonly shapes: readonly (readonly [vowel: Vowel, index: number])[];
  /** The mouth's form without what speech adds: spread lips are only seen against it. */
  private form = Number.NaN;

  /** @param lipSync By the model's author; may be empty. */
  constructor(lipSync: readonly number[], names: Names) {
    const found = vowels.flatMap((vowel): [Vowel, number][] => {
      const index = [`Param${vowel}`, `ParamMouth${vowel}`].map((id) => names.find(id)).find((at) => at >= 0);
      return index === undefined ? [] : [[vowel, index]];
    });
    // A single parameter of such a name means something else.
    this.shapes = found.length >= 3 && found[0]![0] === 'A' ? found : [];
    const named = lipSync.filter((index) => !this.shapes.some(([, shape]) => shape === index));
    const usual = names.find('ParamMouthOpenY');
    this.openers = named.length > 0 ? named : lipSync.length === 0 && usual >= 0 ? [usual] : [];
    this.first = this.openers.length > 0 ? this.openers : this.shapes.slice(0, 1).map(([, index]) => index);
    const mute = this.first.length === 0;
    this.ids = mute ? [] : ['ParamMouthOpenY', 'ParamVoice', ...(this.shapes.length > 0 ? shaping : [])];
  }

  /** Opens the mouth as far as an emotion or a gesture of ours does it; the voice comes later. */
  lay(values: Float32Array, given: ReadonlyMap<string, number>, held: ReadonlyMap<number, number>, rig: RigParameters): void {
    const open = (given.get('ParamMouthOpenY') ?? 0) * (1 - (given.get('ParamVoice') ?? 0));
    if (open <= 0) return;
    for (const index of this.first) if (!held.has(index)) values[index]! += open * room(index, rig);
  }

  /** Lays the voice over `values`, after everything else. */
  speak(values: Float32Array, given: ReadonlyMap<string, number>, dt: number, rig: RigParameters): void {
    const grip = given.get('ParamVoice') ?? 0;
    const open = given.get('ParamMouthOpenY') ?? 0;
    const form = given.get('ParamMouthForm') ?? parameters.ParamMouthForm.rest;
    const spread = this.spread(form, grip, dt);
    if (grip <= 0) return;
    const lay = (index: number, part: number): void => {
      values[index]! += (closed(index, rig) + part * room(index, rig) - values[index]!) * grip;
    };
    for (const index of this.openers) lay(index, open);
    const round = Math.min(1, (given.get('ParamMouthRound') ?? 0) * 1.2);
    const wide = Math.min(spread, 1 - round);
    // 0 is the close vowel of a pair, 1 the open one.
    const height = (low: Vowel, high: Vowel): number => clamp((open - openAt[low]) / (openAt[high] - openAt[low]), 0, 1);
    const shares: Readonly<Record<Vowel, number>> = {
      A: 1 - round - wide,
      I: wide * (1 - height('I', 'E')), E: wide * height('I', 'E'),
      U: round * (1 - height('U', 'O')), O: round * height('U', 'O'),
    };
    for (const [vowel, index] of this.shapes) lay(index, shares[vowel] * Math.min(1, open / openAt[vowel]));
  }

  /** How drawn out to the sides the lips are, 0 to 1. */
  private spread(form: number, grip: number, dt: number): number {
    if (!(form >= this.form) || grip < 0.05) this.form = form;
    else this.form += (form - this.form) * (1 - Math.exp(-dt / 1.5));
    return clamp((form - this.form) / spreadForm, 0, 1);
  }
}

/** The closed mouth: zero, where the range has it. */
const closed = (index: number, { minimums, maximums }: RigParameters): number => clamp(0, minimums[index]!, maximums[index]!);

const room = (index: number, rig: RigParameters): number => rig.maximums[index]! - closed(index, rig);
