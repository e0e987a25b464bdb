import { describe, expect, it } from 'vitest';
import { inSight, meaningOf, moved, readPlacement, readWishes, scaled, standing } from '../../src/figure/placement';

describe('a placement', () => {
  it('scales about a point that stays where it is', () => {
    const at = { x: 0.3, y: 0.5 };
    const before = { x: 0.1, y: 0.2, scale: 1 };
    const after = scaled(before, 2, at);
    expect(after.scale).toBe(2);
    // What lay under the point, in the character's own measure, lies there still.
    expect((at.x - after.x) / after.scale).toBeCloseTo((at.x - before.x) / before.scale);
    expect((at.y - after.y) / after.scale).toBeCloseTo((at.y - before.y) / before.scale);
  });

  it('stays where it is when it cannot grow or shrink any more', () => {
    expect(scaled({ x: 1, y: 0, scale: 10 }, 3, { x: 0, y: 0 })).toEqual({ x: 1, y: 0, scale: 10 });
    expect(scaled({ x: 1, y: 0, scale: 0.1 }, 0.5, { x: 0, y: 0 })).toEqual({ x: 1, y: 0, scale: 0.1 });
  });

  /** A stage of 1.6 by 1, on which the character stands left of the middle, in a box that is not as high. */
  const sight = { left: -0.67, right: 0.93, bottom: 0, tall: 0.7 };

  it.each([
    [{ x: 9, y: 0, scale: 1 }], [{ x: -9, y: 0, scale: 1 }], [{ x: 0, y: 9, scale: 1 }], [{ x: 0, y: -9, scale: 1 }],
    [{ x: 9, y: -9, scale: 0.1 }], [{ x: -9, y: 9, scale: 10 }],
  ])('of %j leaves a part of the slimmest character in sight', (far) => {
    const { x, y, scale } = inSight(far, sight);
    const height = 0.7 * scale;
    expect(x + 0.1 * height).toBeGreaterThan(sight.left);
    expect(x - 0.1 * height).toBeLessThan(sight.right);
    expect(y + height).toBeGreaterThan(0);
    expect(y).toBeLessThan(1);
  });

  it('of a head that fills the stage is allowed, and read again', () => {
    const head = { x: 0.5, y: -5.4, scale: 10 };
    expect(inSight(head, sight)).toEqual(head);
    expect(readPlacement(JSON.stringify(head))).toEqual(head);
  });

  it('moves by heights of the stage', () => {
    expect(moved(standing, 0.25, -0.5)).toEqual({ x: 0.25, y: -0.5, scale: 1 });
  });

  it.each([
    ['{"x":0.1,"y":-0.2,"scale":2}', { x: 0.1, y: -0.2, scale: 2 }],
    [null, null], ['', null], ['{', null], ['[]', null], ['7', null], ['null', null], ['{"x":0.1,"y":0}', null],
    ['{"x":"0","y":0,"scale":1}', null], ['{"x":1e308,"y":0,"scale":1}', null], ['{"x":0,"y":0,"scale":0}', null],
  ])('is read from %j as %j', (text, placement) => {
    expect(readPlacement(text)).toEqual(placement);
  });

  it('is moved, scaled, reset and left by keys', () => {
    expect(meaningOf('ArrowLeft')).toEqual({ x: -0.02, y: 0 });
    expect(meaningOf('ArrowUp')).toEqual({ x: 0, y: 0.02 });
    expect(meaningOf('+')).toEqual({ factor: 1.1 });
    expect([meaningOf('0'), meaningOf('Escape'), meaningOf('x'), meaningOf('constructor')]).toEqual(['reset', 'end', null, null]);
  });
});

describe('the address', () => {
  const read = (query: string) => {
    const warnings: string[] = [];
    return { wishes: readWishes(`http://localhost:8765/${query}`, (text) => warnings.push(text)), warnings };
  };

  it('says where the character stands and which one it is', () => {
    expect(read('?view=obs&x=0.2&y=-0.1&scale=1.5&avatar=hiyori')).toEqual({
      wishes: { x: 0.2, y: -0.1, scale: 1.5, avatar: 'hiyori' }, warnings: [],
    });
    expect(read('?avatar=日和 2')).toEqual({ wishes: { avatar: '日和 2' }, warnings: [] });
    expect(read('')).toEqual({ wishes: { avatar: null }, warnings: [] });
  });

  it.each([
    ['x=abc', 'x="abc"', '-4 to 4'], ['x=', 'x=""', '-4 to 4'], ['y=99', 'y="99"', '-4 to 4'],
    ['scale=0', 'scale="0"', '0.1 to 10'],
    ['scale=NaN', 'scale="NaN"', '0.1 to 10'], ['x=Infinity', 'x="Infinity"', '-4 to 4'],
    ['subtitles=maybe', 'subtitles="maybe"', 'only or off'],
    ['avatar=', 'avatar=""', '1 to 64'], ['avatar=..%2Fx', 'avatar="../x"', '1 to 64'], [`avatar=${'x'.repeat(65)}`, 'avatar="xxx', '1 to 64'],
    ['avatar=_core', 'avatar="_core"', '1 to 64'],
  ])('with %s is told so, and goes on without', (query, value, range) => {
    const { wishes, warnings } = read(`?${query}`);
    expect(wishes).toEqual({ avatar: null });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(value);
    expect(warnings[0]).toContain(range);
  });
});
