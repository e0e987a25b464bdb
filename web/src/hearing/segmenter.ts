import type { HearingMode, VoiceEvent } from '../protocol/hearing';
import { blockLength, hearingRate } from './downsampler';

/** What the segmenter goes by. */
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
  /** Blocks since the last utterance that were not sent, as many as would be sent with the next one. */
  readonly before: number;
  /** Blocks of this utterance that were sent, that were voiced, and that were silent since the last voiced one. */
  readonly sent: number;
  readonly voiced: number;
  readonly silent: number;
  /** Blocks since the button was pressed. */
  readonly held: number;
  /** The character speaks. */
  readonly speaking: boolean;
  /** Its voice is turned down because of this segmenter. */
  readonly ducked: boolean;
  /** It is for others to say what becomes of it. */
  readonly awaiting: boolean;
}

export type SegmenterEvent =
  | { readonly type: 'block'; readonly probability: number | null; /** The network takes what is sent. */ readonly room: boolean }
  | { readonly type: 'press' | 'release' }
  | { readonly type: 'settings'; readonly settings: SegmenterSettings }
  | { readonly type: 'speaking'; readonly on: boolean }
  /** The companion decided whether the character goes on, or the time for that is over. */
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

export interface SegmenterStep {
  readonly segmenter: Segmenter;
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

export const newSegmenter = (settings: SegmenterSettings): Segmenter =>
  ({ ...settings, ...atRest, utterance: 0, speaking: false, ducked: false, awaiting: false });

/** Decides what is an utterance, and how loud the character's speech is meanwhile. Knows nothing of sound and time but the blocks. */
export function step(segmenter: Segmenter, event: SegmenterEvent): SegmenterStep {
  switch (event.type) {
    case 'block':
      return hear(segmenter, event.probability, event.room);
    case 'press':
      return segmenter.mode === 'push_to_talk' && segmenter.phase === 'quiet' ? press(segmenter) : { segmenter, orders: [] };
    case 'release':
      return segmenter.mode === 'push_to_talk' ? release(segmenter) : { segmenter, orders: [] };
    case 'settings': {
      const { mode, bargeIn } = event.settings;
      const given = mode === segmenter.mode ? { segmenter, orders: [] } : giveUp(segmenter);
      return { segmenter: { ...given.segmenter, mode, bargeIn }, orders: given.orders };
    }
    case 'speaking':
      return event.on ? { segmenter: { ...segmenter, speaking: true }, orders: [] } : settle({ ...segmenter, speaking: false });
    case 'decided':
      return settle(segmenter, false);
    case 'waited':
      return settle(segmenter);
    case 'lost':
      return giveUp(segmenter);
    case 'cut':
      return cut(segmenter);
  }
}

function hear(segmenter: Segmenter, probability: number | null, room: boolean): SegmenterStep {
  if (segmenter.phase === 'quiet') {
    const deaf = segmenter.mode !== 'hands_free' || (segmenter.speaking && !segmenter.bargeIn);
    if (!deaf && probability !== null && probability >= positive) {
      if (room) return start(segmenter);
      return { segmenter: { ...segmenter, ...atRest, phase: 'over' }, orders: [{ type: 'notice', what: 'slow' }] };
    }
    return { segmenter: { ...segmenter, before: Math.min(preRollBlocks, segmenter.before + 1) }, orders: [] };
  }
  const voiced = probability !== null && probability >= positive;
  const now: Segmenter = {
    ...segmenter, held: segmenter.held + 1, voiced: segmenter.voiced + (voiced ? 1 : 0),
    silent: voiced ? 0 : segmenter.silent + (probability !== null && probability < negative ? 1 : 0),
  };
  const silence = segmenter.mode === 'hands_free' && now.silent >= redemptionBlocks;
  if (segmenter.phase === 'over') return { segmenter: silence ? { ...now, ...atRest } : now, orders: [] };
  if (!room) return over(now, 'misfire', 'slow');
  if (segmenter.sent >= longestUtterance) return over(now, 'end', 'long');
  const sound: SegmenterOrder = { type: 'sound', utterance: segmenter.utterance, blocks: 1 };
  const heard = { ...now, sent: segmenter.sent + 1 };
  if (silence) return finish(heard, segmenter.phase === 'speech' ? 'end' : 'misfire', [sound]);
  if (segmenter.phase === 'perhaps' && now.voiced >= realBlocks) return confirm(heard, [sound]);
  return { segmenter: heard, orders: [sound] };
}

/** The first block that is voiced. */
function start(segmenter: Segmenter): SegmenterStep {
  const utterance = segmenter.utterance + 1;
  const ducks = segmenter.speaking && !segmenter.ducked;
  return {
    segmenter: {
      ...segmenter, ...atRest, phase: 'perhaps', utterance, sent: segmenter.before + 1, voiced: 1, ducked: segmenter.ducked || ducks,
    },
    orders: [
      ...(ducks ? [{ type: 'duck', gain: perhapsGain } as const] : []),
      ...(segmenter.awaiting ? [{ type: 'wait', on: false } as const] : []),
      { type: 'vad', utterance, event: 'start' }, { type: 'sound', utterance, blocks: segmenter.before + 1 },
    ],
  };
}

function confirm(segmenter: Segmenter, orders: readonly SegmenterOrder[]): SegmenterStep {
  return {
    segmenter: { ...segmenter, phase: 'speech', ducked: segmenter.ducked || segmenter.speaking },
    orders: [
      ...(segmenter.speaking ? [{ type: 'duck', gain: 0 } as const] : []), ...orders,
      { type: 'vad', utterance: segmenter.utterance, event: 'real' },
    ],
  };
}

function press(segmenter: Segmenter): SegmenterStep {
  const utterance = segmenter.utterance + 1;
  const before: readonly SegmenterOrder[] = [
    ...(segmenter.awaiting ? [{ type: 'wait', on: false } as const] : []), { type: 'vad', utterance, event: 'start' },
    ...(segmenter.before > 0 ? [{ type: 'sound', utterance, blocks: segmenter.before } as const] : []),
  ];
  return confirm({ ...segmenter, ...atRest, utterance, sent: segmenter.before }, before);
}

function release(segmenter: Segmenter): SegmenterStep {
  if (segmenter.phase === 'quiet') return { segmenter, orders: [] };
  if (segmenter.phase === 'over') return { segmenter: { ...segmenter, ...atRest }, orders: [] };
  return finish(segmenter, segmenter.held < shortestPress ? 'misfire' : 'end', []);
}

/** An utterance is over. After a real one others decide about the character's voice, also when only this one was nothing. */
function finish(segmenter: Segmenter, event: 'end' | 'misfire', sound: readonly SegmenterOrder[]): SegmenterStep {
  const told: SegmenterStep = {
    segmenter: { ...segmenter, ...atRest }, orders: [...sound, { type: 'vad', utterance: segmenter.utterance, event }],
  };
  if (!segmenter.ducked) return told;
  if (event === 'end' || segmenter.awaiting) {
    return { segmenter: { ...told.segmenter, awaiting: true }, orders: [...told.orders, { type: 'wait', on: true }] };
  }
  const settled = settle(told.segmenter);
  return { segmenter: settled.segmenter, orders: [...told.orders, ...settled.orders] };
}

function over(segmenter: Segmenter, event: 'end' | 'misfire', what: 'slow' | 'long'): SegmenterStep {
  const finished = finish(segmenter, event, []);
  return { segmenter: { ...finished.segmenter, phase: 'over' }, orders: [...finished.orders, { type: 'notice', what }] };
}

function giveUp(segmenter: Segmenter): SegmenterStep {
  const open = segmenter.phase === 'perhaps' || segmenter.phase === 'speech';
  const settled = settle({ ...segmenter, ...atRest });
  const misfire: readonly SegmenterOrder[] = open ? [{ type: 'vad', utterance: segmenter.utterance, event: 'misfire' }] : [];
  return { segmenter: settled.segmenter, orders: [...misfire, ...settled.orders] };
}

/** Half a sentence is none: what is still said of it when there is a connection again is not wanted. */
function cut(segmenter: Segmenter): SegmenterStep {
  const { phase } = segmenter;
  const given = giveUp(segmenter);
  if (phase === 'quiet') return given;
  const orders: readonly SegmenterOrder[] = phase === 'speech' ? [...given.orders, { type: 'notice', what: 'cut' }] : given.orders;
  return { segmenter: { ...given.segmenter, phase: 'over' }, orders };
}

/** The character's voice is as loud as before; `louder`: the companion has not seen to it. */
function settle(segmenter: Segmenter, louder = true): SegmenterStep {
  const orders: SegmenterOrder[] = [];
  if (segmenter.awaiting) orders.push({ type: 'wait', on: false });
  if (segmenter.ducked && louder) orders.push({ type: 'duck', gain: 1 });
  return { segmenter: { ...segmenter, ducked: false, awaiting: false }, orders };
}
