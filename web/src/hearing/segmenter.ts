import type { HearingMode, VoiceEvent } from '../protocol/hearing';
import { blockLength, hearingRate } from './downsampler';

/** What the ear goes by. */
export interface SegmenterSettings {
  readonly mode: HearingMode;
  /** Whether a voice counts while the character speaks. A button always counts. */
  readonly bargeIn: boolean;
}

export interface Segmenter extends SegmenterSettings {
  /** `perhaps`: it may be speech; `over`: it was given up or too long, and the rest of it is not wanted. */
  readonly phase: 'quiet' | 'perhaps' | 'speech' | 'over';
  /** Number of the last utterance. */
  readonly utterance: number;
  /** Blocks since the last utterance that nobody has got, as many as would be sent with the next one. */
  readonly before: number;
  /** Blocks of this utterance that were sent, that were voiced, and that were silent since the last voiced one. */
  readonly sent: number;
  readonly voiced: number;
  readonly silent: number;
  /** Blocks since the button was pressed. */
  readonly held: number;
  /** The character speaks. */
  readonly speaking: boolean;
  /** Its voice is turned down because of this ear. */
  readonly ducked: boolean;
  /** It is for others to say what becomes of it. */
  readonly awaiting: boolean;
}

export type SegmenterEvent =
  | { readonly type: 'block'; readonly probability: number | null; /** The network takes what is sent. */ readonly room: boolean }
  | { readonly type: 'press' | 'release' }
  | { readonly type: 'settings'; readonly settings: SegmenterSettings }
  | { readonly type: 'speaking'; readonly on: boolean }
  /** Somebody decided whether the character goes on, or nobody did in time. */
  | { readonly type: 'decided' | 'waited' }
  /** The microphone is gone, or the connection is. */
  | { readonly type: 'lost' | 'cut' };

export type SegmenterOrder =
  | { readonly type: 'vad'; readonly utterance: number; readonly event: VoiceEvent }
  /** Sends the last so many blocks that were heard. */
  | { readonly type: 'sound'; readonly utterance: number; readonly blocks: number }
  | { readonly type: 'duck'; readonly gain: number }
  /** Starts or ends the wait for a decision. */
  | { readonly type: 'wait'; readonly on: boolean }
  | { readonly type: 'notice'; readonly what: 'slow' | 'long' | 'cut' };

export interface EarStep {
  readonly ear: Segmenter;
  readonly orders: readonly SegmenterOrder[];
}

const blocksIn = (ms: number): number => Math.ceil((ms * hearingRate) / 1_000 / blockLength);

export const positive = 0.5;
export const negative = 0.35;
export const preRollBlocks = blocksIn(300);
export const realBlocks = blocksIn(150);
export const redemptionBlocks = blocksIn(400);
export const shortestPress = blocksIn(200);
export const longestUtterance = 60 * (hearingRate / blockLength);

/** How much quieter the character is while something may be speech. */
const perhapsGain = 0.2;

const atRest = { phase: 'quiet', before: 0, sent: 0, voiced: 0, silent: 0, held: 0 } as const;

export const newSegmenter = (settings: SegmenterSettings): Segmenter => ({ ...settings, ...atRest, utterance: 0, speaking: false, ducked: false, awaiting: false });

/** Decides what is an utterance, and what becomes of the character's own voice meanwhile. Knows nothing of sound and time but the blocks. */
export function step(ear: Segmenter, event: SegmenterEvent): EarStep {
  switch (event.type) {
    case 'block':
      return hear(ear, event.probability, event.room);
    case 'press':
      return ear.mode === 'push_to_talk' && ear.phase === 'quiet' ? press(ear) : { ear, orders: [] };
    case 'release':
      return ear.mode === 'push_to_talk' ? release(ear) : { ear, orders: [] };
    case 'settings': {
      const { mode, bargeIn } = event.settings;
      const given = mode === ear.mode ? { ear, orders: [] } : giveUp(ear);
      return { ear: { ...given.ear, mode, bargeIn }, orders: given.orders };
    }
    case 'speaking':
      return event.on ? { ear: { ...ear, speaking: true }, orders: [] } : settle({ ...ear, speaking: false });
    case 'decided':
      return settle(ear, false);
    case 'waited':
      return settle(ear);
    case 'lost':
      return giveUp(ear);
    case 'cut':
      return cut(ear);
  }
}

