import { createHem, createPendant } from './body';
import { fromCrown } from './crown';
import type { EyeShape } from './eye';
import type { Part } from './frame';
import { flat } from './head';
import { createPerch, lock, pair } from './hair';
import type { Glyph } from './marks';
import type { Paints } from './palette';
import type { Strand } from './strand';
import { add, rounded } from './svg';
import { tones } from './tones';

const puff = { swing: 0.3, weight: 0.5 };

/** Short hair behind the head that turns outward in tufts. */
export const tufts: readonly Strand[] = [
  ...pair({
    d: 'M226 360C224 402 222 438 214 466C210 480 202 492 194 500C189 506 194 512 202 510C236 502 262 476 274 440C282 410 284 376 284 346Z',
    root: [240, 330], length: 170, depth: flat(-40), frequency: 1.2, ...puff,
  }),
  ...pair({
    d: 'M176 300C168 356 164 404 146 440C138 456 126 468 114 476C108 482 112 490 120 490C166 488 208 460 228 416C240 388 244 350 246 320Z'
      + 'M150 470C170 454 184 434 192 410',
    root: [196, 300], length: 190, depth: flat(-46), frequency: 1.15, ...puff,
  }),
  ...pair({
    d: 'M168 200C136 268 132 334 114 384C107 404 94 416 80 424C74 430 78 438 86 438C130 438 166 416 186 376C202 336 208 286 214 226Z'
      + 'M112 420C134 408 150 390 160 366',
    root: [176, 240], length: 190, depth: flat(-52), frequency: 1.25, ...puff,
  }),
];
export const tuftsGround = 'M168 190C148 280 164 360 230 430L370 430C436 360 452 280 432 190C410 110 190 110 168 190Z';

export const tuftsSides: readonly Strand[] = pair({
  d: 'M158 190C149 220 146 262 146 290C142 316 136 334 128 350C121 366 110 376 98 382C92 388 96 396 104 396'
    + 'C132 396 156 386 172 364C172 388 168 408 158 424'
    + 'C155 432 161 437 168 434C194 420 208 386 209 344C208 304 196 262 204 226C206 200 200 170 190 150',
  root: [178, 240], length: 190, depth: fromCrown, swing: 0.26, frequency: 1.5, weight: 0.5,
});

export const tuftsFringe: readonly Strand[] = [
  ...pair({
    d: 'M246 130C188 158 154 230 158 336C174 324 186 306 194 284C202 258 218 240 240 222C256 198 266 162 266 130Z',
    root: [205, 190], length: 140, ...lock, swing: 0.24,
  }),
  {
    d: 'M274 126C232 154 202 206 190 276C206 264 224 256 236 240C252 224 276 214 290 204C300 180 302 150 298 126Z',
    root: [256, 160], length: 120, ...lock,
  },
  {
    d: 'M318 126C364 152 400 208 408 278C392 266 372 256 360 240C342 222 322 214 312 206C302 180 298 150 302 126Z',
    root: [344, 160], length: 120, ...lock,
  },
  {
    d: 'M258 124C238 164 228 206 238 258C248 244 264 240 276 232C292 214 304 208 308 200C312 176 312 150 306 124Z',
    root: [270, 160], length: 110, ...lock,
  },
  {
    d: 'M286 122C280 170 284 226 304 280C310 256 330 244 344 222C350 190 344 152 328 122Z',
    root: [306, 160], length: 125, ...lock,
  },
];

/** The leaf that foxes of old tales lay on their heads to change their shape. */
export function createLeaf(parent: Element): Part {
  const group = add(parent, 'g');
  const line = { ...rounded, fill: 'none', stroke: '#3f7a3a', 'stroke-width': 2.3 };
  add(group, 'path', { d: 'M300 98C296 66 310 38 350 22C362 52 350 84 316 90Z', ...line, fill: '#8cc665' });
  add(group, 'path', { d: 'M302 98C306 78 318 58 338 40M314 66L312 54M322 58L338 58', ...line, 'stroke-width': 1.8 });
  return createPerch(group);
}

/** Wide, with outer corners that rise. */
export const keenEyes: EyeShape = [
  [37, -10, 30, -36, -8, -46, -31, -6],
  [37, 9, 26, 25, -12, 29, -31, 17],
  [38, 13, 26, -15, -12, -16, -31, 16],
  [32, 4, 23, 41, -17, 44, -28, 15],
  12,
  6.5,
];

const skirt = 'M246 566C240 600 216 640 190 668C184 676 188 684 198 684C214 686 222 696 240 696C256 696 262 688 274 690'
  + 'C286 692 290 700 300 700C310 700 314 692 326 690C338 688 344 696 360 696C378 696 386 686 402 684C412 684 416 676 410 668'
  + 'C384 640 360 600 354 566Z';
