import type { HearingMode } from '../protocol/hearing';
import type { HearingChoice, HearingNotice, HearingState, Power } from './contract';
import { blockLength, hearingRate } from './downsampler';
import type { Device } from './microphone';
import {
  newSegmenter, step as earStep, type Segmenter, type SegmenterEvent, type SegmenterOrder, type SegmenterSettings,
} from './segmenter';
import { andThen, stepTo, type Step } from './step';

/** All that the page's own hearing decides by. */
export interface Listening {
  readonly choice: HearingChoice;
  readonly segmenter: Segmenter;
  readonly power: Power;
  readonly notice: HearingNotice | null;
  /** Counts how often the microphone was switched: the answer to an earlier request is known by it to be late. */
  readonly attempt: number;
  /** The model could not be loaded: until the next attempt only a button tells when the user speaks. */
  readonly modelFailed: boolean;
  readonly devices: readonly Device[];
  readonly connected: boolean;
  /** Whether there has been any sound since the microphone was switched on, and if not, how many blocks of zeros. */
  readonly sounded: boolean;
  readonly zeros: number;
}

export type ListeningEvent =
  | { readonly type: 'on' | 'off' | 'press' | 'release' | 'decided' | 'waited' | 'dismiss' }
  | { readonly type: 'opened'; readonly attempt: number; readonly devices: readonly Device[] }
  /** The microphone of this attempt cannot be used (any more). */
  | { readonly type: 'failed'; readonly attempt: number; readonly why: HearingNotice }
  /** `sounds`: not all zeros; `probability` of speech, null without a model; `room`: the network takes what is sent. */
  | { readonly type: 'block'; readonly sounds: boolean; readonly probability: number | null; readonly room: boolean }
  | { readonly type: 'model_failed' }
  /** The model is there, or is not needed, or cannot be had. */
  | { readonly type: 'prepared' }
  | { readonly type: 'choose'; readonly choice: HearingChoice }
  /** What was chosen while the microphone was on is in effect. */
  | { readonly type: 'chosen'; readonly attempt: number; readonly report: boolean }
  | { readonly type: 'connected' | 'speaking'; readonly on: boolean };

export type ListeningEffect =
  | Exclude<SegmenterOrder, { readonly type: 'notice' }>
  /** Asks the browser for the microphone and loads the model at the same time. */
  | { readonly type: 'open'; readonly attempt: number; readonly device: string }
  | { readonly type: 'close' }
  /** Loads the model if it is needed, while the microphone is on. */
  | { readonly type: 'prepare'; readonly attempt: number; readonly report: boolean }
  /** Tells the hub whether this page listens. */
  | { readonly type: 'report'; readonly on: boolean; readonly mode: HearingMode }
  /** Watches, from now, that sound comes. */
  | { readonly type: 'watch' }
  /** What the page shows of this is no longer right. */
  | { readonly type: 'changed' };

export type ListeningStep = Step<Listening, ListeningEffect>;

const to = stepTo<Listening, ListeningEffect>;

/** Milliseconds of zeros after which a microphone counts as muted; a noise gate opens sooner for a user who speaks. */
export const mutedAfter = 5_000;

const mutedBlocks = Math.ceil((mutedAfter * hearingRate) / 1_000 / blockLength);

export const newListening = (choice: HearingChoice): Listening => ({
  choice, segmenter: newSegmenter(choice), power: 'off', notice: null, attempt: 0, modelFailed: false, devices: [],
  connected: false, sounded: false, zeros: 0,
});

/** The settings in effect. */
export const settingsOf = ({ choice, modelFailed }: Listening): SegmenterSettings => ({
  mode: modelFailed ? 'push_to_talk' : choice.mode, bargeIn: choice.bargeIn,
});

export function stateOf({ power, segmenter }: Listening): HearingState {
  if (power !== 'on') return power;
  return segmenter.phase === 'perhaps' || segmenter.phase === 'speech' ? 'hearing' : 'listening';
}

