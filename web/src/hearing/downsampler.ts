import { makeKernel } from '../base/sinc';

/** Samples per second of what is sent, and of what the model hears. */
export const hearingRate = 16_000;

/** 32 ms. */
export const blockLength = 512;

/** Samples of 16 bits, {@link blockLength} of them. */
export type Block = Int16Array<ArrayBuffer>;

const lobes = 12;
const phases = 128;

/** What is left below half of the rate: the filter needs room to fall. */
const passing = 0.94;

/**
 * Turns frames at the rate of a device into blocks at {@link hearingRate}. It keeps its place: not a sample is lost or made up between
 * two calls.
 */
export class Downsampler {
  private readonly step: number;
  private readonly reach: number;
  private readonly kernel: Float32Array;
  private readonly frames: Float32Array;
  private filled: number;
  private place: number;
  private block: Block = new Int16Array(blockLength);
  private count = 0;

  constructor(rate: number) {
    this.step = rate / hearingRate;
    const cut = Math.min(1, 1 / this.step) * passing;
    this.reach = Math.ceil(lobes * Math.max(1, this.step));
    this.kernel = makeKernel(this.reach, phases, cut);
    this.frames = new Float32Array(2 * this.reach + 8_192);
    this.filled = this.reach - 1;
    this.place = this.reach - 1;
  }

  /** The blocks that are complete with these frames. */
  push(input: Float32Array): Block[] {
    const { frames, reach, step } = this;
    const done: Block[] = [];
    for (let from = 0; from < input.length;) {
      const part = input.subarray(from, from + frames.length - this.filled);
      frames.set(part, this.filled);
      this.filled += part.length;
      from += part.length;
      for (; Math.floor(this.place) + reach < this.filled; this.place += step) {
        this.block[this.count++] = Math.round(Math.max(-32_768, Math.min(32_767, this.blend() * 32_768)));
        if (this.count < blockLength) continue;
        done.push(this.block);
        this.block = new Int16Array(blockLength);
        this.count = 0;
      }
      const over = Math.floor(this.place) - reach + 1;
      frames.copyWithin(0, over, this.filled);
      this.filled -= over;
      this.place -= over;
    }
    return done;
  }

  private blend(): number {
    const { frames, kernel, reach } = this;
    const whole = Math.floor(this.place);
    const phase = (this.place - whole) * phases;
    const row = Math.floor(phase);
    const part = phase - row;
    const taps = 2 * reach;
    let sum = 0;
    for (let i = 0; i < taps; i++) {
      const low = kernel[row * taps + i]!;
      sum += frames[whole - reach + 1 + i]! * (low + (kernel[(row + 1) * taps + i]! - low) * part);
    }
    return sum;
  }
}
