import { colour } from './palette';

/** Every plain colour of Koto's drawing that a look dyes, by what it is for. Drawings use them as they are; see `createDye`. */
export const tones = {
  ...colour,
  hairDeep: '#4a419a',
  brow: '#4b3a8f',
  irisLine: '#2a1f60',
  irisGlow: '#c9fff4',
  jaw: '#f9cdbd',
  nose: '#d08f83',
  crease: '#cf9a91',
  lipShade: '#e3a091',
  lining: '#c9b9e6',
  pleat: '#b32c48',
  trim: '#ffd98c',
  sign: '#a594f5',
  signToo: '#f2b95a',
} as const;
export type Tone = keyof typeof tones;
