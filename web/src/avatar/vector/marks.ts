import type { ParameterId } from '../parameters';
import type { Frame, Part } from './frame';
import { depths } from './head';
import type { Paints } from './palette';
import { add, fader, rounded, translate, writer } from './svg';

const star = 'M0 -14C1.5 -4 4 -1.5 14 0C4 1.5 1.5 4 0 14C-1.5 4 -4 1.5 -14 0C-4 -1.5 -1.5 -4 0 -14Z';
const heart = 'M0 11C-7 5 -12 0 -12 -6C-12 -12 -4 -14 0 -7C4 -14 12 -12 12 -6C12 0 7 5 0 11Z';
const drop = 'M0 -15C7 -4 9 1 9 6C9 12 5 15 0 15C-5 15 -9 12 -9 6C-9 1 -7 -4 0 -15Z';

interface Mark {
  readonly id: ParameterId;
  readonly d: string;
  readonly at: readonly [x: number, y: number];
  readonly size: number;
  /** Height of its slow bobbing. */
  readonly bob?: number;
  readonly paint: Record<string, string | number>;
}

/** The signs that comics put around a head. They are drawn with the head and follow it. */
export function createMarks(parent: Element, paint: Paints): Part {
  const outlined = (fill: string, stroke: string) => ({ fill, stroke, 'stroke-width': 2 });
  const drawn = (stroke: string, width: number) => ({ fill: 'none', stroke, 'stroke-width': width });
  const love = outlined(paint('heart'), '#c92f68');
  const gold = outlined(paint('gold'), '#e09a2c');
  const marks: readonly Mark[] = [
    { id: 'ParamTear', d: drop, at: [214, 366], size: 0.9, paint: outlined(paint('tear'), '#5aaede') },
    { id: 'ParamTear', d: drop, at: [386, 366], size: 0.9, paint: outlined(paint('tear'), '#5aaede') },
    { id: 'ParamSweat', d: drop, at: [416, 200], size: 1.15, bob: 2, paint: outlined(paint('tear'), '#5aaede') },
    {
      id: 'ParamAnger', d: 'M-5 -16C-5 -8 -8 -5 -16 -5M5 -16C5 -8 8 -5 16 -5M-5 16C-5 8 -8 5 -16 5M5 16C5 8 8 5 16 5',
      at: [404, 150], size: 1.2, bob: 1, paint: drawn('#e8304f', 5.5),
    },
    { id: 'ParamHeart', d: heart, at: [474, 150], size: 1.7, bob: 6, paint: love },
    { id: 'ParamHeart', d: heart, at: [506, 222], size: 1.05, bob: 8, paint: love },
    { id: 'ParamHeart', d: heart, at: [118, 168], size: 1.25, bob: 7, paint: love },
    { id: 'ParamSparkle', d: star, at: [122, 150], size: 1.4, bob: 3, paint: gold },
    { id: 'ParamSparkle', d: star, at: [486, 168], size: 1.7, bob: 4, paint: gold },
    { id: 'ParamSparkle', d: star, at: [96, 206], size: 0.8, bob: 4, paint: gold },
    { id: 'ParamStartle', d: 'M-20 -6L-34 -22M-4 -16L-8 -38M14 -14L22 -34', at: [452, 128], size: 1, paint: drawn('#f7a531', 6.5) },
    { id: 'ParamStartle', d: 'M20 -6L34 -22M4 -16L8 -38M-14 -14L-22 -34', at: [148, 128], size: 1, paint: drawn('#f7a531', 6.5) },
    {
      id: 'ParamQuestion', d: 'M-9 -9C-9 -20 10 -21 10 -9C10 -1 0 -1 0 9M0 18L0 18.5',
      at: [478, 130], size: 1.5, bob: 4, paint: drawn('#7d6fe0', 5),
    },
    { id: 'ParamSleep', d: 'M-10 -10L10 -10L-10 10L10 10', at: [442, 152], size: 0.75, bob: 4, paint: drawn('#8f86e8', 5) },
    { id: 'ParamSleep', d: 'M-10 -10L10 -10L-10 10L10 10', at: [462, 112], size: 1.05, bob: 5, paint: drawn('#8f86e8', 5) },
    { id: 'ParamSleep', d: 'M-10 -10L10 -10L-10 10L10 10', at: [478, 62], size: 1.4, bob: 6, paint: drawn('#8f86e8', 4.5) },
  ];
  const parts = marks.map((mark, i) => createMark(parent, mark, i));
  return (frame) => {
    for (const part of parts) part(frame);
  };
}

