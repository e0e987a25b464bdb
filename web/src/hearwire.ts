import type { Fields } from './fields';

/** How a person speaks to the character: the page hears when, or a button is held. */
export type HearingMode = 'hands_free' | 'push_to_talk';

/** Whether this page listens. */
export interface MicReport {
  readonly type: 'mic';
  readonly channel: string;
  readonly state: 'on' | 'off';
  readonly mode: HearingMode;
  /** The language that is probably spoken. */
  readonly lang?: string;
}

/** `start`: perhaps speech; `real`: it is; `end`: it is over, and all its sound was sent; `misfire`: it was nothing. */
export type VoiceEvent = 'start' | 'real' | 'end' | 'misfire';

export interface VadReport {
  readonly type: 'vad';
  readonly channel: string;
  readonly utterance: number;
  readonly event: VoiceEvent;
}

/** What tells a page that listens how the conversation stands. */
export type HearingCue =
  /** Whether somebody answers on the channel, and understands what is spoken. */
  | { readonly type: 'companion'; readonly channel: string; readonly on: boolean; readonly hears?: boolean }
  | { readonly type: 'turn'; readonly channel: string; readonly state: string }
  /** How loud the speech goes on while somebody speaks; see {@link readSpeech}. */
  | { readonly type: 'duck'; readonly channel: string; readonly gain: number };

export const isHearingCue = (message: { readonly type: string }): message is HearingCue =>
  message.type === 'companion' || message.type === 'turn' || message.type === 'duck';

/** null for a type that is not about hearing. */
export function readHearingCue(type: string, f: Fields): HearingCue | null {
  switch (type) {
    case 'companion':
      return { type, channel: f.text('channel'), on: f.flag('on', false), hears: f.flag('hears', false) };
    case 'turn':
      return { type, channel: f.text('channel'), state: f.text('state') };
    default:
      return null;
  }
}

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
