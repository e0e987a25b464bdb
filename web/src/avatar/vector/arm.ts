import type { Frame, Part } from './frame';
import { colour, type Paints } from './palette';
import { axis } from './path';
import { add, round, rounded, writer } from './svg';

const shoulder = { side: 66, y: 480 };
const upperLength = 74;
const foreLength = 74;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** How a sleeve is cut: half its width at the cuff, and how far its lower corner hangs, in pixels of the drawing. */
export type Sleeve = readonly [cuff: number, hang: number];

/**
 * One arm: shoulder, elbow and wrist follow from two angles, the sleeve is wrapped around them, its lower corner hangs.
 * The upper arm lies behind the hair (`below`), forearm and hand before everything (`above`).
 */
export function createArm(below: Element, above: Element, paint: Paints, left: boolean, [cuff, hang]: Sleeve = [31, 30]): Part {
  const sign = left ? 1 : -1;
  const name = left ? 'L' : 'R';
  const line = { stroke: colour.clothLine, 'stroke-width': 2.3, 'stroke-linejoin': 'round' };
  const upper = writer(add(below, 'path', { fill: paint('cloth') }), 'd');
  const upperLine = writer(add(below, 'path', { fill: 'none', ...line }), 'd');
  const raised = add(above, 'g');
  const showRaised = writer(raised, 'display');
  const raisedFill = writer(add(raised, 'path', { fill: paint('cloth') }), 'd');
  const raisedLine = writer(add(raised, 'path', { fill: 'none', ...line }), 'd');
  const lining = writer(add(above, 'path', { fill: '#c9b9e6', ...line }), 'd');
  const hand = createHand(above);
  const sleeve = writer(add(above, 'path', { fill: paint('sleeve') }), 'd');
  const sleeveLine = writer(add(above, 'path', { fill: 'none', ...line }), 'd');
  const cord = writer(add(above, 'path', { fill: 'none', stroke: colour.red, 'stroke-width': 3.2 }), 'd');

  return ({ values: v }: Frame) => {
    const a = radians(v[`ParamArm${name}A`]);
    const b = a + radians(v[`ParamArm${name}B`]);
    const h = b + radians(v[`ParamHand${name}`]);
    // A forearm that folds back on itself means an elbow that points at the viewer, and an upper arm seen from its end.
    const folded = Math.min(1, Math.max(0, (Math.abs(v[`ParamArm${name}B`]) - 90) / 70));
    // Everything is computed for the left arm (outward is +x) and mirrored when written.
    const p = (x: number, y: number): string => `${round(axis + sign * x)} ${round(y)}`;
    const [sx, sy] = [shoulder.side, shoulder.y];
    const [ux, uy] = [Math.sin(a), Math.cos(a)];
    const [fx, fy] = [Math.sin(b), Math.cos(b)];
    const [ex, ey] = [sx + ux * upperLength * (1 - folded * 0.5), sy + uy * upperLength * (1 - folded * 0.5)];
    const [wx, wy] = [ex + fx * foreLength, ey + fy * foreLength];

    // Upper arm: open towards the body, so that shoulder and robe are one cloth.
    const [nx, ny] = [uy, -ux];
    const outside = `${p(sx + nx * 25 + ux * 14, sy + ny * 25 + uy * 14)}L${p(ex + nx * 21, ey + ny * 21)}`;
    const outer = `M${p(sx - 20, sy - 32)}C${p(sx - 6, sy - 31)} ${p(sx + nx * 22 - ux * 10, sy + ny * 22 - uy * 10)} ${outside}`;
    const inner = `${p(ex - nx * 21, ey - ny * 21)}L${p(sx - nx * 17 + ux * 30, sy - ny * 17 + uy * 30)}`;
    upper(`${outer}Q${p(ex + ux * 24, ey + uy * 24)} ${inner}L${p(sx - 26, sy + 16)}L${p(sx - 34, sy - 22)}Z`);
    upperLine(`${outer}Q${p(ex + ux * 24, ey + uy * 24)} ${inner}`);

    // A raised arm comes before the hair that hangs over the shoulder.
    const up = v[`ParamArm${name}A`] > 58;
    showRaised(up ? 'inline' : 'none');
    if (up) {
      raisedFill(`M${outside}L${inner}Z`);
      raisedLine(`M${outside}M${inner}`);
    }

    // Forearm: the sleeve widens to the cuff; whichever corner is lower hangs down by its weight.
    const [mx, my] = [fy, -fx];
    const [cx, cy] = [ex + fx * (foreLength - 12), ey + fy * (foreLength - 12)];
    const w0 = 21;
    const w1 = cuff;
    const drop = (down: number): number => hang * Math.max(0, down) * Math.abs(fx) + hang * 0.2 * Math.max(0, down);
    const [ax, ay] = [cx + mx * w1, cy + my * w1 + drop(my)];
    const [bx, by] = [cx - mx * w1, cy - my * w1 + drop(-my)];
    const sag = drop(Math.abs(my)) * 0.4;
    const edge = `${p(ax, ay)}Q${p(cx - fx * 9, cy - fy * 9 + sag)} ${p(bx, by)}`;
    lining(`M${edge}Q${p(cx + fx * 13, cy + fy * 13 + sag)} ${p(ax, ay)}Z`);
    const start = p(ex + mx * w0, ey + my * w0);
    const end = p(ex - mx * w0, ey - my * w0);
    const sideA = `Q${p(ex + fx * 30 + mx * (w0 + 1), ey + fy * 30 + my * (w0 + 1) + drop(my) * 0.3)} `;
    const sideB = `Q${p(ex + fx * 30 - mx * (w0 + 1), ey + fy * 30 - my * (w0 + 1) + drop(-my) * 0.3)} `;
    const rim = `M${start}${sideA}${edge}${sideB}${end}`;
    // The outer side of the bent elbow: an arc from the edge of the upper arm to the edge of the forearm.
    const convex = v[`ParamArm${name}B`] < 0 ? 1 : -1;
    const reach = (convex * w0) / Math.max(0.3, 1 + nx * mx + ny * my);
    const elbow = p(ex + (nx + mx) * reach, ey + (ny + my) * reach);
    const edgeOfUpper = p(ex + nx * w0 * convex, ey + ny * w0 * convex);
    const middle = p(ex, ey);
    if (convex > 0) {
      const outline = `M${edgeOfUpper}Q${elbow} ${rim.slice(1)}`;
      sleeve(`${outline}L${middle}Z`);
      sleeveLine(outline);
    } else {
      const outline = `${rim}Q${elbow} ${edgeOfUpper}`;
      sleeve(`${outline}L${middle}Z`);
      sleeveLine(outline);
    }
    const k = 11;
    cord(`M${p(ax - fx * k, ay - fy * k)}Q${p(cx - fx * (9 + k), cy - fy * (9 + k) + sag)} ${p(bx - fx * k, by - fy * k)}`);

    hand(p, wx - fx * 10, wy - fy * 10, h, v[`ParamHand${name}Open`], [fx, fy]);
  };
}

