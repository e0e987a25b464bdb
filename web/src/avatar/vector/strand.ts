import { headDrift, type Frame, type Part } from './frame';
import type { Depth } from './head';
import { shape, warped } from './path';
import { Spring } from './spring';
import { add, writer, type Attributes } from './svg';

/** A lock of hair or a ribbon that hangs from its root and swings in two links. */
export interface Strand {
  readonly d: string;
  readonly mirror?: boolean;
  readonly root: readonly [x: number, y: number];
  /** Length from the root to the tip. */
  readonly length: number;
  readonly depth: Depth;
  /** Degrees of bend for each pixel that the head is ahead. */
  readonly swing: number;
  /** Hertz; longer hair is slower. */
  readonly frequency: number;
  /** How much of the head's tilt the strand gives back to hang straight, 0..1. */
  readonly weight: number;
}

/** Pixels a second of a tip below which a swing is too slow to need every frame. */
const restless = 60;

/** Draws strands as one path each. Strands of one call overlap in their order. */
export function strands(parent: Element, list: readonly Strand[], attributes: Attributes): Part {
  const parts = list.map((strand) => hang(parent, strand, attributes));
  return (frame) => parts.reduce((moving, part) => part(frame) || moving, false);
}

function hang(parent: Element, strand: Strand, attributes: Attributes): (frame: Frame) => boolean {
  const source = shape(strand.d, strand.mirror);
  const d = writer(add(parent, 'path', attributes), 'd');
  const rootX = strand.mirror ? 600 - strand.root[0] : strand.root[0];
  const rootY = strand.root[1];
  const upper = new Spring(strand.frequency, 0.4);
  const lower = new Spring(strand.frequency * 0.8, 0.38);
  let before = 0;

  return (frame) => {
    const drift = headDrift(frame);
    const first = upper.step(frame.seconds, drift) - drift;
    const second = lower.step(frame.seconds, upper.value) - upper.value;
    const hanging = frame.values.ParamAngleZ * strand.weight;
    const bend = ((first * strand.swing + hanging) * Math.PI) / 180;
    const curl = (second * strand.swing * 1.6 * Math.PI) / 180;
    const { turn } = frame;
    const swung = Math.abs(bend + curl - before) * strand.length;
    before = bend + curl;
    d(warped(source, (x, y, out) => {
      const t = Math.min(1, Math.max(0, (y - rootY) / strand.length));
      const angle = bend * t + curl * t * t;
      const sin = Math.sin(angle);
      const cos = Math.cos(angle);
      const dx = x - rootX;
      const dy = y - rootY;
      turn.project(rootX + dx * cos + dy * sin, rootY + dy * cos - dx * sin, strand.depth(x, y), out);
    }));
    return swung > restless * frame.seconds;
  };
}
