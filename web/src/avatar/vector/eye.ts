import type { Frame, Part } from './frame';
import { depths } from './head';
import { colour, type Paints } from './palette';
import { axis } from './path';
import { add, fader, round, rounded, scale, translate, writer } from './svg';

/** A cubic curve as eight numbers; x counts outward from the middle of the eye, y downward. */
export type Curve = readonly [number, number, number, number, number, number, number, number];

/**
 * The upper lid from the outer to the inner corner in its three extreme poses, of which everything else is a mixture; the lower lid; how
 * far the lash lifts off at the outer end; half the width of the pupil, half of whose height is 14.5.
 */
export type EyeShape = readonly [open: Curve, shut: Curve, smile: Curve, lower: Curve, wing: number, pupil: number];

export const roundEyes: EyeShape = [
  [35, -1, 32, -35, -6, -51, -31, -12],
  [36, 14, 25, 27, -12, 29, -31, 15],
  [37, 17, 26, -12, -12, -16, -31, 15],
  [31, 11, 22, 43, -17, 45, -28, 13],
  7, 10,
];

const middle = { side: 59, y: 305 };
const blend = (a: number, b: number, t: number): number => a + (b - a) * t;
const mixed = (a: Curve, b: Curve, t: number): Curve => a.map((value, i) => blend(value, b[i] ?? 0, t)) as unknown as Curve;
const heart = 'M0 11C-7 5 -12 0 -12 -6C-12 -12 -4 -14 0 -7C4 -14 12 -12 12 -6C12 0 7 5 0 11Z';

