import type { Frame, Part } from './frame';
import { depths, flat } from './head';
import { colour, type Paints } from './palette';
import { shape, warped } from './path';
import { Spring } from './spring';
import { strands, type Strand } from './strand';
import { add, rotate, translate, writer } from './svg';

export const pair = (strand: Strand): readonly Strand[] => [strand, { ...strand, mirror: true }];

const long = { swing: 0.34, weight: 0.75 };

/** From the middle outward; the inner ones begin where the outer ones, the body and the head leave them visible. */
const back: readonly Strand[] = [
  ...pair({
    d: 'M196 420C192 480 196 540 194 590C192 630 184 656 174 676C171 683 176 688 184 684C218 662 240 622 248 572C254 530 258 490 260 440Z'
      + 'M194 656C203 642 212 622 218 592C226 556 224 520 224 470',
    root: [220, 300], length: 390, depth: flat(-40), frequency: 0.72, ...long,
  }),
  ...pair({
    d: 'M164 320C152 400 150 480 138 560C132 602 118 632 104 654C100 661 105 667 113 664C154 645 184 606 198 560C210 510 218 450 224 380Z'
      + 'M138 638C150 622 161 598 168 566C178 520 180 480 184 440',
    root: [196, 270], length: 400, depth: flat(-48), frequency: 0.78, ...long,
  }),
  ...pair({
    d: 'M172 200C120 290 116 400 98 500C90 546 74 572 58 592C53 599 58 606 66 604C112 594 146 560 162 514C180 456 196 400 212 320Z'
      + 'M88 576C102 558 114 534 122 506C134 470 140 430 146 390',
    root: [176, 250], length: 360, depth: flat(-56), frequency: 0.85, ...long,
  }),
];

const sideLocks: readonly Strand[] = pair({
  d: 'M170 214C148 276 150 350 156 412C160 446 156 472 146 492C143 500 149 505 157 502C186 488 203 458 204 420C205 370 196 322 204 268C208 244 210 230 208 206Z'
    + 'M165 484C176 468 182 446 182 418C182 392 178 362 182 330',
  root: [178, 240], length: 270, depth: flat(46), swing: 0.3, frequency: 1.15, weight: 0.6,
});

export const lock = { swing: 0.2, weight: 0.25, depth: depths.fringe, frequency: 1.9 };

const fringeLocks: readonly Strand[] = [
  ...pair({
    d: 'M246 130C188 160 158 236 172 320C174 330 183 330 186 321C191 284 206 252 238 222C256 198 266 162 266 130Z',
    root: [205, 190], length: 140, ...lock, swing: 0.24,
  }),
  {
    d: 'M322 126C366 156 392 204 387 260C386 269 377 271 373 263C362 240 338 222 314 206C302 180 300 150 304 126Z',
    root: [344, 160], length: 115, ...lock,
  },
  {
    d: 'M274 126C234 156 208 204 213 260C214 269 223 271 227 263C238 240 262 222 288 206C300 180 302 150 298 126Z',
    root: [256, 160], length: 115, ...lock,
  },
  {
    d: 'M258 126C236 166 234 210 252 252C256 260 264 259 265 250C268 230 282 216 298 204C308 180 310 150 304 126Z',
    root: [270, 160], length: 100, ...lock,
  },
  {
    d: 'M284 124C274 170 282 226 306 274C310 281 318 279 318 270C318 246 328 226 340 208C346 180 340 150 326 124Z',
    root: [304, 160], length: 120, ...lock,
  },
];

/** Hair between the crown and the headset, so that no gap opens when locks swing. */
const temples = Array<string>(2).fill('M152 280C148 230 170 170 214 144L252 150C214 184 192 236 182 300C176 306 156 300 152 280Z');

const crown = 'M150 286C136 170 196 88 300 88C404 88 464 170 450 286C446 240 428 206 398 190C366 172 330 166 300 166C270 166 234 172 202 190C172 206 154 240 150 286Z';
const crownEdge = 'M150 286C136 170 196 88 300 88C404 88 464 170 450 286';
const shine = [
  'M196 178C206 148 228 132 258 126C266 124 268 130 262 133C238 142 220 158 206 184C202 190 194 186 196 178Z',
  'M272 124C292 121 318 121 334 124C340 126 339 131 333 131C314 129 294 129 276 131C268 132 266 126 272 124Z',
  'M350 129C372 136 392 152 402 178C404 186 397 189 393 183C382 162 366 148 348 139C341 135 343 127 350 129Z',
];