/** Decides when the microphone is on, what the user is told about it, and by the segmenter what is sent. Knows nothing of the browser. */
export function step(state: Listening, event: ListeningEvent): ListeningStep {
  switch (event.type) {
    case 'on':
      return switchOn(state);
    case 'off':
      return switchOff(state, null);
    case 'opened':
      return opened({ ...state, devices: event.devices }, event.attempt);
    case 'failed':
      return event.attempt === state.attempt ? switchOff(state, event.why) : to(state);
    case 'block':
      return hear(state, event);
    case 'model_failed':
      return to({ ...state, modelFailed: true, notice: 'detector' });
    case 'prepared':
      return prepared(state);
    case 'choose':
      return choose(state, event.choice);
    case 'chosen':
      return chosen(state, event.attempt === state.attempt && state.power === 'on' && event.report);
    case 'press':
      return state.power === 'on' && state.connected ? segment(state, { type: event.type }) : to(state);
    case 'release':
    case 'decided':
    case 'waited':
      return segment(state, { type: event.type });
    case 'connected':
      return connect({ ...state, connected: event.on });
    case 'speaking':
      return event.on === state.segmenter.speaking ? to(state) : segment(state, { type: 'speaking', on: event.on });
    case 'dismiss':
      return to({ ...state, notice: null }, { type: 'changed' });
  }
}

function switchOn(state: Listening): ListeningStep {
  const attempt = state.attempt + 1;
  const starting: Listening = { ...state, attempt, power: 'starting', notice: null, modelFailed: false, sounded: false, zeros: 0 };
  return to(starting, { type: 'changed' }, { type: 'open', attempt, device: state.choice.device });
}

function switchOff(state: Listening, why: HearingNotice | null): ListeningStep {
  let off = to({ ...state, attempt: state.attempt + 1 }, { type: 'close' });
  if (state.power === 'on') {
    off = andThen(off, (closed) => segment(closed, { type: 'lost' }));
    off = andThen(off, (lost) => to(lost, report(lost, false)));
  }
  return andThen(off, (told) => to({ ...told, power: 'off', notice: why }, { type: 'changed' }));
}

/** The list of devices is right, however late it comes. */
function opened(state: Listening, attempt: number): ListeningStep {
  if (attempt !== state.attempt) return to(state);
  return to({ ...state, power: 'on' }, { type: 'watch' }, report(state, true), { type: 'changed' });
}

const prepared = (state: Listening): ListeningStep => segment(state, { type: 'settings', settings: settingsOf(state) });

function choose(state: Listening, choice: HearingChoice): ListeningStep {
  const next: Listening = { ...state, choice, modelFailed: false };
  if (state.power === 'off') return andThen(prepared(next), (ready) => to(ready, { type: 'changed' }));
  if (choice.device !== state.choice.device) return andThen(switchOff(next, null), switchOn);
  return to(next, { type: 'prepare', attempt: state.attempt, report: choice.mode !== state.choice.mode });
}

const chosen = (state: Listening, isNews: boolean): ListeningStep =>
  to(state, ...(isNews ? [report(state, true)] : []), { type: 'changed' });

function connect(state: Listening): ListeningStep {
  if (!state.connected) return segment(state, { type: 'cut' });
  return state.power === 'on' ? to(state, report(state, true)) : to(state);
}

function hear(state: Listening, { sounds, probability, room }: Extract<ListeningEvent, { type: 'block' }>): ListeningStep {
  const noted = andThen(to(state, { type: 'watch' }), (now) => noteZeros(now, sounds));
  // The rest of an utterance that was given up is waited out, connected or not.
  if (!state.connected && state.segmenter.phase !== 'over') return noted;
  return andThen(noted, (now) => segment(now, { type: 'block', probability, room }));
}

function noteZeros(state: Listening, sounds: boolean): ListeningStep {
  if (state.sounded) return to(state);
  if (sounds) {
    const next = { ...state, sounded: true };
    return state.notice === 'muted' ? to({ ...next, notice: null }, { type: 'changed' }) : to(next);
  }
  const next = { ...state, zeros: state.zeros + 1 };
  return next.zeros === mutedBlocks ? to({ ...next, notice: state.notice ?? 'muted' }, { type: 'changed' }) : to(next);
}

/** Lets the segmenter decide. What it wants the user to be told is kept here, until the next utterance begins. */
function segment(state: Listening, event: SegmenterEvent): ListeningStep {
  const { segmenter, orders } = earStep(state.segmenter, event);
  const effects: ListeningEffect[] = [];
  let { notice } = state;
  let changed = segmenter.phase !== state.segmenter.phase;
  for (const order of orders) {
    if (order.type === 'notice') {
      notice = order.what;
      changed = true;
      continue;
    }
    if (order.type === 'vad' && order.event === 'start' && (notice === 'slow' || notice === 'long' || notice === 'cut')) notice = null;
    effects.push(order);
  }
  if (changed) effects.push({ type: 'changed' });
  return to({ ...state, segmenter, notice }, ...effects);
}

const report = ({ segmenter }: Listening, on: boolean): ListeningEffect => ({ type: 'report', on, mode: segmenter.mode });