/** Draws one eye. `left` is the character's own left, the viewer's right. */
export function createEye(parent: Element, paint: Paints, prefix: string, left: boolean, shape: EyeShape): Part {
  const [openLid, shutLid, smileLid, lowerLid, lift, pupil] = shape;
  const sign = left ? 1 : -1;
  const name = left ? 'L' : 'R';
  const centre = axis + sign * middle.side;
  const clipId = `${prefix}-eye${name}`;
  const clip = writer(add(add(parent, 'clipPath', { id: clipId }), 'path'), 'd');

  const ball = add(parent, 'g', { 'clip-path': `url(#${clipId})` });
  const showBall = fader(ball);
  const whole = writer(add(ball, 'path', { fill: '#fdfcff' }), 'd');
  const iris = add(ball, 'g');
  const irisPlace = writer(iris, 'transform');
  add(iris, 'ellipse', { rx: 26, ry: 33.5, fill: paint('iris'), stroke: '#2a1f60', 'stroke-width': 3 });
  add(iris, 'path', { d: 'M-18 8C-16 24 -8 30 0 30C8 30 16 24 18 8C12 16 6 19 0 19C-6 19 -12 16 -18 8Z', fill: '#c9fff4', opacity: 0.5 });
  add(iris, 'ellipse', { cy: 1, rx: pupil, ry: 14.5, fill: paint('pupil') });
  const love = add(iris, 'path', { d: heart, fill: paint('heart'), transform: 'translate(0 4) scale(1.35)' });
  const showLove = fader(love);
  const shadow = writer(add(ball, 'path', { fill: 'none', stroke: '#2b1f63', 'stroke-width': 15, opacity: 0.24 }), 'd');
  const gleam = add(ball, 'g', { fill: colour.white });
  const gleamPlace = writer(gleam, 'transform');
  add(gleam, 'ellipse', { cx: -8, cy: -13, rx: 8.5, ry: 10, transform: 'rotate(18 -8 -13)' });
  add(gleam, 'circle', { cx: 9.5, cy: 13, r: 5 });
  add(gleam, 'circle', { cx: -11, cy: 8, r: 2.4, opacity: 0.9 });
  add(gleam, 'circle', { cx: 11, cy: -14, r: 2.2, opacity: 0.8 });

  const water = add(parent, 'path', { fill: '#bfeaff', stroke: '#8fd0f5', 'stroke-width': 1.5, opacity: 0.9 });
  const waterPath = writer(water, 'd');
  const showWater = fader(water);
  const lowerLine = add(parent, 'path', { ...rounded, fill: 'none', stroke: '#9a6b80', 'stroke-width': 2 });
  const lower = writer(lowerLine, 'd');
  const showLower = fader(lowerLine);
  const crease = add(parent, 'path', { ...rounded, fill: 'none', stroke: '#cf9a91', 'stroke-width': 2 });
  const creasePath = writer(crease, 'd');
  const showCrease = fader(crease);
  const lash = writer(add(parent, 'path', { ...rounded, fill: colour.lash, stroke: colour.lash, 'stroke-width': 1.6 }), 'd');

  const at = new Float64Array(2);
  return ({ values: v, turn }: Frame) => {
    const open = v[`ParamEye${name}Open`];
    const smile = v[`ParamEye${name}Smile`];
    const point = (u: number, y: number): string => {
      const px = centre + sign * u;
      const py = middle.y + y;
      turn.project(px, py, depths.face(px, py), at);
      return `${round(at[0] ?? 0)} ${round(at[1] ?? 0)}`;
    };
    const curve = (c: Curve, lift = 0, outer = lift): string =>
      `C${point(c[2], c[3] - outer)} ${point(c[4], c[5] - lift)} ${point(c[6], c[7] - lift * 0.4)}`;
    const back = (c: Curve): string => `C${point(c[4], c[5])} ${point(c[2], c[3])} ${point(c[0], c[1])}`;

    const shut = mixed(shutLid, smileLid, smile);
    const lid = mixed(shut, openLid, open);
    // A smile pushes the lower lid up while the eye is still open.
    const raised = lowerLid.map((value, i) => (i === 3 || i === 5 ? value - smile * 13 : value)) as unknown as Curve;
    const under = mixed(shut, raised, Math.min(1, open * 1.25));
    const upperLine = `M${point(lid[0], lid[1])}${curve(lid)}`;
    const outline = `${upperLine}L${point(under[6], under[7])}${back(under)}Z`;

    clip(outline);
    whole(outline);
    shadow(`M${point(lid[0], lid[1] + 1)}${curve(lid)}`);
    showBall(open < 0.08 ? 0 : 1);

    const ix = v.ParamEyeBallX * 11;
    const iy = 1 - v.ParamEyeBallY * 9;
    const px = centre + ix;
    const py = middle.y + iy;
    const z = depths.face(px, py);
    turn.project(px, py, z, at);
    const size = 1 + v.ParamEyeBallForm * (v.ParamEyeBallForm < 0 ? 0.3 : 0.12);
    const narrow = size * Math.max(0.72, 1 - Math.max(0, sign * turn.side) * 0.7);
    irisPlace(`${translate(at[0] ?? 0, at[1] ?? 0)} ${scale(narrow, size)}`);
    gleamPlace(`${translate((at[0] ?? 0) - ix * 0.25, (at[1] ?? 0) - (iy - 1) * 0.2)} ${scale(narrow, 1)}`);
    showLove(v.ParamHeart);

    // The lash line is thick outside and thin inside; at the outer end it lifts off as two small wings.
    const wing = 3 + lift * Math.min(1, open);
    const droop = open < 0.3 ? (1 - smile) * 5 : 0;
    const [ox, oy] = [lid[0], lid[1]];
    lash(
      `${upperLine}C${point(lid[4], lid[5] - 4)} ${point(lid[2] + 1, lid[3] - 8)} ${point(ox + 2, oy - 4)}`
      + `Q${point(ox + 7, oy - 4 + droop)} ${point(ox + 10, oy - wing + droop * 2)}`
      + `Q${point(ox + 11, oy + 3 + droop)} ${point(ox - 2, oy + 6)}Z`,
    );
    lower(
      `M${point(blend(under[0], under[2], 0.5), blend(under[1], under[3], 0.52))}`
      + `Q${point(blend(under[2], under[4], 0.5), under[3] * 0.86)} ${point(under[4] * 0.9, blend(under[5], under[7], 0.28))}`,
    );
    showLower(open > 0.15 ? 0.6 : 0);
    creasePath(
      `M${point(lid[0] - 3, lid[1] - 14)}`
      + `C${point(lid[2] - 4, lid[3] - 11)} ${point(lid[4], lid[5] - 11)} ${point(lid[6] + 4, lid[7] - 12)}`,
    );
    showCrease(open > 0.35 ? 0.9 : 0);
    const fill = Math.min(1, v.ParamTear * 1.5);
    const corner = point(under[0] - 4, under[1] + 6);
    waterPath(
      `M${corner}C${point(under[2], under[3] - 8)} ${point(under[4], under[5] - 8)} ${point(under[6] + 2, under[7] + 4)}`
      + `C${point(under[4], under[5] + 3)} ${point(under[2], under[3] + 3)} ${corner}Z`,
    );
    showWater(open > 0.2 ? fill * 0.9 : 0);
  };
}
