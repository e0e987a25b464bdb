import { blockLength, type Block } from './downsampler';

const context = 64;
const window = 256;
const hop = 128;
const frames = 4;
const bins = window / 2 + 1;
const memory = 128;
const gates = 4 * memory;

/** Convolutions over three moments each: channels in, channels out, stride. */
const layers = [[bins, 128, 1], [128, 64, 2], [64, 64, 2], [64, memory, 1]] as const;

/** How sure a model is that a voice is in the sound. */
export interface Detector {
  /** 0 to 1, for one block after the other. */
  probability(block: Block): number;
  /** Forgets what it has heard. */
  reset(): void;
}

/**
 * The Silero model, version 5, for 16 kHz: a spectrum, four convolutions, one LSTM cell. The weights come from the model of
 * @ricky0123/vad-web, see build/silero.ts; a test compares it with ONNX Runtime.
 */
export function createSilero(file: ArrayBuffer): Detector {
  const weights = reader(file);
  const convolutions = layers.map(([from, to, stride]) => ({ from, to, stride, weight: weights(from * to * 3), bias: weights(to) }));
  const [fromInput, fromMemory, inputBias, memoryBias] = [weights(gates * memory), weights(gates * memory), weights(gates), weights(gates)];
  const [outWeight, outBias] = [weights(memory), weights(1)];
  const spectrum = createSpectrum();
  const samples = new Float32Array(context + blockLength + context);
  const hidden = new Float32Array(memory);
  const cell = new Float32Array(memory);
  const gate = new Float32Array(gates);

  const remember = (input: Float32Array): number => {
    for (let row = 0; row < gates; row++) {
      const fresh = dot(fromInput, row * memory, input, 0, memory);
      const remembered = dot(fromMemory, row * memory, hidden, 0, memory);
      gate[row] = inputBias[row]! + memoryBias[row]! + fresh + remembered;
    }
    let sum = outBias[0]!;
    for (let i = 0; i < memory; i++) {
      cell[i] = sigmoid(gate[memory + i]!) * cell[i]! + sigmoid(gate[i]!) * Math.tanh(gate[2 * memory + i]!);
      hidden[i] = sigmoid(gate[3 * memory + i]!) * Math.tanh(cell[i]!);
      sum += outWeight[i]! * Math.max(0, hidden[i]!);
    }
    return sigmoid(sum);
  };

  return {
    probability(block) {
      // Each block is seen with the end of the one before; its own end is mirrored.
      samples.copyWithin(0, blockLength, blockLength + context);
      for (let i = 0; i < blockLength; i++) samples[context + i] = block[i]! / 32_768;
      const end = context + blockLength;
      for (let i = 0; i < context; i++) samples[end + i] = samples[end - 2 - i]!;
      let layer: Float32Array = spectrum(samples);
      for (const convolution of convolutions) layer = convolve(layer, convolution);
      return remember(layer);
    },
    reset() {
      samples.fill(0);
      hidden.fill(0);
      cell.fill(0);
    },
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function dot(a: Float32Array, from: number, b: Float32Array, at: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[from + i]! * b[at + i]!;
  return sum;
}

interface Convolution {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** Moment after moment in, moment after moment out; nothing is before the first and after the last one. */
function convolve(input: Float32Array, { from, to, stride, weight, bias }: Convolution): Float32Array {
  const moments = input.length / from;
  const output = new Float32Array(Math.ceil(moments / stride) * to);
  for (let moment = 0, at = 0; moment < moments; moment += stride) {
    const first = Math.max(0, moment - 1);
    const last = Math.min(moments, moment + 2);
    const skipped = first - moment + 1;
    for (let channel = 0; channel < to; channel++, at++) {
      output[at] = Math.max(0, bias[channel]! + dot(weight, (channel * 3 + skipped) * from, input, first * from, (last - first) * from));
    }
  }
  return output;
}

/** How loud each frequency is, in four overlapping windows. */
function createSpectrum(): (samples: Float32Array) => Float32Array {
  const cosines = new Float32Array(bins * window);
  const sines = new Float32Array(bins * window);
  for (let bin = 0; bin < bins; bin++) {
    for (let i = 0; i < window; i++) {
      const [angle, shape] = [(2 * Math.PI * ((bin * i) % window)) / window, 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window)];
      cosines[bin * window + i] = shape * Math.cos(angle);
      sines[bin * window + i] = shape * Math.sin(angle);
    }
  }
  return (samples) => {
    const loudness = new Float32Array(frames * bins);
    for (let frame = 0; frame < frames; frame++) {
      for (let bin = 0; bin < bins; bin++) {
        const real = dot(cosines, bin * window, samples, frame * hop, window);
        const imaginary = dot(sines, bin * window, samples, frame * hop, window);
        loudness[frame * bins + bin] = Math.sqrt(real * real + imaginary * imaginary);
      }
    }
    return loudness;
  };
}

/** Takes numbers of half precision from a file, one run after the other. */
function reader(file: ArrayBuffer): (count: number) => Float32Array {
  const halves = new Uint16Array(file);
  const exponents = Float32Array.from({ length: 32 }, (_, i) => 2 ** (Math.max(1, i) - 25));
  const whole = layers.reduce((sum, [from, to]) => sum + (from * 3 + 1) * to, 0) + 2 * gates * (memory + 1) + memory + 1;
  if (halves.length !== whole) throw new Error('These are not the weights of the model.');
  let at = 0;
  return (count) => Float32Array.from(halves.subarray(at, at += count), (bits) => {
    const exponent = (bits >> 10) & 31;
    const size = ((bits & 1023) + (exponent > 0 ? 1024 : 0)) * exponents[exponent]!;
    return bits >= 0x8000 ? -size : size;
  });
}