const pleats = 'M264 590C258 624 246 656 236 686M285 594C282 628 274 660 270 680M315 594C318 628 326 660 330 680M336 590'
  + 'C342 624 354 656 364 686';
const hem = 'M196 670C214 674 224 684 240 684C256 684 262 676 274 678C286 680 290 688 300 688C310 688 314 680 326 678'
  + 'C338 676 344 684 360 684C376 684 386 674 404 670';

/** A short skirt over legs in dark stockings. */
export function createShortSkirt(parent: Element, paint: Paints): Part {
  const line = { stroke: tones.clothLine, 'stroke-width': 2.2 };
  for (const mirror of [1, -1]) {
    const group = add(parent, 'g', mirror > 0 ? {} : { transform: 'translate(600 0) scale(-1 1)' });
    add(group, 'path', { d: 'M258 668L262 730L290 730L292 668Z', fill: tones.skin, stroke: tones.skinLine, 'stroke-width': 2.2 });
    add(group, 'path', {
      d: 'M258 706L260 734C250 746 252 764 266 768C282 772 294 764 294 750L292 706C280 712 268 712 258 706Z', fill: tones.cloth, ...line,
    });
    add(group, 'path', { d: 'M257 706C268 713 282 713 293 706', fill: 'none', stroke: tones.gold, 'stroke-width': 4 });
  }
  return createHem(parent, [
    [skirt, { fill: paint('skirt'), stroke: tones.redLine, 'stroke-width': 2.4 }],
    [pleats, { ...rounded, fill: 'none', stroke: tones.pleat, 'stroke-width': 2.2, opacity: 0.8 }],
    [hem, { ...rounded, fill: 'none', stroke: tones.trim, 'stroke-width': 3 }],
  ]);
}

/** Neck, crossed collar, broad sash with a knot, and a bell. */
export function createJacket(parent: Element, paint: Paints): Part {
  const line = { stroke: tones.clothLine, 'stroke-width': 2.3 };
  const edging = { fill: tones.red, ...line, 'stroke-width': 1.8 };
  add(parent, 'path', {
    d: 'M276 330L276 430C264 438 268 452 284 466L300 486L316 466C332 452 336 438 324 430L324 330Z', fill: paint('neck'),
  });
  add(parent, 'path', { d: 'M276 360L276 430M324 360L324 430', ...rounded, fill: 'none', stroke: tones.skinLine, 'stroke-width': 2 });
  add(parent, 'path', { d: 'M264 432C266 466 292 508 332 544L314 560C276 526 248 484 246 440Z', ...edging });
  add(parent, 'path', { d: 'M336 432C334 466 308 508 262 552L280 566C324 526 352 484 354 440Z', ...edging });
  add(parent, 'path', {
    d: 'M238 550C264 562 336 562 362 550L366 588'
      + 'C338 602 262 602 234 588Z', fill: paint('gold'), stroke: tones.goldLine, 'stroke-width': 2.3,
  });
  add(parent, 'path', { d: 'M237 568C266 580 334 580 363 568', fill: 'none', stroke: tones.red, 'stroke-width': 4 });
  return createBell(parent, paint);
}

function createBell(parent: Element, paint: Paints): Part {
  add(parent, 'path', { d: 'M274 426C284 440 316 440 326 426', ...rounded, fill: 'none', stroke: tones.clothLine, 'stroke-width': 9 });
  add(parent, 'path', { d: 'M274 426C284 440 316 440 326 426', ...rounded, fill: 'none', stroke: tones.cloth, 'stroke-width': 5 });
  const group = add(parent, 'g');
  add(group, 'circle', { cx: 300, cy: 454, r: 17, fill: paint('gold'), stroke: tones.goldLine, 'stroke-width': 2.2 });
  add(group, 'path', {
    d: 'M284 452C294 457 306 457 316 452M300 462L300 470', ...rounded, fill: 'none', stroke: tones.goldLine, 'stroke-width': 2.4,
  });
  add(group, 'circle', { cx: 300, cy: 462, r: 3.6, fill: tones.goldLine });
  return createPendant(group);
}

const flame = 'M0 12C-8 12 -10 4 -7 -2C-5 2 -3 2 -3 -1C-4 -6 0 -10 3 -14C3 -8 9 -4 8 4C8 9 4 12 0 12Z';
const dice = 'M-9 -5L0 -11L9 -5L9 6L0 12L-9 6ZM-9 -5L0 1L9 -5M0 1L0 12';
/** Small flames and dice: what tells of the fox in stories. */
export const foxfire: readonly Glyph[] = [
  { d: flame, x: 46, y: 360, size: 1.3 },
  { d: dice, x: 572, y: 330, size: 1.2 },
  { d: flame, x: 70, y: 560, size: 0.9 },
  { d: flame, x: 552, y: 250, size: 1.1 },
  { d: dice, x: 22, y: 470, size: 0.9 },
];
