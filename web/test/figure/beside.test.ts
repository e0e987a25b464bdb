import { describe, expect, it } from 'vitest';
import { sideOf, startBeside } from '../../src/figure/beside';
import type { Boxes } from '../../src/figure/placing';

const stage = { left: 0, width: 1280, height: 720, bottom: 720 };
const boxes: Boxes = { stage, host: { left: 270, width: 535, height: 704, bottom: 720 } };

class Root {
  readonly set = new Map<string, string>();
  readonly dataset: Record<string, string> = {};
  readonly style = {
    setProperty: (name: string, value: string) => void this.set.set(name, value),
    removeProperty: (name: string) => void this.set.delete(name),
  };
}

describe('the bubble beside a character that was placed', () => {
  it.each([
    [0, 1, 'right'], [-0.5, 1, 'right'], [0.1, 1, 'right'], [0.3, 1, 'left'], [0.8, 1, 'left'], [0, 2, 'right'],
  ] as const)('moved by %d, %d as large: it is on the %s', (x, scale, side) => {
    expect(sideOf(x, scale, boxes)).toBe(side);
  });

  it('tells the styles where the character is, and nothing of one that stands by itself', () => {
    const root = new Root();
    const tell = startBeside(root as unknown as HTMLElement, () => boxes);
    tell({ x: 0.4, y: -0.1, scale: 1.5 });
    expect(Object.fromEntries(root.set)).toEqual({ '--placed-x': '0.4', '--placed-y': '-0.1', '--placed-scale': '1.5' });
    expect(root.dataset).toEqual({ bubble: 'left' });
    tell({ x: 0, y: 0, scale: 1 });
    expect(root.set.size).toBe(0);
    expect(root.dataset).toEqual({});
  });
});
