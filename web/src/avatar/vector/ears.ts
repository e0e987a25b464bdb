import type { Frame, Part } from './frame';
import type { Paints } from './palette';
import { shape, warped } from './path';
import { Spring } from './spring';
import { add, writer, type Attributes } from './svg';
import { tones } from './tones';

type Piece = readonly [d: string, attributes: Attributes];

const foxEar = 'M158 206C142 140 134 70 140 24C142 11 154 9 162 17C202 52 252 92 282 122Z';
const foxTip = 'M136 68C135 52 137 36 140 24C142 11 154 9 162 17C175 28 188 39 201 50C186 48 178 56 174 66C163 58 147 60 136 68Z';
const foxInside = 'M176 190C160 136 152 92 154 54C184 80 222 106 252 134Z';
const foxFur = 'M164 196C174 162 172 124 164 90C184 100 196 114 202 130C204 116 202 104 197 92C214 102 230 116 242 136L240 176Z';
const catEar = 'M166 190C154 136 156 84 164 52C166 43 175 42 182 47C212 66 242 92 260 118Z';
const catInside = 'M180 172C170 134 170 104 174 76C196 90 218 108 236 130Z';

/** Ears on the crown. They droop, perk up and turn back with the mood, each on a spring of its own. */
export function createEars(kind: 'fox' | 'cat'): (parent: Element, paint: Paints) => Part {
  return (head, paint) => {
    const parent = add(head, 'g', { 'data-part': 'ears' });
    const line = { stroke: tones.hairLine, 'stroke-width': 2.4, 'stroke-linejoin': 'round' };
    const pieces: readonly Piece[] = kind === 'fox'
      ? [[foxEar, { fill: paint('hair'), ...line }], [foxInside, { fill: tones.jaw }],
        [foxFur, { fill: tones.hairShine, stroke: tones.hairLine, 'stroke-width': 1.2, 'stroke-opacity': 0.35 }],
        [foxTip, { fill: tones.hairLine }]]
      : [[catEar, { fill: paint('hair'), ...line }], [catInside, { fill: tones.jaw }]];
    const ears = [createEar(parent, pieces, -1), createEar(parent, pieces, 1)];
    return (frame) => ears.reduce((moving, ear) => ear(frame) === true || moving, false);
  };
}

const root = { x: 214, y: 162 };

function createEar(parent: Element, pieces: readonly Piece[], sign: number): Part {
  const drawn = pieces.map(([d, attributes]) => ({
    source: shape(d, sign > 0), d: writer(add(parent, 'path', attributes), 'd'),
  }));
  const rootX = sign > 0 ? 600 - root.x : root.x;
  const spring = new Spring(sign > 0 ? 2.7 : 2.5, 0.24);
  return ({ values: v, turn, seconds }: Frame) => {
    // Degrees outward. Anger and fright turn the ears back, which a drawing shows as low and flat.
    const back = Math.max(v.ParamAnger * 24, v.ParamSweat * 12);
    const droop = v.ParamAhoge < 0 ? -v.ParamAhoge * 34 : -v.ParamAhoge * 7;
    const target = droop + back + v.ParamSleep * 6 - sign * v.ParamAngleZ * 0.25;
    const before = spring.value;
    const angle = (sign * spring.step(seconds, target) * Math.PI) / 180;
    const squash = 1 - Math.max(0, spring.value) * 0.0045;
    const sin = Math.sin(angle);
    const cos = Math.cos(angle);
    for (const { source, d } of drawn) {
      d(warped(source, (x, y, out) => {
        const dx = x - rootX;
        const dy = (y - root.y) * squash;
        turn.project(rootX + dx * cos - dy * sin, root.y + dx * sin + dy * cos, 22, out);
      }));
    }
    return Math.abs(spring.value - before) > 12 * seconds;
  };
}
