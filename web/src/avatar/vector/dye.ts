import type { Base, ColourName } from './look';
import type { Paint } from './palette';
import { lightness, mix, shade } from './shade';
import { tones, type Tone } from './tones';

export type Colours = Readonly<Record<ColourName, string>>;

/** What each figure is coloured in. Those of Koto name what its drawing has: they count only beside one that a look changes. */
const own: Readonly<Record<Base, Colours>> = {
  koto: {
    hair: '#7b70dc', hairTips: '#8af0ea', hairShade: '#5a54b6', hairShine: '#d9d0ff', skin: '#fff0e6', eyes: '#5a43c8',
    dress: '#fbfaff', dressTrim: '#ee5a5a', skirt: '#f2675c', accent: '#ffd877',
  },
  kitsu: {
    hair: '#f0883a', hairTips: '#ffe9c9', hairShade: '#d2682c', hairShine: '#fff1da', skin: '#fff0e2', eyes: '#c77a12',
    dress: '#2f7775', dressTrim: '#fff1d8', skirt: '#24544f', accent: '#f2c14e',
  },
  nagi: {
    hair: '#a3b7d3', hairTips: '#dfe9f6', hairShade: '#7187ad', hairShine: '#f4f8ff', skin: '#fff3ec', eyes: '#4b6fa8',
    dress: '#6d86b0', dressTrim: '#f6f8fc', skirt: '#617aa6', accent: '#e9d3a0',
  },
};

/** Who follows whom when a look names only the first, and how. */
const followers: readonly (readonly [ColourName, ColourName, (leader: string) => string])[] = [
  ['hairTips', 'hair', (hair) => shade(hair, lightness(hair) > 0.85 ? -0.08 : 0.3)],
  ['hairShade', 'hair', (hair) => shade(hair, -0.2)],
  ['hairShine', 'hair', (hair) => shade(hair, 0.6, 0.6)],
];

/** All colours of a figure whose look names some. A gown is one cloth from collar to hem. */
export function allColours(base: Base, named: Readonly<Partial<Record<ColourName, string>>>, gown: boolean): Colours {
  const colours: Record<ColourName, string> = { ...own[base], ...named };
  for (const [name, leader, follow] of followers) {
    if (named[leader] !== undefined && named[name] === undefined) colours[name] = follow(named[leader]);
  }
  if (named.skirt !== undefined) return colours;
  const { dress, dressTrim } = named;
  if (gown && (base !== 'nagi' || dress !== undefined)) colours.skirt = shade(colours.dress, -0.06);
  else if (base === 'koto') colours.skirt = dressTrim ?? colours.skirt;
  else if (dress !== undefined) colours.skirt = shade(dress, -0.16);
  return colours;
}

/** The named colours that a colour is made of, and how. */
type Recipe<T> = readonly [uses: readonly ColourName[], make: (c: Colours) => T];

/** A line around a colour: much darker, and never lighter than lines may be. */
const line = (hex: string): string => shade(hex, Math.min(-0.42, 0.42 / Math.max(0.42, lightness(hex)) - 1));
const skinLine = ({ skin }: Colours): string =>
  lightness(skin) > 0.75 ? mix(shade(skin, -0.3), '#a3493f', 0.75) : mix(shade(skin, -0.42), '#7a2f28', 0.3);
const blood = (c: Colours, t: number): string => mix(c.skin, '#e2725e', t);

/** How the stops of each gradient are made of the named colours. Those that are absent are the same for all figures. */
const gradients: Readonly<Partial<Record<Paint, Recipe<readonly string[]>>>> = {
  hair: [['hair'], ({ hair }) => [shade(hair, 0.34, 0.9), shade(hair, 0.14), hair, shade(hair, -0.06)]],
  lock: [['hair', 'hairTips'], ({ hair, hairTips }) => [shade(hair, 0.105), hair, mix(hair, hairTips, 0.45), hairTips]],
  backHair: [['hairShade', 'hairTips'], ({ hairShade, hairTips }) =>
    [shade(hairShade, 0.05), hairShade, mix(hairShade, hairTips, 0.3), mix(hairShade, hairTips, 0.8)]],
  hairEdge: [['hair'], ({ hair }) => [line(hair), line(hair)]],
  iris: [['eyes'], ({ eyes }) => [shade(eyes, -0.55), shade(eyes, -0.05), shade(eyes, 0.35), shade(eyes, 0.75, 0.8)]],
  pupil: [['eyes'], ({ eyes }) => [shade(eyes, -0.75, 0.7), shade(eyes, -0.5)]],
  skin: [['skin'], (c) => [blood(c, 0.06), shade(c.skin, 0.3), blood(c, 0.07)]],
  neck: [['skin'], (c) => [shade(blood(c, 0.26), -0.08), blood(c, 0.2), blood(c, 0.06)]],
  cloth: [['dress'], ({ dress }) => [shade(dress, 0.22), shade(dress, 0.04), shade(dress, -0.1)]],
  sleeve: [['dress'], ({ dress }) => [shade(dress, 0.18), shade(dress, 0.04), shade(dress, -0.1)]],
  skirt: [['skirt'], ({ skirt }) => [shade(skirt, -0.08), shade(skirt, 0.1), skirt, shade(skirt, -0.14)]],
  gold: [['accent'], ({ accent }) => [shade(accent, 0.6, 0.6), accent, shade(accent, -0.14, 1.2)]],
  glow: [['accent'], ({ accent }) => [shade(accent, 0.5), accent, accent]],
  halo: [['hair'], ({ hair, hairTips }) => [hair, hairTips, hairTips]],
};

