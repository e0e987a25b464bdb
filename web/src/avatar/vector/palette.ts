import { add, type Attributes } from './svg';

export const colour = {
  hairLine: '#4a3a8c',
  hairShine: '#d9d0ff',
  lash: '#34265f',
  skinLine: '#b5655c',
  skin: '#fff0e6',
  skinShade: '#f3c3b4',
  cloth: '#fbfaff',
  clothShade: '#d5d0f0',
  clothLine: '#6f64a6',
  red: '#ee5a5a',
  redDeep: '#c23350',
  redLine: '#8f2745',
  gold: '#ffd877',
  goldLine: '#a9691f',
  white: '#ffffff',
} as const;

type Stops = readonly (readonly [offset: number, colour: string, opacity?: number])[];

function gradient(defs: Element, name: string, id: string, attributes: Attributes, stops: Stops): void {
  const element = add(defs, name, { id, ...attributes });
  for (const [offset, stop, opacity] of stops) {
    add(element, 'stop', { offset, 'stop-color': stop, ...(opacity === undefined ? {} : { 'stop-opacity': opacity }) });
  }
}

const vertical = (y1: number, y2: number): Attributes => ({ gradientUnits: 'userSpaceOnUse', x1: 0, y1, x2: 0, y2 });
const across = { x1: 0, y1: 0, x2: 0, y2: 1 };

export type Paint =
  | 'hair' | 'lock' | 'backHair' | 'hairEdge' | 'skin' | 'neck' | 'iris' | 'pupil' | 'blush' | 'mouth'
  | 'cloth' | 'sleeve' | 'skirt' | 'gold' | 'glow' | 'halo' | 'tear' | 'heart';

/** The value of `fill` or `stroke` for what is painted by a gradient. */
export type Paints = (paint: Paint) => string;

/** Creates the gradients; the result names one as a paint value. Ids start with `prefix`, so that two characters can share a page. */
export function createPaints(svg: Element, prefix: string): Paints {
  const defs = add(svg, 'defs');
  const linear = (id: Paint, attributes: Attributes, stops: Stops): void =>
    gradient(defs, 'linearGradient', `${prefix}-${id}`, attributes, stops);
  const radial = (id: Paint, stops: Stops): void => gradient(defs, 'radialGradient', `${prefix}-${id}`, {}, stops);

  // Drawing coordinates, not boxes: neighbouring strands then meet without a seam.
  linear('hair', vertical(84, 330), [[0, '#b9aefb'], [0.3, '#988bee'], [0.65, '#7b70dc'], [1, '#6f6ed9']]);
  linear('lock', vertical(180, 520), [[0, '#8578e2'], [0.45, '#7470da'], [0.75, '#6a98e2'], [1, '#8af0ea']]);
  linear('backHair', vertical(90, 680), [[0, '#6a5fc6'], [0.4, '#5a54b6'], [0.68, '#5877c8'], [1, '#7fe6e6']]);
  linear('hairEdge', vertical(150, 235), [[0, colour.hairLine, 0], [1, colour.hairLine]]);
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
  return (paint) => `url(#${prefix}-${paint})`;
}
