/**
 * A windowed sinc (Blackman) for each of `phases` places between two samples and for the next sample itself, one row of `2 * reach`
 * weights each, whose sum is 1. `cut` below 1 keeps out what is above that part of half the rate.
 */
export function makeKernel(reach: number, phases: number, cut: number): Float32Array {
  const taps = 2 * reach;
  const kernel = new Float32Array((phases + 1) * taps);
  for (let row = 0; row <= phases; row++) {
    let sum = 0;
    for (let i = 0; i < taps; i++) {
      const x = i - reach + 1 - row / phases;
      const turn = Math.PI * x * cut;
      const window = 0.42 + 0.5 * Math.cos((Math.PI * x) / reach) + 0.08 * Math.cos((2 * Math.PI * x) / reach);
      const value = (Math.abs(turn) < 1e-9 ? 1 : Math.sin(turn) / turn) * Math.max(0, window);
      kernel[row * taps + i] = value;
      sum += value;
    }
    for (let i = 0; i < taps; i++) kernel[row * taps + i] = kernel[row * taps + i]! / sum;
  }
  return kernel;
}