function hear(ear: Segmenter, probability: number | null, room: boolean): EarStep {
  if (ear.phase === 'quiet') {
    const deaf = ear.mode !== 'hands_free' || (ear.speaking && !ear.bargeIn);
    if (!deaf && probability !== null && probability >= positive) {
      return room ? start(ear) : { ear: { ...ear, ...atRest, phase: 'over' }, orders: [{ type: 'notice', what: 'slow' }] };
    }
    return { ear: { ...ear, before: Math.min(preRollBlocks, ear.before + 1) }, orders: [] };
  }
  const voiced = probability !== null && probability >= positive;
  const now: Segmenter = {
    ...ear, held: ear.held + 1, voiced: ear.voiced + (voiced ? 1 : 0),
    silent: voiced ? 0 : ear.silent + (probability !== null && probability < negative ? 1 : 0),
  };
  const silence = ear.mode === 'hands_free' && now.silent >= redemptionBlocks;
  if (ear.phase === 'over') return { ear: silence ? { ...now, ...atRest } : now, orders: [] };
  if (!room) return over(now, 'misfire', 'slow');
  if (ear.sent >= longestUtterance) return over(now, 'end', 'long');
  const sound: SegmenterOrder = { type: 'sound', utterance: ear.utterance, blocks: 1 };
  const heard = { ...now, sent: ear.sent + 1 };
  if (silence) return finish(heard, ear.phase === 'speech' ? 'end' : 'misfire', [sound]);
  if (ear.phase === 'perhaps' && now.voiced >= realBlocks) return confirm(heard, [sound]);
  return { ear: heard, orders: [sound] };
}

/** The first block that is voiced. */
function start(ear: Segmenter): EarStep {
  const utterance = ear.utterance + 1;
  const ducks = ear.speaking && !ear.ducked;
  return {
    ear: { ...ear, ...atRest, phase: 'perhaps', utterance, sent: ear.before + 1, voiced: 1, ducked: ear.ducked || ducks },
    orders: [
      ...(ducks ? [{ type: 'duck', gain: perhapsGain } as const] : []), ...(ear.awaiting ? [{ type: 'wait', on: false } as const] : []),
      { type: 'vad', utterance, event: 'start' }, { type: 'sound', utterance, blocks: ear.before + 1 },
    ],
  };
}

function confirm(ear: Segmenter, orders: readonly SegmenterOrder[]): EarStep {
  return {
    ear: { ...ear, phase: 'speech', ducked: ear.ducked || ear.speaking },
    orders: [...(ear.speaking ? [{ type: 'duck', gain: 0 } as const] : []), ...orders, { type: 'vad', utterance: ear.utterance, event: 'real' }],
  };
}

function press(ear: Segmenter): EarStep {
  const utterance = ear.utterance + 1;
  const before: readonly SegmenterOrder[] = [
    ...(ear.awaiting ? [{ type: 'wait', on: false } as const] : []), { type: 'vad', utterance, event: 'start' },
    ...(ear.before > 0 ? [{ type: 'sound', utterance, blocks: ear.before } as const] : []),
  ];
  return confirm({ ...ear, ...atRest, utterance, sent: ear.before }, before);
}

function release(ear: Segmenter): EarStep {
  if (ear.phase === 'quiet') return { ear, orders: [] };
  if (ear.phase === 'over') return { ear: { ...ear, ...atRest }, orders: [] };
  return finish(ear, ear.held < shortestPress ? 'misfire' : 'end', []);
}

/** An utterance is over. After a real one others decide about the character's voice, also when only this one was nothing. */
function finish(ear: Segmenter, event: 'end' | 'misfire', sound: readonly SegmenterOrder[]): EarStep {
  const told: EarStep = { ear: { ...ear, ...atRest }, orders: [...sound, { type: 'vad', utterance: ear.utterance, event }] };
  if (!ear.ducked) return told;
  if (event === 'end' || ear.awaiting) return { ear: { ...told.ear, awaiting: true }, orders: [...told.orders, { type: 'wait', on: true }] };
  const settled = settle(told.ear);
  return { ear: settled.ear, orders: [...told.orders, ...settled.orders] };
}

function over(ear: Segmenter, event: 'end' | 'misfire', what: 'slow' | 'long'): EarStep {
  const finished = finish(ear, event, []);
  return { ear: { ...finished.ear, phase: 'over' }, orders: [...finished.orders, { type: 'notice', what }] };
}

function giveUp(ear: Segmenter): EarStep {
  const open = ear.phase === 'perhaps' || ear.phase === 'speech';
  const settled = settle({ ...ear, ...atRest });
  return { ear: settled.ear, orders: [...(open ? [{ type: 'vad', utterance: ear.utterance, event: 'misfire' } as const] : []), ...settled.orders] };
}

/** Half a sentence is none: what is still said of it when there is a connection again is not wanted. */
function cut(ear: Segmenter): EarStep {
  const { phase } = ear;
  const given = giveUp(ear);
  if (phase === 'quiet') return given;
  return { ear: { ...given.ear, phase: 'over' }, orders: phase === 'speech' ? [...given.orders, { type: 'notice', what: 'cut' }] : given.orders };
}

/** The character's voice is as loud as before; `louder`: nobody else has seen to it. */
function settle(ear: Segmenter, louder = true): EarStep {
  const orders: SegmenterOrder[] = [];
  if (ear.awaiting) orders.push({ type: 'wait', on: false });
  if (ear.ducked && louder) orders.push({ type: 'duck', gain: 1 });
  return { ear: { ...ear, ducked: false, awaiting: false }, orders };
}
