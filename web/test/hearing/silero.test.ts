import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { sileroWeights } from '../../build/silero';
import { createSilero } from '../../src/hearing/silero';

const model = readFileSync(new URL('../../node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx', import.meta.url));
const weights = sileroWeights(model).buffer as ArrayBuffer;

/** Vowels of a low voice with pauses, noise, and silence. */
function sounds(): Int16Array<ArrayBuffer>[] {
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31 - 0.5;
  return Array.from({ length: 120 }, (_, block) => Int16Array.from({ length: 512 }, (_, i) => {
    const at = (block * 512 + i) / 16_000;
    if (block % 40 >= 30) return random() * 6_000 * (block > 80 ? 0 : 1);
    const pitch = 2 * Math.PI * (120 + 20 * Math.sin(at * 5)) * at;
    const voice = [1, 0.7, 0.9, 0.4, 0.6, 0.3, 0.2, 0.15].reduce((sum, loud, n) => sum + loud * Math.sin(pitch * (n + 1)), 0);
    return voice * 4_000 * Math.max(0, Math.sin(at * 9)) + random() * 200;
  }));
}

describe('the model', { timeout: 60_000 }, () => {
  it('finds what ONNX Runtime finds with the original', async () => {
    const session = await InferenceSession.create(model);
    const silero = createSilero(weights);
    let state: Tensor = new Tensor('float32', new Float32Array(256), [2, 1, 128]);
    let before = new Float32Array(64);
    let widest = 0;
    const found: number[] = [];
    for (const block of sounds()) {
      const samples = Float32Array.from(block, (sample) => sample / 32_768);
      const input = new Tensor('float32', Float32Array.of(...before, ...samples), [1, 576]);
      const result = await session.run({ input, state, sr: new Tensor('int64', [16_000n]) });
      state = result['stateN']!;
      before = samples.slice(-64);
      const probability = silero.probability(block);
      widest = Math.max(widest, Math.abs(probability - (result['output']!.data[0] as number)));
      found.push(probability);
    }
    expect(Math.max(...found)).toBeGreaterThan(0.6);
    expect(Math.min(...found)).toBeLessThan(0.1);
    expect(widest).toBeLessThan(0.01);
  });

  it('forgets when it is told to', () => {
    const silero = createSilero(weights);
    const first = sounds().map((block) => silero.probability(block));
    silero.reset();
    expect(sounds().map((block) => silero.probability(block))).toEqual(first);
  });

  it('refuses a file that is not the model', () => {
    expect(() => createSilero(new ArrayBuffer(10))).toThrow('not the weights');
  });
});
