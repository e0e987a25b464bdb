import { describe, expect, it } from 'vitest';
import { Resampler } from '../../src/speaking/resampler';
import { residual, sine } from './sounds';

const joined = (pieces: readonly Float32Array[]): Float32Array => {
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of pieces) {
    all.set(one, at);
    at += one.length;
  }
  return all;
};

/** 1 s of a sine, cut as told. */
function resampled(from: number, to: number, cuts: (done: number) => number): Float32Array {
  const resampler = new Resampler(to);
  const all = sine(from, 0, 440, 12_000, from);
  const pieces: Float32Array[] = [];
  for (let done = 0; done < all.length;) {
    const next = Math.min(all.length, done + cuts(done));
    pieces.push(resampler.push(all.subarray(done, next), from));
    done = next;
  }
  return joined([...pieces, resampler.finish()]);
}

describe('the resampler', () => {
  it.each([
    [22_050, 48_000], [24_000, 44_100], [48_000, 44_100], [44_100, 44_100], [8_000, 48_000],
  ])('from %d to %d Hz leaves a sine a sine', (from, to) => {
    const frames = resampled(from, to, () => 882);
    expect(frames.length).toBeGreaterThanOrEqual(to - 1);
    expect(frames.length).toBeLessThanOrEqual(to + 1);
    expect(residual(frames, to)).toBeLessThan(40);
    for (let i = 500; i < to - 500; i += 97) expect(frames[i]).toBeCloseTo((Math.sin((2 * Math.PI * 440 * i) / to) * 12_000) / 32_768, 2);
  });

  it('gives the same frames however the samples come', () => {
    const whole = resampled(22_050, 48_000, () => 22_050);
    for (const cuts of [() => 1, () => 7, () => 1_000, (done: number) => 1 + ((done * 7_919) % 1_733)]) {
      const cut = resampled(22_050, 48_000, cuts);
      expect(Math.abs(cut.length - whole.length)).toBeLessThanOrEqual(1);
      expect(cut.subarray(0, 48_000).reduce((most, frame, i) => Math.max(most, Math.abs(frame - whole[i]!)), 0)).toBeLessThan(1e-6);
    }
  });

  it('changes nothing where nothing is to be changed', () => {
    const frames = resampled(44_100, 44_100, () => 500);
    const sent = sine(44_100, 0, 440, 12_000, 44_100);
    for (let i = 0; i < frames.length; i += 31) expect(frames[i]! * 32_768).toBeCloseTo(sent[i]!, 1);
  });

  it('goes on without a seam when the rate changes', () => {
    const resampler = new Resampler(48_000);
    const pieces: Float32Array[] = [];
    let seconds = 0;
    for (const from of [22_050, 24_000, 16_000, 22_050]) {
      const first = seconds * from;
      const half = Int16Array.from({ length: from / 2 }, (_, i) =>
        Math.round(Math.sin((2 * Math.PI * 440 * (first + i)) / from) * 12_000));
      pieces.push(resampler.push(half, from));
      seconds += 0.5;
    }
    const frames = joined([...pieces, resampler.finish()]);
    expect(Math.abs(frames.length - 96_000)).toBeLessThanOrEqual(1);
    expect(residual(frames, 48_000)).toBeLessThan(300);
  });

  it('has nothing to give for nothing', () => {
    const resampler = new Resampler(48_000);
    expect(resampler.push(new Int16Array(0), 22_050)).toHaveLength(0);
    expect(new Resampler(48_000).finish()).toHaveLength(0);
  });
});
