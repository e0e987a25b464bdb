import type { Saying } from './shapes';
import type * as wire from './wire';

/** How a user speaks to the character: the page hears when, or a button is held. */
export type HearingMode = wire.MicMode;

/** Whether this page listens, and the language that is probably spoken. */
export type MicReport = Saying<Omit<wire.Mic, 'page'>, 'channel'>;

/** `start`: perhaps speech; `real`: it is; `end`: it is over, and all its sound was sent; `misfire`: it was nothing. */
export type VoiceEvent = wire.VadEvent;

export type VadReport = Saying<Omit<wire.Vad, 'page'>, 'channel'>;

const headerLength = 16;
const magic = 0xa7;
const microphone = 2;

/** A piece of what the microphone hears, as it is sent; `offset`: samples of the utterance that came before. */
export function microphoneFrame(utterance: number, number: number, offset: number, samples: Int16Array): ArrayBuffer {
  const frame = new DataView(new ArrayBuffer(headerLength + samples.length * 2));
  frame.setUint8(0, magic);
  frame.setUint8(1, microphone);
  frame.setUint32(4, utterance, true);
  frame.setUint32(8, number, true);
  frame.setUint32(12, offset, true);
  for (let i = 0; i < samples.length; i++) frame.setInt16(headerLength + i * 2, samples[i]!, true);
  return frame.buffer;
}
