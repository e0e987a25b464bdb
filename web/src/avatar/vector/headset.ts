import type { Frame, Part } from './frame';
import { flat } from './head';
import { colour, type Paints } from './palette';
import { shape, warped } from './path';
import { strands, type Strand } from './strand';
import { add, scale, translate, writer } from './svg';

const arc = 'M150 284C136 128 206 76 300 76C394 76 464 128 450 284';
const streamer: Strand = {
  d: 'M140 318L152 318L150 338L162 336L156 358L168 357L158 384L143 386L149 366L137 367L143 346L133 347Z',
  root: [146, 316], length: 80, depth: flat(10), swing: 0.75, frequency: 1.7, weight: 0.9,
};

/** The headset, with paper streamers as they mark a place where spirits live. */
export function createHeadset(parent: Element, paint: Paints): Part {
  const band = shape(arc);
  const outer = writer(add(parent, 'path', { fill: 'none', stroke: colour.clothLine, 'stroke-width': 17 }), 'd');
  const inner = writer(add(parent, 'path', { fill: 'none', stroke: colour.cloth, 'stroke-width': 12.5 }), 'd');
  const line = writer(add(parent, 'path', { fill: 'none', stroke: colour.red, 'stroke-width': 2.5 }), 'd');
  const papers = strands(parent, [streamer, { ...streamer, mirror: true }], {
    fill: colour.white, stroke: colour.clothLine, 'stroke-width': 1.8, 'stroke-linejoin': 'round',
  });
  const cups = [-1, 1].map((sign) => createCup(parent, paint, sign));

  return (frame) => {
    const d = warped(band, frame.turn.warp(flat(-6)));
    outer(d);
    inner(d);
    line(d);
    for (const cup of cups) cup(frame);
    return papers(frame);
  };
}

function createCup(parent: Element, paint: Paints, sign: number): Part {
  const group = add(parent, 'g');
  const place = writer(group, 'transform');
  add(group, 'ellipse', { rx: 24, ry: 38, fill: colour.cloth, stroke: colour.clothLine, 'stroke-width': 2.4 });
  add(group, 'ellipse', { cx: sign * 3, rx: 17, ry: 29, fill: colour.clothShade });
  add(group, 'ellipse', { cx: sign * 4, rx: 13, ry: 23, fill: paint('gold'), stroke: colour.goldLine, 'stroke-width': 1.8 });
  add(group, 'ellipse', { cx: sign * 4, rx: 6.5, ry: 12, fill: colour.red, stroke: colour.redLine, 'stroke-width': 1.6 });
  add(group, 'ellipse', { cx: sign * 4 - 2, cy: -5, rx: 2, ry: 3.5, fill: '#ffd9d2' });
  const at = new Float64Array(2);
  return ({ turn }: Frame) => {
    turn.project(300 + sign * 152, 288, -4, at);
    // A turned head shows the near cup from the side, wide, and the far one edge-on.
    const breadth = 1 - sign * turn.side * 0.75;
    place(`${translate(at[0] ?? 0, at[1] ?? 0)} ${scale(Math.max(0.45, breadth), 1)}`);
  };
}
