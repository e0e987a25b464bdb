import { headDrift, type Frame, type Part } from './frame';
import { colour, type Paints } from './palette';
import { shape, warped, type Shape } from './path';
import { Spring } from './spring';
import { add, rotate, round, rounded, writer, type Attributes, type Write } from './svg';

const skirt = 'M246 566C236 612 206 668 176 700C168 710 172 722 184 724C198 728 208 738 224 738C242 738 250 730 262 732C278 735 286 744 300 744C314 744 322 735 338 732C350 730 358 738 376 738C392 738 402 728 416 724C428 722 432 710 424 700C394 668 364 612 354 566Z';
const pleats = 'M262 590C254 640 238 690 226 726M284 594C280 640 270 690 264 722'
  + 'M316 594C320 640 330 690 336 722M338 590C346 640 362 690 374 726';
const trim = 'M180 707C200 712 212 722 226 722C244 722 252 716 264 718C278 720 288 728 300 728C312 728 322 720 336 718C348 716 356 722 374 722C388 722 400 712 420 707';

/** Feet, skirt and its hem: the lower end of a spirit that does not touch the ground. */
export function createSkirt(parent: Element, paint: Paints): Part {
  const foot = { fill: colour.white, stroke: colour.clothLine, 'stroke-width': 2.2 };
  add(parent, 'path', { d: 'M262 726C252 742 252 762 266 768C282 772 294 764 294 750C295 740 292 732 288 726Z', ...foot });
  add(parent, 'path', { d: 'M338 726C348 742 348 762 334 768C318 772 306 764 306 750C305 740 308 732 312 726Z', ...foot });
  return createHem(parent, [
    [skirt, { fill: paint('skirt'), stroke: colour.redLine, 'stroke-width': 2.4 }],
    [pleats, { ...rounded, fill: 'none', stroke: '#b32c48', 'stroke-width': 2.2, opacity: 0.75 }],
    [trim, { ...rounded, fill: 'none', stroke: '#ffd98c', 'stroke-width': 3 }],
  ]);
}

/** Cloth that hangs from the waist, is left behind by turns and lifted by jumps. */
export function createHem(parent: Element, pieces: readonly (readonly [d: string, Attributes])[]): Part {
  const hem = pieces.map(([d, attributes]): [Shape, Write] => [shape(d), writer(add(parent, 'path', attributes), 'd')]);
  const sway = new Spring(0.8, 0.35);
  return ({ values: v, seconds }: Frame) => {
    const drift = v.ParamBodyAngleX * 2.4 + v.ParamBodyAngleZ * 5 + v.ParamAngleX * 0.25;
    const lag = sway.step(seconds, drift) - drift;
    const lift = v.ParamFloat * -3;
    for (const [source, d] of hem) {
      d(warped(source, (x, y, out) => {
        const t = Math.max(0, (y - 580) / 150);
        out[0] = x + lag * 0.55 * t * t + (x - 300) * lift * 0.004 * t;
        out[1] = y + lift * t;
      }));
    }
  };
}

const torso = 'M264 436C240 442 222 456 217 484C213 520 232 552 243 574L357 574C368 552 387 520 383 484C378 456 360 442 336 436C322 452 278 452 264 436Z';

/** The robe below the arms. */
export function drawRobe(parent: Element, paint: Paints): void {
  add(parent, 'path', { d: torso, fill: paint('cloth'), stroke: colour.clothLine, 'stroke-width': 2.3 });
}

/** Neck, collar, sash and the charm with the sign for "word", over the arms. */
export function createCollar(parent: Element, paint: Paints): Part {
  const line = { stroke: colour.clothLine, 'stroke-width': 2.3 };
  const edging = { fill: colour.red, stroke: colour.redLine, 'stroke-width': 1.6 };
  add(parent, 'path', {
    d: 'M276 330L276 430C264 438 268 452 284 466L300 486L316 466C332 452 336 438 324 430L324 330Z', fill: paint('neck'),
  });
  add(parent, 'path', { d: 'M276 360L276 430M324 360L324 430', ...rounded, fill: 'none', stroke: colour.skinLine, 'stroke-width': 2 });
  // The wearer's left side lies on top; the other way round is how the dead are dressed.
  add(parent, 'path', { d: 'M262 434C264 466 290 506 330 540L318 556C276 524 248 484 246 440Z', fill: colour.cloth, ...line });
  add(parent, 'path', { d: 'M262 434C264 466 290 506 330 540L325 546C286 514 256 470 255 437Z', ...edging });
  add(parent, 'path', { d: 'M338 434C336 466 308 508 258 548L268 562C322 524 352 484 354 440Z', fill: colour.cloth, ...line });
  add(parent, 'path', { d: 'M338 434C336 466 308 508 258 548L263 554C314 514 344 470 345 437Z', ...edging });
  add(parent, 'path', {
    d: 'M240 556C264 566 336 566 360 556L364 584C336 596 264 596 236 584Z',
    fill: colour.redDeep, stroke: colour.redLine, 'stroke-width': 2.3,
  });
  add(parent, 'path', { d: 'M239 568C266 578 334 578 361 568', fill: 'none', stroke: colour.gold, 'stroke-width': 3 });
  return createCharm(parent, paint);
}

/** Strokes of 言 around its middle. */
const word = 'M-1.5 -12.5L1.5 -10.5M-10 -6L10 -6M-6 -1.5L6 -1.5M-6 2.5L6 2.5M-6 6.5L6 6.5L6 12L-6 12Z';

function createCharm(parent: Element, paint: Paints): Part {
  const group = add(parent, 'g');
  add(group, 'circle', { cx: 300, cy: 522, r: 44, fill: paint('glow') });
  add(group, 'path', { d: 'M286 474Q294 490 300 500Q306 490 314 474', fill: 'none', stroke: colour.redDeep, 'stroke-width': 3 });
  add(group, 'circle', { cx: 300, cy: 522, r: 22, fill: paint('gold'), stroke: colour.goldLine, 'stroke-width': 2.2 });
  add(group, 'circle', { cx: 300, cy: 522, r: 18, fill: 'none', stroke: '#fff6d6', 'stroke-width': 1.5 });
  add(group, 'path', { d: word, ...rounded, transform: 'translate(300 522)', fill: 'none', stroke: '#8a3a1d', 'stroke-width': 2.6 });
  return createPendant(group);
}

/** Lets a group that hangs from the neck swing. */
export function createPendant(group: Element): Part {
  const swing = writer(group, 'transform');
  const spring = new Spring(1.5, 0.18);
  return (frame) => {
    const drift = headDrift(frame) * 0.5 + frame.values.ParamBodyAngleX * 2;
    const lag = spring.step(frame.seconds, drift) - drift;
    swing(`${rotate(lag * 0.7, 300, 474)} translate(${round(frame.values.ParamBodyAngleX * 0.5)} 0)`);
  };
}
