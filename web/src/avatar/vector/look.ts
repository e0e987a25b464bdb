/** The three figures that a look begins with. */
export const bases = ['koto', 'kitsu', 'nagi'] as const;
export type Base = (typeof bases)[number];

/** What may be coloured. A colour that a look does not name follows those that it does name, see {@link Look.colours}. */
export const colourNames = [
  'hair', 'hairTips', 'hairShade', 'hairShine', 'skin', 'eyes', 'dress', 'dressTrim', 'skirt', 'accent',
] as const;
export type ColourName = (typeof colourNames)[number];

/** What may be chosen, and among what. */
export const choices = {
  /** `tails`: two long swinging tails. `tufts`: short, tousled, fluffy at the cheeks. `straight`: one smooth fall to the knees. */
  hairstyle: ['tails', 'tufts', 'straight'],
  ears: ['none', 'fox', 'cat'],
  tail: ['none', 'fox', 'cat'],
  eyeShape: ['round', 'keen', 'calm'],
  /** `shrine`: a white robe over a skirt. `wander`: a short jacket with a scarf. `gown`: a plain long dress with a round collar. */
  clothes: ['shrine', 'wander', 'gown'],
  headset: ['none', 'ears', 'neck'],
} as const;
export type ChoiceName = keyof typeof choices;
export type Choices = { readonly [Name in ChoiceName]: (typeof choices)[Name][number] };

/** How a drawn character looks. */
export interface Look extends Choices {
  readonly base: Base;
  /** Only what differs from the base, as `#rrggbb`. */
  readonly colours: Readonly<Partial<Record<ColourName, string>>>;
}

const figures: Readonly<Record<Base, Choices>> = {
  koto: { hairstyle: 'tails', ears: 'none', tail: 'none', eyeShape: 'round', clothes: 'shrine', headset: 'ears' },
  kitsu: { hairstyle: 'tufts', ears: 'fox', tail: 'fox', eyeShape: 'keen', clothes: 'wander', headset: 'none' },
  nagi: { hairstyle: 'straight', ears: 'none', tail: 'none', eyeShape: 'calm', clothes: 'gown', headset: 'neck' },
};

/** The look of a built-in character. */
export const lookOf = (base: Base): Look => ({ base, ...figures[base], colours: {} });

const hex = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** `#abc` as `#aabbcc`, in small letters. */
function sixDigits(text: string): string {
  return (text.length === 4 ? text.replaceAll(/[^#]/g, '$&$&') : text).toLowerCase();
}

/**
 * A look from what a character's file says: `{ "base": "kitsu", "hair": "#334455", "tail": "none" }`. Whatever makes no sense is
 * left out, so that a typing error costs one colour and not the figure; `warn` is told once what was left out, and what would be right.
 * @param fallback the base of a look that names none
 */
export function readLook(value: unknown, fallback: Base = 'koto', warn: (text: string) => void = console.warn): Look {
  const given: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  const wrong: string[] = [];
  const pick = <T extends string>(name: string, among: readonly T[], otherwise: T): T => {
    const wish = given[name];
    if (wish === undefined || wish === null) return otherwise;
    if (among.includes(wish as T)) return wish as T;
    wrong.push(`${name} is one of ${among.join(', ')}, not ${shown(wish)}`);
    return otherwise;
  };

  const base = pick('base', bases, fallback);
  const chosen = Object.entries(choices).map(([name, among]) => [name, pick<string>(name, among, figures[base][name as ChoiceName])]);
  const colours: Partial<Record<ColourName, string>> = {};
  for (const name of colourNames) {
    const wish = given[name];
    if (wish === undefined || wish === null) continue;
    if (typeof wish === 'string' && hex.test(wish.trim())) colours[name] = sixDigits(wish.trim());
    else wrong.push(`${name} is a colour such as #aa88ff, not ${shown(wish)}`);
  }
  for (const name of Object.keys(given)) {
    if (name !== 'base' && !Object.hasOwn(choices, name) && !(colourNames as readonly string[]).includes(name)) {
      wrong.push(`${shown(name)} is not known`);
    }
  }
  if (value !== undefined && value !== null && (typeof value !== 'object' || Array.isArray(value))) {
    wrong.push(`a look is an object, not ${shown(value)}`);
  }
  if (wrong.length > 0) warn(`A look has parts that were left out: ${wrong.slice(0, 8).join('; ')}.`);
  return { base, ...(Object.fromEntries(chosen) as Choices), colours };
}

/** A value as a warning shows it: short, whatever it is. */
function shown(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}
