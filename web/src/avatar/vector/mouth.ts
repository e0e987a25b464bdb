import type { Frame, Part } from './frame';
import { depths } from './head';
import type { Paints } from './palette';
import { axis } from './path';
import { add, fader, round, rounded, writer } from './svg';

const centre = { x: axis, y: 366 };

/** Draws the mouth from how far it is open, where its corners are and how round the lips are. */
export function createMouth(parent: Element, paint: Paints, prefix: string): Part {
  const clipId = `${prefix}-lips`;
  const clip = writer(add(add(parent, 'clipPath', { id: clipId }), 'path'), 'd');
  const inside = add(parent, 'g', { 'clip-path': `url(#${clipId})` });
  const showInside = fader(inside);
  const hollow = writer(add(inside, 'path', { fill: paint('mouth') }), 'd');
  const tongue = writer(add(inside, 'path', { fill: '#ff93a0' }), 'd');
  const teethLine = add(inside, 'path', { fill: '#fffdfb' });
  const teeth = writer(teethLine, 'd');
  const showTeeth = fader(teethLine);
  const lips = add(parent, 'path', { ...rounded, fill: 'none', stroke: '#8c3a50', 'stroke-width': 2.6 });
  const lipPath = writer(lips, 'd');
  const under = writer(add(parent, 'path', { ...rounded, fill: 'none', stroke: '#e3a091', 'stroke-width': 2 }), 'd');

  const at = new Float64Array(2);
  return ({ values: v, turn }: Frame) => {
    const open = v.ParamMouthOpenY;
    const form = v.ParamMouthForm;
    const roundness = v.ParamMouthRound;
    const up = Math.max(0, form);
    const down = Math.max(0, -form);
    const point = (dx: number, dy: number): string => {
      const px = centre.x + dx;
      const py = centre.y + dy;
      turn.project(px, py, depths.face(px, py), at);
      return `${round(at[0] ?? 0)} ${round(at[1] ?? 0)}`;
    };

    const wide = 17 + up * 6 + open * up * 4 + down * open * 4;
    const w = wide + (8 + open * 5 - wide) * roundness;
    const flatten = 1 - roundness * 0.7;
    const sunk = roundness * open * 10 + down * open * 9 * flatten;
    const left = sunk - form * 5 * flatten + v.ParamMouthSkew * 4;
    const right = sunk - form * 5 * flatten - v.ParamMouthSkew * 6;
    const upper = up * 4 * flatten - down * open * 8 - open * 3 - roundness * open * 7;
    const lower = Math.max(upper + 0.5, up * 7 * flatten - down * 5 * (1 - open) + open * (30 + up * 6 - down * 9));
    const arch = `M${point(-w, left)}C${point(-w * 0.55, upper)} ${point(w * 0.55, upper)} ${point(w, right)}`;

    if (open < 0.05) {
      showInside(0);
      const bow = form * 8 * flatten;
      lipPath(`M${point(-w, left)}C${point(-w * 0.5, bow)} ${point(w * 0.5, bow)} ${point(w, right)}`);
    } else {
      showInside(1);
      const belly = 0.86 + down * 0.6 + roundness * 0.1;
      const outline = `${arch}C${point(w * (0.98 + up * 0.02), lower * 0.75)} ${point(w * belly * 0.62, lower)} ${point(0, lower)}`
        + `C${point(-w * belly * 0.62, lower)} ${point(-w * (0.98 + up * 0.02), lower * 0.75)} ${point(-w, left)}Z`;
      clip(outline);
      hollow(outline);
      lipPath(outline);
      const t = lower - (lower - upper) * 0.36;
      tongue(
        `M${point(-w * 0.8, lower + 3)}C${point(-w * 0.6, t - 3)} ${point(-w * 0.1, t - 2)} ${point(0, t)}`
        + `C${point(w * 0.1, t - 2)} ${point(w * 0.6, t - 3)} ${point(w * 0.8, lower + 3)}Z`,
      );
      const edge = 4 + open * 3;
      const bow = upper * 0.75 + edge + 1;
      teeth(`${arch}L${point(w * 0.8, upper + edge)}C${point(w * 0.4, bow)} ${point(-w * 0.4, bow)} ${point(-w * 0.8, upper + edge)}Z`);
      showTeeth((1 - roundness) * Math.min(1, Math.max(0, (open - 0.15) * 6)));
    }
    const chin = lower + 8;
    under(`M${point(-5, chin)}Q${point(0, chin + 2)} ${point(5, chin)}`);
  };
}
