import type { Frame, Part } from './frame';
import type { Paints } from './palette';
import { shape, warped } from './path';
import { Spring } from './spring';
import { add, writer, type Attributes } from './svg';
import { tones } from './tones';

type Piece = readonly [d: string, attributes: Attributes];

const foxTail = 'M306 640C330 690 416 712 492 676C566 640 616 570 606 486C600 430 576 388 548 368C538 361 529 367 531 379'
  + 'C538 432 508 474 458 500C396 532 336 572 306 640Z';
const foxTip = 'M607 500C605 436 578 390 548 368C538 361 529 367 531 379C536 420 520 452 490 480C506 474 518 478 526 490'
  + 'C534 480 546 478 556 492C566 480 588 482 607 500Z';
const foxShade = 'M306 640C330 690 416 712 492 676C566 640 616 570 607 496C596 566 546 626 474 648C404 668 344 664 306 640Z';
const foxFur = 'M420 664C470 650 512 622 540 584M384 632C420 626 452 608 478 584';
const catTail = 'M316 676C392 742 506 750 566 692C602 654 604 602 588 568C578 550 584 530 600 530C612 530 616 516 604 511'
  + 'C574 502 552 534 562 568'
  + 'C572 602 570 640 538 664C492 700 406 690 344 640Z';

/** A tail behind everything. It lags behind the body, sinks and rises with the mood, and wags for joy. */
export function createTail(kind: 'fox' | 'cat'): (parent: Element, paint: Paints) => Part {
  return (parent, paint) => {
    const line = { stroke: tones.hairLine, 'stroke-width': 2.6, 'stroke-linejoin': 'round' };
    const pieces: readonly Piece[] = kind === 'fox'
      ? [[foxTail, { fill: paint('hair'), ...line }], [foxShade, { fill: tones.hairDeep, opacity: 0.45 }],
        [foxTip, { fill: tones.hairShine, ...line }],
        [foxFur, { fill: 'none', stroke: tones.hairLine, 'stroke-width': 2, 'stroke-linecap': 'round', opacity: 0.5 }]]
      : [[catTail, { fill: paint('hair'), ...line }]];
    return hang(add(parent, 'g', { 'data-part': 'tail' }), pieces);
  };
}

const root = { x: 320, y: 640 };
const length = 300;

function hang(parent: Element, pieces: readonly Piece[]): Part {
  const drawn = pieces.map(([d, attributes]) => ({ source: shape(d), d: writer(add(parent, 'path', attributes), 'd') }));
  const near = new Spring(0.9, 0.4);
  const far = new Spring(0.7, 0.35);
  let joy = 0;
  let beat = 0;
  return ({ values: v, seconds }: Frame) => {
    const glad = Math.max(v.ParamSparkle, v.ParamHeart, (v.ParamAhoge - 0.3) * 0.7, 0);
    joy += (glad - joy) * Math.min(1, seconds * 3);
    beat += Math.min(seconds, 0.25) * (5 + joy * 4);
    const wag = joy > 0.05 ? Math.sin(beat) * joy * 9 : 0;
    const lean = v.ParamBodyAngleX * 1.2 + v.ParamBodyAngleZ * 2 + v.ParamFloat * 5;
    const mood = v.ParamAhoge * -7 + v.ParamAnger * -8 + v.ParamSleep * 10;
    const bend = ((near.step(seconds, lean + mood + wag)) * Math.PI) / 180;
    const curl = ((far.step(seconds, near.value) - near.value) * 1.6 * Math.PI) / 180;
    for (const { source, d } of drawn) {
      d(warped(source, (x, y, out) => {
        const dx = x - root.x;
        const dy = y - root.y;
        const t = Math.min(1.2, Math.hypot(dx, dy) / length);
        const angle = bend * t + curl * t * t;
        const sin = Math.sin(angle);
        const cos = Math.cos(angle);
        out[0] = root.x + dx * cos - dy * sin;
        out[1] = root.y + dx * sin + dy * cos;
      }));
    }
    return joy > 0.05;
  };
}
