import { clamp, ease, limit, list, number, record, seconds, text } from './reading';

type Blend = 'add' | 'multiply' | 'overwrite';

interface Item {
  readonly index: number;
  readonly value: number;
  readonly blend: Blend;
}

interface Expression {
  readonly items: readonly Item[];
  /** In seconds. */
  readonly fadeIn: number;
  readonly fadeOut: number;
  /** How strong it was when the present fade began, how strong it is, and where it goes. */
  from: number;
  level: number;
  to: number;
  /** Seconds since the fade began. */
  time: number;
}

/** As the specification has it where a file says nothing. */
const fadeSeconds = 1;

/** An exp3.json on the parameters of one model. @returns null for what is no such file. */
function readExpression(json: unknown, places: ReadonlyMap<string, number>): Expression | null {
  const file = record(json);
  if (!Array.isArray(file.Parameters)) return null;
  const items = list(file.Parameters).flatMap((one): Item[] => {
    const { Id, Value, Blend } = record(one);
    const index = places.get(text(Id));
    const value = number(Value, Number.NaN);
    if (index === undefined || Number.isNaN(value)) return [];
    return [{ index, value, blend: Blend === 'Multiply' ? 'multiply' : Blend === 'Overwrite' ? 'overwrite' : 'add' }];
  });
  const fadeIn = seconds(file.FadeInTime) ?? fadeSeconds;
  const fadeOut = seconds(file.FadeOutTime) ?? fadeSeconds;
  return { items, fadeIn, fadeOut, from: 0, level: 0, to: 0, time: 0 };
}

/**
 * Any number of expressions at once. Each of them starts from the value below all of them, not from what another one made of it: first what
 * overwrites, then all additions, then all factors. So it does not matter which of two toggles the user pressed first.
 */
export class Expressions {
  private readonly byName = new Map<string, Expression>();
  private active: Expression[] = [];
  private readonly sums: Float64Array;
  private readonly factors: Float64Array;

  /** @param complain Is told of a file that is no expression. */
  constructor(files: ReadonlyMap<string, unknown>, places: ReadonlyMap<string, number>, count: number, complain: (name: string) => void) {
    for (const [name, json] of files) {
      const expression = readExpression(json, places);
      if (expression) this.byName.set(name.toLowerCase(), expression);
      else complain(name);
    }
    this.sums = new Float64Array(count);
    this.factors = new Float64Array(count).fill(1);
  }

  /** Something still fades. */
  get moving(): boolean {
    return this.active.some((one) => one.level !== one.to);
  }

  /** Shows these and takes all others back. */
  show(names: readonly string[], weight: number): void {
    const to = Number.isNaN(weight) ? 1 : clamp(weight, 0, 1);
    const shown = new Set(names.map((name) => this.byName.get(name.toLowerCase())).filter((one) => one !== undefined));
    for (const one of this.active) if (!shown.has(one)) fade(one, 0);
    for (const one of shown) {
      if (!this.active.includes(one)) this.active.push(one);
      fade(one, to);
    }
  }

  /** Advances the fades and lays the expressions over `values`. */
  apply(values: Float32Array, dt: number): void {
    if (this.active.length === 0) return;
    const { sums, factors } = this;
    for (const one of this.active) advance(one, dt);
    for (const { items, level } of this.active) {
      for (const { index, value, blend } of items) {
        if (blend === 'add') sums[index]! += value * level;
        else if (blend === 'multiply') factors[index] = clamp(factors[index]! * (1 + (value - 1) * level), -limit, limit);
        else values[index]! += (value - values[index]!) * level;
      }
    }
    for (const { items } of this.active) {
      for (const { index } of items) {
        values[index] = (values[index]! + sums[index]!) * factors[index]!;
        sums[index] = 0;
        factors[index] = 1;
      }
    }
    this.active = this.active.filter((one) => one.level > 0 || one.to > 0);
  }
}

function fade(one: Expression, to: number): void {
  if (one.to === to) return;
  one.from = one.level;
  one.to = to;
  // The frame that is drawn next is the fade's first one, whenever it was asked for.
  one.time = Number.NEGATIVE_INFINITY;
}

function advance(one: Expression, dt: number): void {
  one.time = one.time === Number.NEGATIVE_INFINITY ? 0 : one.time + dt;
  const duration = one.to > one.from ? one.fadeIn : one.fadeOut;
  const part = duration > 0 ? ease(one.time / duration) : 1;
  one.level = part >= 1 ? one.to : one.from + (one.to - one.from) * part;
}
