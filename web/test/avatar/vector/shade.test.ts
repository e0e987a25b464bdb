import { expect, test } from 'vitest';
import { lightness, mix, shade } from '../../../src/avatar/vector/shade';

const colours = ['#000000', '#ffffff', '#ff0000', '#00ff00', '#0000ff', '#7b70dc', '#f0883a', '#808080', '#fff0e6', '#0a0a14'];

test.each(colours)('%s stays itself where nothing is asked of it', (colour) => {
  const apart = (other: string): number => Math.max(...[1, 3, 5].map((at) =>
    Math.abs(Number.parseInt(colour.slice(at, at + 2), 16) - Number.parseInt(other.slice(at, at + 2), 16))));
  expect(apart(shade(colour, 0))).toBeLessThanOrEqual(1);
  expect(apart(mix(colour, '#123456', 0))).toBeLessThanOrEqual(1);
  expect(apart(mix('#123456', colour, 1))).toBeLessThanOrEqual(1);
});

test.each(colours)('shades of %s are colours, darker and lighter in order', (colour) => {
  const steps = [-1, -0.6, -0.3, 0, 0.3, 0.6, 1].map((by) => shade(colour, by));
  for (const step of steps) expect(step).toMatch(/^#[0-9a-f]{6}$/);
  steps.map(lightness).reduce((before, now) => {
    expect(now).toBeGreaterThanOrEqual(before - 0.005);
    return now;
  });
  expect([steps[0], steps[6]]).toEqual(['#000000', '#ffffff']);
});

test('grey has no colour, and a mixture lies between', () => {
  expect(shade('#ff0000', 0, 0)).toMatch(/^#(..)\1\1$/);
  const between = lightness(mix('#000000', '#ffffff', 0.5));
  expect(between).toBeGreaterThan(0.45);
  expect(between).toBeLessThan(0.55);
});