/** Koto's hair where locks begin on the crown. */
const atCrown = '#9186ea';

/** How each plain colour is made of the named ones. */
const plain: Readonly<Partial<Record<Tone, Recipe<string>>>> = {
  hairLine: [['hair'], ({ hair }) => line(hair)],
  hairDeep: [['hairShade'], ({ hairShade }) => shade(hairShade, -0.18)],
  hairShine: [['hairShine'], ({ hairShine }) => hairShine],
  lash: [['hair'], ({ hair }) => mix(shade(line(hair), -0.3), '#2a2036', 0.5)],
  brow: [['hair'], ({ hair }) => shade(line(hair), 0.05)],
  irisLine: [['eyes'], ({ eyes }) => shade(eyes, -0.62, 0.8)],
  irisGlow: [['eyes'], ({ eyes }) => shade(eyes, 0.8)],
  skinLine: [['skin'], (c) => skinLine(c)],
  skin: [['skin'], ({ skin }) => skin],
  skinShade: [['skin'], (c) => shade(blood(c, 0.24), -0.06)],
  jaw: [['skin'], (c) => blood(c, 0.2)],
  nose: [['skin'], (c) => mix(c.skin, skinLine(c), 0.7)],
  crease: [['skin'], (c) => mix(c.skin, skinLine(c), 0.6)],
  lipShade: [['skin'], (c) => mix(c.skin, skinLine(c), 0.45)],
  cloth: [['dress'], ({ dress }) => dress],
  clothShade: [['dress'], ({ dress }) => shade(dress, -0.14)],
  clothLine: [['dress'], ({ dress }) => line(dress)],
  lining: [['dress'], ({ dress }) => shade(dress, lightness(dress) > 0.75 ? -0.22 : -0.3)],
  red: [['dressTrim'], ({ dressTrim }) => dressTrim],
  redDeep: [['dressTrim'], ({ dressTrim }) => shade(dressTrim, -0.2)],
  redLine: [['dressTrim', 'skirt'], ({ skirt }) => line(skirt)],
  pleat: [['skirt'], ({ skirt }) => shade(skirt, -0.26)],
  trim: [['accent', 'skirt'], ({ accent }) => accent],
  gold: [['accent'], ({ accent }) => accent],
  goldLine: [['accent'], ({ accent }) => shade(accent, -0.4)],
  sign: [['hair'], ({ hair }) => hair],
  signToo: [['accent'], ({ accent }) => accent],
};

/**
 * Dyes a drawing that is done. Its colours are those of Koto, as constants, so that the page which shows nothing but Koto carries no
 * table of them. What a look does not touch stays as it was drawn.
 * @param open Whether locks begin on the crown, and have to have its colour there.
 */
export function createDye(
  base: Base, named: Readonly<Partial<Record<ColourName, string>>>, colours: Colours, open: boolean,
): (svg: Element) => void {
  const follows = ([uses]: Recipe<unknown>): boolean =>
    base !== 'koto' || uses.some((name) => named[name] !== undefined || colours[name] !== own[base][name]);
  const vat = new Map<string, string>();
  for (const [tone, recipe] of Object.entries(plain)) if (follows(recipe)) vat.set(tones[tone as Tone], recipe[1](colours));

  const dye = (element: Element): void => {
    for (const name of ['fill', 'stroke']) {
      const dyed = vat.get(element.getAttribute(name) ?? '');
      if (dyed !== undefined) element.setAttribute(name, dyed);
    }
    const paint = element.tagName.endsWith('Gradient') ? element.id.replace(/^.*-/, '') as Paint : undefined;
    const recipe = paint && gradients[paint];
    if (recipe && follows(recipe)) {
      recipe[1](colours).forEach((stop, i) => element.children[i]?.setAttribute('stop-color', stop));
    } else if (paint === 'lock' && open) {
      element.children[0]?.setAttribute('stop-color', atCrown);
    }
    for (const child of element.children) dye(child);
  };
  return dye;
}
