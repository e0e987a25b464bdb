import { add, type Attributes } from './svg';

/** Colours of one tone. All of them are Koto's; a look dyes them. */
const flats = {
  hairLine: '#4a3a8c',
  hairShine: '#d9d0ff',
  hairDeep: '#4a419a',
  lash: '#34265f',
  brow: '#4b3a8f',
  irisLine: '#2a1f60',
  irisGlow: '#c9fff4',
  skinLine: '#b5655c',
  skinPlain: '#fff0e6',
  skinShade: '#f3c3b4',
  jaw: '#f9cdbd',
  nose: '#d08f83',
  crease: '#cf9a91',
  lipShade: '#e3a091',
  clothPlain: '#fbfaff',
  clothShade: '#d5d0f0',
  clothLine: '#6f64a6',
  red: '#ee5a5a',
  redDeep: '#c23350',
  redLine: '#8f2745',
  lining: '#c9b9e6',
  pleat: '#b32c48',
  trim: '#ffd98c',
  goldPlain: '#ffd877',
  goldLine: '#a9691f',
  sign: '#a594f5',
  signToo: '#f2b95a',
} as const;

export const white = '#ffffff';

type Stops = readonly (readonly [offset: number, colour: string, opacity?: number])[];

type Flat = keyof typeof flats;
type Gradient =
  | 'hair' | 'lock' | 'backHair' | 'hairEdge' | 'skin' | 'neck' | 'iris' | 'pupil' | 'blush' | 'mouth'
  | 'cloth' | 'sleeve' | 'skirt' | 'gold' | 'glow' | 'halo' | 'tear' | 'heart';
export type Paint = Flat | Gradient;

/** The value of `fill` or `stroke` for what is painted. */
export type Paints = (paint: Paint) => string;

/** Makes another colour of Koto's. `stop` counts the stops of a gradient. */
export type Dye = (colour: string, paint: Paint, stop: number) => string;

const vertical = (y1: number, y2: number): Attributes => ({ gradientUnits: 'userSpaceOnUse', x1: 0, y1, x2: 0, y2 });
const across = { x1: 0, y1: 0, x2: 0, y2: 1 };

/**
 * Creates the gradients; the result names one as a paint value. Ids start with
 * `prefix`, so that two characters can share a page. `dye` recolours them.
 */
export function createPaints(svg: Element, prefix: string, dye: Dye = (colour) => colour): Paints {
  const defs = add(svg, 'defs');
  const gradient = (name: string, paint: Gradient, attributes: Attributes, stops: Stops): void => {
    const element = add(defs, name, { id: `${prefix}-${paint}`, ...attributes });
    stops.forEach(([offset, colour, opacity], i) => {
      const stop = { offset, 'stop-color': dye(colour, paint, i) };
      add(element, 'stop', opacity === undefined ? stop : { ...stop, 'stop-opacity': opacity });
    });
  };
  const linear = (paint: Gradient, attributes: Attributes, stops: Stops): void => gradient('linearGradient', paint, attributes, stops);
  const radial = (paint: Gradient, stops: Stops): void => gradient('radialGradient', paint, {}, stops);

  // Drawing coordinates, not boxes: neighbouring strands then meet without a seam.
  linear('hair', vertical(84, 330), [[0, '#b9aefb'], [0.3, '#988bee'], [0.65, '#7b70dc'], [1, '#6f6ed9']]);
  linear('lock', vertical(180, 520), [[0, '#8578e2'], [0.45, '#7470da'], [0.75, '#6a98e2'], [1, '#8af0ea']]);
  linear('backHair', vertical(90, 680), [[0, '#6a5fc6'], [0.4, '#5a54b6'], [0.68, '#5877c8'], [1, '#7fe6e6']]);
  linear('hairEdge', vertical(150, 235), [[0, flats.hairLine, 0], [1, flats.hairLine]]);
  linear('skin', vertical(150, 415), [[0, '#ffe9dc'], [0.5, '#fff4ec'], [1, '#ffe6d8']]);
  linear('neck', vertical(400, 470), [[0, '#f0b9a9'], [0.45, '#f7cfc0'], [1, '#ffe6d9']]);
  linear('iris', across, [[0, '#2c2166'], [0.38, '#5a43c8'], [0.68, '#5aa6ee'], [1, '#9ffbe9']]);
  linear('pupil', across, [[0, '#1d1548'], [1, '#33268a']]);
  radial('blush', [[0, '#ff7d93', 0.75], [0.55, '#ff8a9c', 0.4], [1, '#ff8a9c', 0]]);
  linear('mouth', across, [[0, '#7d2140'], [1, '#b7405a']]);
  linear('cloth', vertical(440, 585), [[0, '#ffffff'], [0.6, '#f6f4ff'], [1, '#dcd7f4']]);
  linear('sleeve', across, [[0, '#ffffff'], [0.55, '#f7f5ff'], [1, '#d9d4f3']]);
  linear('skirt', vertical(570, 735), [[0, '#d9414f'], [0.35, '#f2675c'], [0.75, '#e9524f'], [1, '#c8374f']]);
  linear('gold', across, [[0, '#fff3c4'], [0.5, '#ffd56e'], [1, '#f2a33c']]);
  radial('glow', [[0, '#fff2b0', 0.85], [0.45, '#ffdf8a', 0.35], [1, '#ffdf8a', 0]]);
  radial('halo', [[0, '#9c8cf5', 0.45], [0.6, '#8fd9f5', 0.16], [1, '#8fd9f5', 0]]);
  linear('tear', across, [[0, '#e8fbff'], [1, '#74c8f7']]);
  linear('heart', across, [[0, '#ff9fc0'], [1, '#f2477f']]);
  return (paint) => (Object.hasOwn(flats, paint) ? dye(flats[paint as Flat], paint, 0) : `url(#${prefix}-${paint})`);
}
