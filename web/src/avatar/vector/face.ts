import { createEye, roundEyes, type EyeShape } from './eye';
import type { Frame, Part } from './frame';
import { depths } from './head';
import { createMouth } from './mouth';
import { colour, type Paints } from './palette';
import { axis, shape, warped } from './path';
import { add, fader, round, rounded, scale, translate, writer } from './svg';

const outline = 'M184 240C180 290 182 326 196 350C216 382 264 404 300 410C336 404 384 382 404 350C418 326 420 290 416 240C414 160 360 118 300 118C240 118 186 160 184 240Z';
const jaw = 'M196 350C216 382 264 404 300 410C336 404 384 382 404 350C380 376 336 394 300 398C264 394 220 376 196 350Z';

/** The face with its eyes, nose, mouth and cheeks; the brows come later because they lie over the hair. */
export function createFace(head: Element, paint: Paints, prefix: string, eyes: EyeShape = roundEyes): Part {
  const parent = add(head, 'g', { 'data-area': 'face' });
  const faceShape = shape(outline);
  const jawShape = shape(jaw);
  const face = writer(add(parent, 'path', { fill: paint('skin'), stroke: colour.skinLine, 'stroke-width': 2.4 }), 'd');
  const shade = writer(add(parent, 'path', { fill: '#f9cdbd', opacity: 0.55 }), 'd');
  const cheeks = [-1, 1].map((sign) => createCheek(parent, paint, sign));
  const features = [
    createEye(parent, paint, prefix, false, eyes), createEye(parent, paint, prefix, true, eyes), createMouth(parent, paint, prefix),
  ];
  const nose = writer(add(parent, 'path', { ...rounded, fill: 'none', stroke: '#d08f83', 'stroke-width': 2.2 }), 'd');
  const noseShape = shape('M298 341Q302 344 299 347');

  return (frame: Frame) => {
    const skin = frame.turn.warp(depths.face);
    face(warped(faceShape, skin));
    shade(warped(jawShape, skin));
    nose(warped(noseShape, frame.turn.warp(depths.nose)));
    for (const cheek of cheeks) cheek(frame);
    for (const feature of features) feature(frame);
  };
}

function createCheek(parent: Element, paint: Paints, sign: number): Part {
  const group = add(parent, 'g');
  const place = writer(group, 'transform');
  const glow = fader(add(group, 'ellipse', { rx: 30, ry: 18, fill: paint('blush') }));
  const lines = fader(add(group, 'path', {
    d: 'M-10 -4L-15 6M1 -5L-4 6M12 -4L7 6', ...rounded, fill: 'none', stroke: '#f0708a', 'stroke-width': 2.4,
  }));
  const at = new Float64Array(2);
  const x = axis + sign * 78;
  const y = 350;
  return ({ values: v, turn }) => {
    turn.project(x, y, depths.face(x, y), at);
    place(`${translate(at[0] ?? 0, at[1] ?? 0)} ${scale(1 - Math.max(0, sign * turn.side) * 0.8, 1)}`);
    glow(Math.min(1, v.ParamCheek * 1.4));
    lines((v.ParamCheek - 0.55) * 2.5);
  };
}

/**
 * The brows, drawn over the fringe as usual in this style: they carry too much of the mood to be hidden.
 * `gentle` is how far their inner ends are above the outer ones at rest, in pixels of the drawing.
 */
export function createBrows(parent: Element, _: Paints, gentle = 0): Part {
  const brows = ([['R', -1], ['L', 1]] as const).map(([name, sign]) => ({
    name, sign, d: writer(add(parent, 'path', { fill: '#4b3a8f', stroke: '#4b3a8f', 'stroke-width': 1.5, opacity: 0.92 }), 'd'),
  }));
  const at = new Float64Array(2);
  return ({ values: v, turn }) => {
    for (const { name, sign, d } of brows) {
      const lift = v[`ParamBrow${name}Y`] * 11;
      const angle = v[`ParamBrow${name}Angle`] * 10 + gentle;
      const arch = 6 + v[`ParamBrow${name}Form`] * 5;
      const point = (u: number, dy: number): string => {
        const px = axis + sign * (57 + u);
        const py = 241 - lift + dy;
        turn.project(px, py, depths.face(px, py) + 6, at);
        return `${round(at[0] ?? 0)} ${round(at[1] ?? 0)}`;
      };
      const inner = -angle;
      const outer = 3 + angle * 0.7;
      const start = point(-25, inner);
      d(
        `M${start}Q${point(-2, inner * 0.4 - arch - 3)} ${point(28, outer)}`
        + `Q${point(0, inner * 0.3 - arch + 5.5)} ${point(-24, inner + 6.5)}Q${point(-29, inner + 4)} ${start}Z`,
      );
    }
  };
}