function createMark(parent: Element, { id, d, at, size, bob = 0, paint }: Mark, order: number): Part {
  const group = add(parent, 'g', { display: 'none', ...rounded });
  add(group, 'path', { d, ...paint });
  const place = writer(group, 'transform');
  const show = fader(group);
  const point = new Float64Array(2);
  return ({ values, turn, time }: Frame) => {
    const strength = values[id];
    show(Math.min(1, strength * 1.3));
    if (strength < 0.02) return;
    turn.project(at[0], at[1], depths.face(at[0], at[1]), point);
    const y = (point[1] ?? 0) + Math.sin(time * 2.2 + order * 1.9) * bob;
    const scale = size * (0.6 + 0.4 * Math.min(1, strength * 1.2));
    place(`${translate(point[0] ?? 0, y)} scale(${Math.round(scale * 100) / 100})`);
  };
}

/** A sign that rises beside the character. */
export interface Glyph {
  readonly d: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

const letters: readonly Glyph[] = [
  { d: 'M-7 -7Q0 -10 8 -7M-7 6Q-1 11 9 7', x: 46, y: 360, size: 1.3 },
  { d: 'M-5 -11Q-4 -4 -1 -1M8 -5Q-9 2 -7 7Q-5 11 8 9', x: 566, y: 330, size: 1.3 },
  { d: 'M0 -11L0 -9M-10 -5L10 -5M-6 0L6 0M-6 4L6 4M-6 8L6 8L6 13L-6 13Z', x: 538, y: 520, size: 1.05 },
  { d: 'M-8 9L0 -10L8 9M-5 3L5 3', x: 70, y: 560, size: 0.95 },
  { d: 'M-5 8C-9 3 -1 1 -1 7C-1 11 -7 11 -5 8M-1 7L-1 -9Q2 -4 8 -3', x: 22, y: 470, size: 1.1 },
  { d: star, x: 580, y: 430, size: 0.8 },
];

/** The written signs that rise around the character while it speaks, and the halo below its feet. */
export function createAura(parent: Element, paint: Paints, glyphs = letters): Part {
  add(parent, 'ellipse', { cx: 300, cy: 772, rx: 120, ry: 16, fill: paint('halo') });
  const all = add(parent, 'g', rounded);
  const showAll = writer(all, 'display');
  const signs = glyphs.map(({ d, x, y, size }, i) => {
    const path = add(all, 'path', { d, fill: 'none', stroke: i % 2 === 0 ? '#a594f5' : '#f2b95a', 'stroke-width': 2.8 });
    return { x, y, size, phase: i * 0.37, place: writer(path, 'transform'), show: fader(path) };
  });
  let risen = 0;
  let energy = 0;
  return ({ values, seconds }: Frame) => {
    energy += (values.ParamMouthOpenY * values.ParamVoice - energy) * Math.min(1, seconds * (energy < 0.3 ? 3 : 1));
    showAll(energy < 0.03 ? 'none' : 'inline');
    if (energy < 0.03) return;
    risen += Math.min(seconds, 1) * (0.08 + energy * 0.25);
    const strength = Math.min(1, energy * 4);
    for (const { x, y, size, phase, place, show } of signs) {
      const t = (risen + phase) % 1;
      place(`${translate(x + Math.sin(t * 6.3 + phase * 9) * 6, y - t * 120)} scale(${size})`);
      show(Math.sin(t * Math.PI) * strength);
    }
  };
}
