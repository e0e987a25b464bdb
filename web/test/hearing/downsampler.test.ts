import { describe, expect, it } from 'vitest';
import { blockLength, Downsampler, hearingRate } from '../../src/hearing/downsampler';

const tone = (hertz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));

function down(frames: Float32Array, rate: number, piece = 128): Int16Array {
  const downsampler = new Downsampler(rate);
  const blocks: Int16Array[] = [];
  for (let at = 0; at < frames.length; at += piece) blocks.push(...downsampler.push(frames.subarray(at, at + piece)));
  expect(blocks.every(({ length }) => length === blockLength)).toBe(true);
  return Int16Array.from(blocks.flatMap((block) => [...block]));
}

const loudness = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length) / 32_768;

describe.each([8_000, 16_000, 44_100, 48_000, 96_000])('from %i Hz', (rate) => {
  it('loses and makes up nothing', () => {
    expect(Math.abs(down(tone(300, rate, 4), rate).length - 4 * hearingRate)).toBeLessThan(blockLength + 32);
  });

  it('keeps a tone as it is, at its place', () => {
    const samples = down(tone(440, rate, 2), rate);
    const wanted = Float32Array.from(samples, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / hearingRate));
    expect(Math.max(...samples.slice(64).map((sample, i) => Math.abs(sample / 32_768 - wanted[i + 64]!) * 1_000))).toBeLessThan(6);
  });

  it('is the same however the frames come', () => {
    const frames = tone(1_000, rate, 1);
    const [small, large] = [down(frames, rate, 37), down(frames, rate, 20_000)];
    const length = Math.min(small.length, large.length);
    expect(small.slice(0, length)).toEqual(large.slice(0, length));
  });
});

describe('what 16 kHz cannot hold', () => {
  it.each([9_500, 12_000, 15_000, 20_000])('%i Hz does not come back as another tone', (hertz) => {
    expect(loudness(down(tone(hertz, 48_000, 1), 48_000).slice(100))).toBeLessThan(0.5 * 10 ** (-50 / 20));
  });

  it('is only that: 7 kHz is still there', () => {
    expect(loudness(down(tone(6_500, 48_000, 1), 48_000).slice(100))).toBeGreaterThan(0.3);
  });

  it('does not wrap around', () => {
    const loud = Float32Array.from({ length: 4_800 }, () => 1.5);
    expect(Math.min(...down(loud, 48_000).slice(100))).toBe(32_767);
  });
});
