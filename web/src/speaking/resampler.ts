import { makeKernel } from '../base/sinc';

/** Samples on each side that decide about one between them. */
const reach = 8;
const phases = 256;
const taps = 2 * reach;

/**
 * Turns the clauses of a turn into one stream of frames at the rate of the device. It keeps its place between pieces and
 * clauses, whatever their rates: not a frame is lost or made up between them.
 */
export class Resampler {
  private pending = new Float32Array(reach - 1);
  /** Place of the next frame within {@link pending}. */
  private place = reach - 1;
  private rate = 0;
  private changes: { readonly at: number; readonly rate: number }[] = [];

  constructor(private readonly outRate: number) {}

  /** The frames that are certain with these samples; the last few follow with the next samples. */
  push(samples: Int16Array, rate: number): Float32Array<ArrayBuffer> {
    if (this.rate === 0) this.rate = rate;
    const last = this.changes.at(-1)?.rate ?? this.rate;
    if (rate !== last) this.changes.push({ at: this.pending.length, rate });
    const joined = new Float32Array(this.pending.length + samples.length);
    joined.set(this.pending);
    for (let i = 0; i < samples.length; i++) joined[this.pending.length + i] = samples[i]! / 32_768;
    this.pending = joined;
    return this.drain();
  }

  /** What is left, when nothing follows. */
  finish(): Float32Array<ArrayBuffer> {
    return this.push(new Int16Array(reach), this.changes.at(-1)?.rate ?? (this.rate || this.outRate));
  }

  private drain(): Float32Array<ArrayBuffer> {
    const { pending } = this;
    const most = Math.ceil((pending.length * this.outRate) / Math.min(this.rate, ...this.changes.map(({ rate }) => rate))) + 1;
    const frames = new Float32Array(most);
    let count = 0;
    let kernel = kernelFor(Math.min(1, this.outRate / this.rate));
    while (Math.floor(this.place) + reach < pending.length) {
      frames[count++] = blend(pending, this.place, kernel);
      this.place += this.rate / this.outRate;
      for (let [next] = this.changes; next !== undefined && this.place >= next.at; [next] = this.changes) {
        this.place = next.at + ((this.place - next.at) * next.rate) / this.rate;
        this.rate = next.rate;
        this.changes.shift();
        kernel = kernelFor(Math.min(1, this.outRate / this.rate));
      }
    }
    const done = Math.min(Math.floor(this.place) - reach + 1, pending.length);
    this.pending = pending.slice(done);
    this.place -= done;
    this.changes = this.changes.map(({ at, rate }) => ({ at: at - done, rate }));
    return frames.slice(0, count);
  }
}

function blend(samples: Float32Array, place: number, kernel: Float32Array): number {
  const whole = Math.floor(place);
  const phase = (place - whole) * phases;
  const row = Math.floor(phase);
  const part = phase - row;
  let sum = 0;
  for (let i = 0; i < taps; i++) {
    const low = kernel[row * taps + i]!;
    sum += samples[whole - reach + 1 + i]! * (low + (kernel[(row + 1) * taps + i]! - low) * part);
  }
  return sum;
}

const kernels = new Map<number, Float32Array>();

/** A windowed sinc for each of {@link phases} places between two samples; `cut` below 1 keeps out what the device cannot play. */
function kernelFor(cut: number): Float32Array {
  const known = kernels.get(cut);
  if (known !== undefined) return known;
  const kernel = makeKernel(reach, phases, cut);
  kernels.set(cut, kernel);
  return kernel;
}
