import { describe, expect, it } from 'vitest';
import { fadeSeconds, Ring, type RingReport } from '../../src/speaking/ring';

const rate = 48_000;
const fade = Math.ceil(fadeSeconds * rate);

function ring() {
  const one = new Ring(rate);
  let time = 0;
  const reports: RingReport[] = [];
  return {
    one, reports,
    push: (length: number, value = 0.5) => one.order({ type: 'frames', frames: new Float32Array(length).fill(value) }),
    play(blocks: number): Float32Array {
      const all = new Float32Array(blocks * 128);
      for (let i = 0; i < blocks; i++) {
        const report = one.fill(all.subarray(i * 128, (i + 1) * 128), time);
        if (report !== null) reports.push(report);
        time += 128 / rate;
      }
      return all;
    },
  };
}

const steepest = (frames: Float32Array): number =>
  frames.reduce((most, value, i) => (i === 0 ? most : Math.max(most, Math.abs(value - frames[i - 1]!))), 0);

describe('the ring', () => {
  it('is silent until it is told to go, and then plays each frame once', () => {
    const { one, push, play, reports } = ring();
    push(200);
    push(56);
    expect(play(2).every((value) => value === 0)).toBe(true);
    one.order({ type: 'go', soft: false });
    expect(play(2).every((value) => value === 0.5)).toBe(true);
    expect(reports).toEqual([{ frames: 128, time: (3 * 128) / rate, running: true, held: false }]);
  });

  it('says exactly when it has run dry, and goes on when told', () => {
    const { one, push, play, reports } = ring();
    push(200);
    one.order({ type: 'go', soft: false });
    play(3);
    expect(reports.at(-1)).toEqual({ frames: 200, time: 200 / rate, running: false, held: false });
    push(128);
    play(1);
    expect(reports).toHaveLength(2);
    one.order({ type: 'go', soft: true });
    play(1);
    expect(reports.at(-1)).toMatchObject({ frames: 328, running: true });
  });

  it('reports now and then how far it is', () => {
    const { one, push, play, reports } = ring();
    push(48_000);
    one.order({ type: 'go', soft: false });
    play(100);
    expect(reports.map(({ frames }) => frames)).toEqual([128, ...Array.from({ length: 12 }, (_, i) => 128 + 1_024 * (i + 1))]);
  });

  it('falls silent within its fade, without a click', () => {
    const { one, push, play } = ring();
    push(48_000);
    one.order({ type: 'go', soft: false });
    const before = play(4);
    one.order({ type: 'stop' });
    const after = play(10);
    expect(steepest(new Float32Array([...before, ...after]))).toBeLessThan(0.01);
    expect(after.subarray(fade + 1).every((value) => value === 0)).toBe(true);
    expect(one.over).toBe(true);
  });

  it('fades what ends too early, and what begins in the middle', () => {
    const { one, push, play } = ring();
    push(48_000);
    one.order({ type: 'go', soft: true });
    expect(steepest(play(20))).toBeLessThan(0.01);
    const short = ring();
    short.push(1_000);
    short.one.order({ type: 'go', soft: true });
    expect(steepest(short.play(30))).toBeLessThan(0.01);
    expect(Math.abs(short.play(1)[127]!)).toBeLessThan(0.001);
  });

  it('loses no frame to a pause: what fades out before it fades in after it', () => {
    const ramp = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i / 40) / 2);
    const sound = (pauseBlocks: number): Float32Array => {
      const { one, play, reports } = ring();
      for (let at = 0; at < ramp.length; at += 500) one.order({ type: 'frames', frames: ramp.slice(at, at + 500) });
      one.order({ type: 'go', soft: false });
      const before = play(20);
      one.order({ type: 'hold', on: true });
      const out = play(pauseBlocks);
      expect(reports.at(-1)).toMatchObject({ frames: 20 * 128, running: true, held: true });
      one.order({ type: 'hold', on: false });
      const after = play(200);
      expect(steepest(new Float32Array([...before, ...out, ...after]))).toBeLessThan(0.02);
      const again = Array.from(after).findIndex((value) => value !== 0);
      expect(out.subarray(fade).every((value) => value === 0)).toBe(true);
      const heard = Float32Array.from([...before, ...after.subarray(again)]);
      for (let i = 0; i < fade; i++) heard[before.length + i]! += out[i]!;
      return heard.subarray(0, ramp.length);
    };
    for (const blocks of [4, 1_000]) expect(sound(blocks).every((value, i) => Math.abs(value - ramp[i]!) < 1e-6)).toBe(true);
  });

  it('that is to go on before its pause has begun fades out first', () => {
    const { one, push, play } = ring();
    push(48_000);
    one.order({ type: 'go', soft: false });
    const before = play(2);
    one.order({ type: 'hold', on: true });
    one.order({ type: 'hold', on: false });
    expect(steepest(new Float32Array([...before, ...play(20)]))).toBeLessThan(0.01);
  });

  it('that is stopped in a pause is over', () => {
    const { one, push, play } = ring();
    push(48_000);
    one.order({ type: 'go', soft: false });
    play(2);
    one.order({ type: 'hold', on: true });
    one.order({ type: 'stop' });
    play(10);
    expect(one.over).toBe(true);
  });

  it('that was stopped before it began is over', () => {
    const { one } = ring();
    one.order({ type: 'stop' });
    expect(one.over).toBe(true);
  });
});
