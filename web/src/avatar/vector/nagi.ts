import { createHem } from './body';
import { fromCrown } from './crown';
import type { EyeShape } from './eye';
import type { Part } from './frame';
import { lock, pair } from './hair';
import { depths, flat } from './head';
import type { Glyph } from './marks';
import type { Paints } from './palette';
import type { Strand } from './strand';
import { add, rounded, translate, writer } from './svg';
import { tones } from './tones';

const fall = { swing: 0.2, weight: 0.8 };

/** Hair that falls straight to the knees. */
export const straight: readonly Strand[] = [
  ...pair({
    d: 'M214 420C208 490 208 550 208 606C208 630 206 650 200 664C198 673 204 678 212 673C236 660 248 640 252 604C257 548 262 500 264 440Z'
      + 'M222 650C232 626 236 600 238 560',
    root: [226, 300], length: 390, depth: flat(-38), frequency: 0.6, ...fall,
  }),
  ...pair({
    d: 'M166 214C136 330 140 470 148 590C150 622 148 644 142 660C140 669 146 675 154 670C186 656 206 626 212 584C220 520 220 420 226 330Z'
      + 'M172 640C184 612 188 570 186 520C184 470 182 420 184 380M162 380C156 440 156 500 160 560',
    root: [190, 270], length: 400, depth: flat(-48), frequency: 0.64, ...fall,
  }),
];
export const straightGround = 'M162 190C140 300 164 420 210 520L390 520C436 420 460 300 438 190C418 110 182 110 162 190Z';

export const straightSides: readonly Strand[] = pair({
  d: 'M158 190C149 220 146 262 146 290C146 340 150 380 152 424C153 452 150 472 147 488C146 496 152 501 160 500L192 497'
    + 'C200 496 204 490 204 482'
    + 'C208 400 196 330 203 268C206 240 204 190 190 150M168 496C172 470 173 440 172 400M186 496C190 470 191 440 189 400',
  root: [178, 240], length: 270, depth: fromCrown, swing: 0.2, frequency: 0.95, weight: 0.6,
});

export const straightFringe: readonly Strand[] = [
  {
    d: 'M250 128C196 156 164 220 170 306C171 316 180 317 184 308C192 276 208 248 234 222C254 200 264 164 270 130Z',
    root: [212, 190], length: 130, ...lock, swing: 0.2,
  },
  {
    d: 'M334 128C392 150 430 220 428 318C427 328 418 328 415 320C408 284 390 252 362 226C344 204 334 164 330 130Z',
    root: [388, 190], length: 140, ...lock, swing: 0.2,
  },
  {
    d: 'M272 124C244 152 220 190 210 240C206 258 206 266 206 276C207 284 214 285 219 279C238 258 262 238 276 208C284 182 290 152 290 126Z',
    root: [256, 160], length: 120, ...lock, swing: 0.14,
  },
  {
    d: 'M270 124C284 164 312 198 348 222C372 240 388 262 396 288C399 296 408 294 408 285C406 238 388 196 356 164C330 140 300 124 270 124Z',
    root: [300, 150], length: 140, ...lock, swing: 0.14,
  },
  {
    d: 'M266 124C262 158 272 196 298 224C318 246 340 258 356 266C365 269 369 262 363 255C342 232 326 208 316 184C306 162 300 144 300 124Z',
    root: [284, 150], length: 120, ...lock, swing: 0.14,
  },
];

/** Hair so smooth that nothing stands up. */
export const createNothing = (): Part => () => false;

/** Half closed and a little hanging: eyes that are in no hurry. */
export const calmEyes: EyeShape = [
  [36, 7, 34, -19, -5, -39, -31, -6],
  [36, 16, 25, 28, -12, 29, -31, 14],
  [37, 18, 26, -9, -12, -14, -31, 14],
  [32, 15, 22, 43, -17, 44, -28, 13],
  4,
  9,
];

const crescent = 'M-4 -17C8 -15 16 -6 16 5C16 15 8 21 -2 20C6 16 9 10 8 3C7 -6 2 -12 -4 -17Z';

/** A crescent moon in the hair. */
export function createMoon(parent: Element, paint: Paints): Part {
  const group = add(parent, 'g');
  const place = writer(group, 'transform');
  add(group, 'path', { d: crescent, fill: paint('gold'), stroke: tones.goldLine, 'stroke-width': 1.5, 'stroke-linejoin': 'round' });
  add(group, 'circle', { cx: -5, cy: 4, r: 3, fill: tones.white, stroke: tones.goldLine, 'stroke-width': 1.2 });
  const at = new Float64Array(2);
  return ({ turn }) => {
    turn.project(408, 200, depths.fringe(408, 200) + 6, at);
    place(`${translate(at[0] ?? 0, at[1] ?? 0)} rotate(14) scale(1.5)`);
  };
}

const skirt = 'M246 566C238 610 212 664 186 706C178 720 184 732 200 736C232 744 268 746 300 746C332 746 368 744 400 736'
  + 'C416 732 422 720 414 706C388 664 362 610 354 566Z';
const folds = 'M266 592C260 640 246 692 234 728M300 596L300 736M334 592C340 640 354 692 366 728';
const wave = 'M190 716C204 708 212 716 222 722C234 728 244 718 256 722C268 726 276 734 288 728C296 724 304 724 312 728'
  + 'C324 734 332 726 344 722C356 718 366 728 378 722C388 716 396 708 410 716';

