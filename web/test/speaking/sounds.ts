import type { Audio, Marks, SpeechEnd, SpeechFormat, SpeechStart } from '../../src/protocol/speech';

export const rate = 22_050;

export const sine = (samples: number, from = 0, hertz = 440, volume = 12_000, of = rate): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(Math.sin((2 * Math.PI * hertz * (from + i)) / of) * volume));

export const begins = (clause: number, more: Partial<SpeechStart> = {}): SpeechStart => ({
  type: 'speech_start', channel: 'default', turn: 1, clause, reply: 'r', at: 0, length: 0,
  format: 'pcm_s16le' satisfies SpeechFormat, rate, text: '', ...more,
});

export const piece = (clause: number, samples: Int16Array, offset = 0, turn = 1): Audio =>
  ({ type: 'audio', kind: 'samples', turn, clause, offset, data: samples.slice().buffer });

export const ends = (clause: number, final = false, more: Partial<SpeechEnd> = {}): SpeechEnd =>
  ({ type: 'speech_end', channel: 'default', turn: 1, clause, duration: 0, final, ...more });

export const marks = (clause: number, more: Partial<Marks>): Marks =>
  ({ type: 'marks', channel: 'default', turn: 1, clause, words: [], visemes: [], shapes: '', ...more });

/** The largest jump of a sine against what its last two samples foretell, in steps of 16 bits. Silence at the edges is left out. */
export function residual(frames: Float32Array, frameRate: number, hertz = 440): number {
  const k = 2 * Math.cos((2 * Math.PI * hertz) / frameRate);
  let most = 0;
  for (let i = 200; i < frames.length - 200; i++) {
    most = Math.max(most, Math.abs(frames[i]! - k * frames[i - 1]! + frames[i - 2]!) * 32_768);
  }
  return most;
}