const behind = 'M160 190C136 300 156 430 196 590L404 590C444 430 464 300 440 190C420 110 180 110 160 190Z';

/** The hair behind the body: strands before a dark ground. */
export function createBackHair(parent: Element, paint: Paints, tresses = back, ground = behind): Part {
  const base = shape(ground);
  const d = writer(add(parent, 'path', { fill: '#4a419a' }), 'd');
  const tails = strands(parent, tresses, { fill: paint('backHair'), stroke: colour.hairLine, 'stroke-width': 2.4 });
  return (frame) => {
    d(warped(base, frame.turn.warp(flat(-40))));
    return tails(frame);
  };
}

/**
 * Everything of the hair that lies before the face, and its shadow on the forehead.
 * @param sides Locks before the ears, over the shoulders.
 * @param createTop What stands up from the crown and shows the mood.
 * @param open The locks at the sides begin on the crown, whose ends no headset then has to hide. Their outline is open above.
 */
export function createFrontHair(parent: Element, paint: Paints, sides = sideLocks, fringe = fringeLocks, createTop = createAhoge,
  open = false): Part {
  const shadow = add(parent, 'path', { fill: colour.skinShade, transform: 'translate(1 11)' });
  const shadowPath = writer(shadow, 'd');
  const hangSides = (stroke: string): Part => strands(parent, sides, { fill: paint('lock'), stroke, 'stroke-width': 2.4 });
  const below = open ? null : hangSides(colour.hairLine);
  const temple = temples.map((path, i) => ({ source: shape(path, i > 0), d: writer(add(parent, 'path', { fill: paint('hair') }), 'd') }));
  const locks = add(parent, 'g');
  const front = strands(locks, fringe, { fill: paint('hair'), stroke: paint('hairEdge'), 'stroke-width': 2.2 });
  const drawn = [...locks.children];

  const cowlick = createTop(parent, paint);
  const crownShape = shape(crown);
  const edgeShape = shape(crownEdge);
  const crownPath = writer(add(parent, 'path', { fill: paint('hair') }), 'd');
  const edgePath = writer(add(parent, 'path', { fill: 'none', stroke: colour.hairLine, 'stroke-width': 2.4 }), 'd');
  const gleams = shine.map((path) => ({
    source: shape(path), d: writer(add(parent, 'path', { fill: colour.hairShine, opacity: 0.75 }), 'd'),
  }));

  const side = below ?? hangSides(paint('hairEdge'));

  return (frame) => {
    const swinging = [side(frame), front(frame)];
    cowlick(frame);
    shadowPath(drawn.map((path) => path.getAttribute('d')).join(''));
    const scalp = frame.turn.warp(depths.fringe);
    for (const { source, d } of temple) d(warped(source, scalp));
    const cap = frame.turn.warp(depths.cap);
    crownPath(warped(crownShape, cap));
    edgePath(warped(edgeShape, cap));
    const gloss = frame.turn.warp(depths.shine);
    for (const { source, d } of gleams) d(warped(source, gloss));
    return swinging.includes(true);
  };
}

/** The cowlick: it shows the mood and is the liveliest spring of all. */
function createAhoge(parent: Element, paint: Paints): Part {
  const group = add(parent, 'g');
  add(group, 'path', {
    d: 'M292 96C276 66 288 34 324 28C344 25 358 34 360 46C361 53 354 56 349 51C340 42 322 46 314 62C309 73 310 86 314 97Z',
    fill: paint('hair'), stroke: colour.hairLine, 'stroke-width': 2.3,
  });
  return createPerch(group);
}

/** Lets a group that stands on the crown swing there. It shows the mood, too. */
export function createPerch(group: Element): Part {
  const place = writer(group, 'transform');
  const spring = new Spring(2.1, 0.16);
  const at = new Float64Array(2);
  return (frame: Frame) => {
    const { values: v, turn } = frame;
    const target = -v.ParamAhoge * 16 - v.ParamAngleX * 0.5 - v.ParamAngleZ * 0.7;
    const angle = spring.step(frame.seconds, target);
    turn.project(300, 92, 20, at);
    place(`${translate((at[0] ?? 0) - 300, (at[1] ?? 0) - 92)} ${rotate(angle - target + -v.ParamAhoge * 16, 302, 96)}`);
  };
}