/** A long skirt with a wave along its hem, and slippers. */
export function createLongSkirt(parent: Element, paint: Paints): Part {
  const foot = { fill: tones.clothShade, stroke: tones.clothLine, 'stroke-width': 2.2 };
  add(parent, 'path', { d: 'M262 730C252 744 252 762 266 768C282 772 294 764 294 750C295 740 292 734 288 730Z', ...foot });
  add(parent, 'path', { d: 'M338 730C348 744 348 762 334 768C318 772 306 764 306 750C305 740 308 734 312 730Z', ...foot });
  return createHem(parent, [
    [skirt, { fill: paint('skirt'), stroke: tones.redLine, 'stroke-width': 2.4 }],
    [folds, { ...rounded, fill: 'none', stroke: tones.pleat, 'stroke-width': 2.2, opacity: 0.7 }],
    [wave, { ...rounded, fill: 'none', stroke: tones.red, 'stroke-width': 3 }],
  ]);
}

/** Neck, a round collar with a bow, and buttons. */
export function createRoundCollar(parent: Element, paint: Paints): Part {
  const line = { ...rounded, stroke: tones.clothLine, 'stroke-width': 2.3 };
  add(parent, 'path', { d: 'M276 330L276 440C284 452 316 452 324 440L324 330Z', fill: paint('neck') });
  add(parent, 'path', { d: 'M276 360L276 436M324 360L324 436', ...rounded, fill: 'none', stroke: tones.skinLine, 'stroke-width': 2 });
  add(parent, 'path', { d: 'M300 470L300 560', fill: 'none', stroke: tones.clothLine, 'stroke-width': 1.8 });
  for (const cy of [506, 534]) {
    add(parent, 'circle', { cx: 300, cy, r: 5, fill: paint('gold'), stroke: tones.goldLine, 'stroke-width': 1.6 });
  }
  for (const mirror of [1, -1]) {
    add(parent, 'path', {
      d: 'M274 430C254 436 242 448 240 462C248 480 276 484 299 462C288 454 278 444 274 430Z', fill: tones.red, ...line,
      ...(mirror > 0 ? {} : { transform: 'translate(600 0) scale(-1 1)' }),
    });
  }
  add(parent, 'path', {
    d: 'M240 562C264 572 336 572 360 562L362 578C336 590 264 590 238 578Z', fill: tones.clothShade, ...line, 'stroke-width': 2,
  });
  return createBow(parent);
}

function createBow(parent: Element): Part {
  const line = { ...rounded, fill: tones.gold, stroke: tones.goldLine, 'stroke-width': 2 };
  add(parent, 'path', { d: 'M298 466L282 494L292 492L300 470L308 492L318 494L302 466Z', ...line });
  add(parent, 'path', { d: 'M300 464C288 450 274 452 272 462C272 474 286 478 300 466C314 478 328 474 328 462'
    + 'C326 452 312 450 300 464Z', ...line });
  add(parent, 'circle', { cx: 300, cy: 465, r: 5.5, ...line });
  return () => false;
}

/** A headset that rests around the neck, over what the collar draws. */
export function createNeckHeadset(parent: Element, paint: Paints): Part {
  for (const mirror of [1, -1]) {
    const group = add(parent, 'g', mirror > 0 ? {} : { transform: 'translate(600 0) scale(-1 1)' });
    add(group, 'path', { d: 'M240 452C236 432 248 418 272 412', ...rounded, fill: 'none', stroke: tones.clothLine, 'stroke-width': 12 });
    add(group, 'path', { d: 'M240 452C236 432 248 418 272 412', ...rounded, fill: 'none', stroke: tones.red, 'stroke-width': 8 });
    const cup = add(group, 'g', { transform: 'translate(243 464) rotate(-24)' });
    add(cup, 'ellipse', { rx: 17, ry: 23, fill: tones.red, stroke: tones.clothLine, 'stroke-width': 2.3 });
    add(cup, 'ellipse', { cx: 2, rx: 10.5, ry: 15.5, fill: tones.clothShade, stroke: tones.clothLine, 'stroke-width': 1.6 });
    add(cup, 'ellipse', { cx: 2.5, rx: 4.5, ry: 7, fill: paint('gold') });
  }
  return () => false;
}

const note = 'M-6 8C-10 4 -2 1 -2 6C-2 11 -8 11 -6 8M-2 6L-2 -10Q4 -6 7 -4';
const waves = 'M-12 -4Q-8 -9 -4 -4Q0 1 4 -4Q8 -9 12 -4M-12 6Q-8 1 -4 6Q0 11 4 6Q8 1 12 6';
const signal = 'M-2 6L0 6M-5 -1Q-1 -6 4 -2M-9 -6Q-1 -14 8 -8';
/** Waves of the sea and of the radio. */
export const radio: readonly Glyph[] = [
  { d: waves, x: 56, y: 380, size: 1.2 },
  { d: note, x: 552, y: 340, size: 1.3 },
  { d: signal, x: 540, y: 500, size: 1.2 },
  { d: waves, x: 572, y: 430, size: 0.9 },
  { d: note, x: 40, y: 500, size: 1 },
];