const size = 1.18;

type Point = (x: number, y: number) => string;

type Hand = (p: Point, x: number, y: number, angle: number, open: number, along: readonly [number, number]) => void;

/** A small hand: thick round strokes, dark below and skin above, merge into one outline. */
function createHand(parent: Element): Hand {
  const group = add(parent, 'g', { fill: 'none', ...rounded });
  const layers = [colour.skinLine, colour.skin].map((stroke, inner) => {
    const trim = inner * 4.6;
    return {
      palm: writer(add(group, 'path', { stroke, 'stroke-width': 29 - trim }), 'd'),
      fingers: writer(add(group, 'path', { stroke, 'stroke-width': 14 - trim }), 'd'),
    };
  });
  return (p, x, y, angle, open, along) => {
    const [hx, hy] = [Math.sin(angle), Math.cos(angle)];
    const [px, py] = [hy, -hx];
    const on = (forward: number, aside: number): string =>
      p(x + (hx * forward + px * aside) * (size + open * 0.16), y + (hy * forward + py * aside) * (size + open * 0.16));
    const palm = `M${p(x - along[0] * 14, y - along[1] * 14)}L${on(10, 0)}L${on(14, 0)}`;
    let fingers = '';
    for (let i = 0; i < 4; i++) {
      const place = i - 1.5;
      const spread = place * (0.1 + open * 0.17);
      const length = 15 + open * 6 - Math.abs(place - 0.3) * 2.4;
      const [bx, by] = [15, place * 5.4];
      fingers += `M${on(bx, by)}L${on(bx + Math.cos(spread) * length, by + Math.sin(spread) * length)}`;
    }
    fingers += `M${on(7, -7)}Q${on(10, -13 - open * 3)} ${on(13 + open * 3, -15 - open * 6)}`;
    for (const layer of layers) {
      layer.palm(palm);
      layer.fingers(fingers);
    }
  };
}
