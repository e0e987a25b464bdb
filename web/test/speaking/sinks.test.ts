import { describe, expect, it } from 'vitest';
import { fadeSeconds } from '../../src/speaking/ring';
import { bufferSink } from '../../src/speaking/sinks';

const rate = 48_000;

interface Scheduled {
  readonly from: number;
  until: number;
  readonly frames: Float32Array;
}

/** A context that notes what is to be played when; its time is moved by hand. */
class FakeContext {
  readonly sampleRate = rate;
  currentTime = 1;
  readonly played: Scheduled[] = [];
  private readonly gate: { readonly at: number; readonly value: number; readonly ramp: boolean }[] = [];

  createGain(): unknown {
    const note = (ramp: boolean) => (value: number, at: number) => void this.gate.push({ at, value, ramp });
    const cancelScheduledValues = (from: number): void =>
      void this.gate.splice(0, this.gate.length, ...this.gate.filter(({ at }) => at < Math.max(from, this.currentTime)));
    return { connect() {}, gain: { value: 1, setValueAtTime: note(false), linearRampToValueAtTime: note(true), cancelScheduledValues } };
  }

  createBuffer(_: number, length: number): unknown {
    const frames = new Float32Array(length);
    return { frames, copyToChannel: (from: Float32Array) => frames.set(from) };
  }

  createBufferSource(): unknown {
    const { played } = this;
    let note: Scheduled | null = null;
    const source = {
      buffer: null as { readonly frames: Float32Array } | null, connect() {},
      start(at: number) {
        const from = Math.round(at * rate);
        const { frames } = source.buffer!;
        played.push(note = { from, until: from + frames.length, frames });
      },
      stop(at: number) {
        note!.until = Math.min(note!.until, Math.round(at * rate));
      },
    };
    return source;
  }

  /** What has left the loudspeaker, with the ramps of the gate. */
  recording(length: number): Float32Array {
    const all = new Float32Array(length);
    for (const { from, until, frames } of this.played)
      for (let i = 0; i < frames.length && from + i < until; i++) all[from + i]! += frames[i]! * this.gain((from + i) / rate);
    return all;
  }

  private gain(at: number): number {
    let value = 1;
    for (const [index, event] of this.gate.entries()) {
      if (event.at <= at) value = event.value;
      else if (event.ramp) {
        const { at: began, value: was } = this.gate[index - 1]!;
        return began > at ? value : was + ((event.value - was) * (at - began)) / (event.at - began);
      } else return value;
    }
    return value;
  }
}

describe('the buffers of a browser without worklets', () => {
  it('lose no frame to a pause: what fades out before it fades in after it', () => {
    const context = new FakeContext();
    const sink = bufferSink(context as unknown as AudioContext, {} as AudioNode, () => {});
    const wave = Float32Array.from({ length: 24_000 }, (_, i) => Math.sin(i / 40) / 2);
    for (let at = 0; at < 12_000; at += 1_000) sink.push(wave.slice(at, at + 1_000));
    sink.go(false);
    context.currentTime += 0.1;
    sink.hold(true);
    context.currentTime += 3;
    const paused = sink.heard();
    for (let at = 12_000; at < 24_000; at += 1_000) sink.push(wave.slice(at, at + 1_000));
    expect([sink.running(), sink.pending()]).toEqual([false, 24_000 - paused]);
    sink.hold(false);
    context.currentTime += 1;
    const all = context.recording(6 * rate);
    expect([sink.heard(), sink.pending()]).toEqual([24_000, 0]);

    const first = context.played[0]!.from;
    const begun = context.played.find(({ from }) => from > first + 24_000)!.from;
    const fade = Math.ceil(fadeSeconds * rate);
    const heard = Float32Array.from([...all.subarray(first, first + paused), ...all.subarray(begun, begun + 24_000 - paused)]);
    for (let i = 0; i < fade; i++) heard[paused + i]! += all[first + paused + i]!;
    expect(heard.every((value, i) => Math.abs(value - wave[i]!) < 1e-3)).toBe(true);
    expect(all.subarray(first + paused + fade + 1, begun).every((value) => value === 0)).toBe(true);
  });
});
