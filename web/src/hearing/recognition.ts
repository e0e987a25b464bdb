import type { HearingMode } from '../protocol/hearing';
import type { HearingNotice, HearingState, Power } from './contract';
import type { SegmenterSettings } from './segmenter';
import { andThen, stepTo, type Step } from './step';

/** One recognition of the browser, from its start to its end. */
export interface Run {
  readonly id: number;
  /** Unix milliseconds. */
  readonly began: number;
  /** Whether all of it is one phrase, of which the end of the recognition is the end. */
  readonly whole: boolean;
  /** Phrases of it that were sent as final. */
  readonly done: number;
  readonly heard: boolean;
}

/** What of the page and its browser never changes. */
export interface Circumstances {
  /** Browsers recognize speech only for pages that came over a safe connection. */
  readonly secure: boolean;
  /** Whether one recognition may continue over several phrases. On Android it may not: it calls guesses final, and says them twice. */
  readonly continuous: boolean;
}

/** All that hearing by the browser's own recognition decides by. */
export interface Recognition extends Circumstances {
  readonly choice: SegmenterSettings;
  readonly power: Power;
  readonly notice: HearingNotice | null;
  /** The recognition at work; one at a time. */
  readonly run: Run | null;
  /** Recognitions that were begun. */
  readonly runs: number;
  /** The guess at what the user is saying; empty: nothing. */
  readonly said: string;
  /** Phrases that were sent as final. */
  readonly phrases: number;
  /** Recognitions in a row that ended soon and had heard nothing. */
  readonly attempts: number;
  readonly connected: boolean;
  /** Whether the character speaks. */
  readonly speaking: boolean;
  /** When the button was pressed, in Unix milliseconds; null: it is not. */
  readonly pressedAt: number | null;
}

export interface Phrase {
  readonly text: string;
  readonly final: boolean;
}

export type RecognitionEvent =
  | { readonly type: 'on' | 'off' | 'press' | 'release' | 'dismiss' }
  | { readonly type: 'choose'; readonly choice: SegmenterSettings }
  | { readonly type: 'connected' | 'speaking'; readonly on: boolean }
  /**
   * What the recognition `run` says of itself; `error`: the browser's name of it; `gap`: what stands between two phrases in its
   * language.
   */
  | { readonly type: 'started' | 'ended'; readonly run: number }
  | { readonly type: 'error'; readonly run: number; readonly error: string }
  | { readonly type: 'result'; readonly run: number; readonly phrases: readonly Phrase[]; readonly gap: string }
  /** A timer ran out: of a guess that no longer changes, or of the next attempt. */
  | { readonly type: 'settled' | 'retry' };

export type RecognitionEffect =
  | { readonly type: 'start'; readonly run: number }
  /** `stop`: what was said until now still counts; `abort`: nothing more is wanted of it. */
  | { readonly type: 'stop' | 'abort' }
  | { readonly type: 'report'; readonly on: boolean; readonly mode: HearingMode }
  | { readonly type: 'say'; readonly text: string; readonly final: boolean }
  /** Starts or ends the wait for a guess to settle. */
  | { readonly type: 'settle'; readonly on: boolean }
  /** Another attempt in so many milliseconds; null: none. */
  | { readonly type: 'retry'; readonly after: number | null }
  /** What the page shows of this is no longer right. */
  | { readonly type: 'changed' };

export type RecognitionStep = Step<Recognition, RecognitionEffect>;

/** A press that is shorter than these milliseconds was a touch. */
const shortestPress = 200;

/**
 * A recognition that ends within these milliseconds, with nothing heard, does not work; after so many of them in a row the page gives
 * up.
 */
const soon = 1_000;
const mostAttempts = 5;
const firstDelay = 250;

const faults: Readonly<Record<string, HearingNotice>> = {
  'not-allowed': 'denied', 'audio-capture': 'missing', 'aborted': 'taken', 'network': 'service',
  'service-not-allowed': 'refused', 'language-not-supported': 'language',
};

const to = stepTo<Recognition, RecognitionEffect>;

export const newRecognition = (choice: SegmenterSettings, { secure, continuous }: Circumstances): Recognition => ({
  secure, continuous, choice, power: 'off', notice: null, run: null, runs: 0, said: '', phrases: 0, attempts: 0,
  connected: false, speaking: false, pressedAt: null,
});

export function stateOf({ power, said, pressedAt }: Recognition): HearingState {
  if (power !== 'on') return power;
  return said !== '' || pressedAt !== null ? 'hearing' : 'listening';
}

/** Decides when the browser recognizes, and what of it the user said. `at`: Unix milliseconds. */
export function step(state: Recognition, event: RecognitionEvent, at: number): RecognitionStep {
  switch (event.type) {
    case 'on':
      return switchOn(state, at);
    case 'off':
      return switchOff(state, null);
    case 'dismiss':
      return changed(to({ ...state, notice: null }));
    case 'choose':
      return choose(state, event.choice, at);
    case 'press':
      return press(state, at);
    case 'release':
      return release(state, at);
    case 'connected':
      return connect({ ...state, connected: event.on }, at);
    case 'speaking':
      return speak({ ...state, speaking: event.on }, at);
    case 'settled':
      return state.run === null ? to(state) : to(state, { type: 'stop' });
    case 'retry':
      return listen(state, at);
  }
  // An old recognition has nothing more to say.
  if (state.run?.id !== event.run) return to(state);
  switch (event.type) {
    case 'started':
      return started(state);
    case 'result':
      return result(state, state.run, event);
    case 'error':
      return event.error === 'no-speech' ? to(state) : switchOff(state, faults[event.error] ?? 'failed');
    case 'ended':
      return ended(state, state.run, at);
  }
}

const byHand = ({ choice }: Recognition): boolean => choice.mode === 'push_to_talk';

const changed = (step: RecognitionStep): RecognitionStep => andThen(step, (state) => to(state, { type: 'changed' }));

const report = ({ choice }: Recognition, on: boolean): RecognitionEffect => ({ type: 'report', on, mode: choice.mode });

/** Whether a recognition should be at work. A button that was just switched on has to find out whether it would work. */
function listens(state: Recognition): boolean {
  if (state.power === 'off' || !state.connected) return false;
  return byHand(state) ? state.pressedAt !== null || state.power === 'starting' : !state.speaking || state.choice.bargeIn;
}

/** Starts a recognition if one should be at work and none is. */
function listen(state: Recognition, at: number): RecognitionStep {
  if (state.run !== null || !listens(state)) return to(state);
  const id = state.runs + 1;
  const run: Run = { id, began: at, whole: !state.continuous || byHand(state), done: 0, heard: false };
  return to({ ...state, run, runs: id, said: '' }, { type: 'retry', after: null }, { type: 'start', run: id });
}

/** What the user said until now is a phrase. */
function finish(state: Recognition): RecognitionStep {
  const settled: RecognitionEffect = { type: 'settle', on: false };
  if (state.said === '') return to(state, settled);
  return to({ ...state, said: '', phrases: state.phrases + 1 }, settled, { type: 'say', text: state.said, final: true });
}

/** Stops to hear at once; what was said until now counts. */
function leave(state: Recognition): RecognitionStep {
  const finished = andThen(to(state, { type: 'retry', after: null }), finish);
  return state.run === null ? finished : andThen(finished, (last) => to({ ...last, run: null }, { type: 'abort' }));
}

function switchOn(state: Recognition, at: number): RecognitionStep {
  if (!state.secure) return switchOff(state, 'insecure');
  return andThen(to({ ...state, power: 'starting', notice: null, attempts: 0 }, { type: 'changed' }), (starting) => listen(starting, at));
}

function switchOff(state: Recognition, why: HearingNotice | null): RecognitionStep {
  const reports = state.power === 'on' ? [report(state, false)] : [];
  const told = to({ ...state, power: 'off', said: '', pressedAt: null, notice: why }, ...reports);
  return changed(andThen(told, leave));
}

function choose(state: Recognition, { mode, bargeIn }: SegmenterSettings, at: number): RecognitionStep {
  const isOther = mode !== state.choice.mode;
  const left = isOther && state.power !== 'off' ? leave(state) : to(state);
  const chosen = andThen(left, (now) => {
    const next: Recognition = { ...now, choice: { mode, bargeIn }, pressedAt: isOther ? null : now.pressedAt };
    return isOther && next.power === 'on' ? to(next, report(next, true)) : to(next);
  });
  return changed(andThen(chosen, (now) => listen(now, at)));
}

/** The end of what was said before the press may still be on its way: then its recognition is not disturbed. */
function press(state: Recognition, at: number): RecognitionStep {
  if (state.power !== 'on' || !state.connected || !byHand(state)) return to(state);
  return changed(listen({ ...state, pressedAt: at }, at));
}

function release(state: Recognition, at: number): RecognitionStep {
  if (state.pressedAt === null) return to(state);
  const released: Recognition = { ...state, pressedAt: null };
  if (at - state.pressedAt < shortestPress) return changed(leave(released));
  return changed(state.run === null ? to(released) : to(released, { type: 'stop' }));
}

function connect(state: Recognition, at: number): RecognitionStep {
  // The hub has told that this page is gone, and with it what the user was saying.
  if (!state.connected) return leave({ ...state, said: '' });
  return andThen(state.power === 'on' ? to(state, report(state, true)) : to(state), (now) => listen(now, at));
}

/** The user may finish a sentence before the page stops to hear for the sake of the character's speech. */
const speak = (state: Recognition, at: number): RecognitionStep =>
  !listens(state) && state.said === '' && state.run !== null ? leave(state) : listen(state, at);

function started(state: Recognition): RecognitionStep {
  const on: Recognition = { ...state, power: 'on' };
  const told = state.power === 'starting' ? to(on, report(on, true)) : to(state);
  // A button only had to find out whether it would work.
  return changed(byHand(state) && state.pressedAt === null ? andThen(told, leave) : told);
}

function result(state: Recognition, run: Run, { phrases, gap }: Extract<RecognitionEvent, { type: 'result' }>): RecognitionStep {
  let next = to({ ...state, attempts: 0, run: { ...run, heard: true } });
  let { done } = run;
  for (let phrase = phrases[done]; !run.whole && phrase?.final === true; phrase = phrases[++done]) {
    const { text } = phrase;
    next = andThen(next, (now) => finish({ ...now, said: text }));
  }
  const open = phrases.slice(done).map(({ text }) => text).filter((text) => text !== '').join(gap);
  next = andThen(next, (now) => guess({ ...now, run: { ...run, done, heard: true } }, open));
  return changed(andThen(next, (now) => (!run.whole && now.said === '' && !listens(now) ? leave(now) : to(now))));
}

function guess(state: Recognition, said: string): RecognitionStep {
  if (said === state.said) return to(state);
  const unsettled: RecognitionEffect = { type: 'settle', on: !byHand(state) && said !== '' };
  return said === '' ? to({ ...state, said }, unsettled) : to({ ...state, said }, { type: 'say', text: said, final: false }, unsettled);
}

function ended(state: Recognition, run: Run, at: number): RecognitionStep {
  const attempts = run.heard || at - run.began >= soon ? 0 : state.attempts + 1;
  return changed(andThen(finish(state), (finished) => {
    const over: Recognition = { ...finished, run: null, attempts };
    if (attempts >= mostAttempts) return switchOff(over, 'failed');
    return attempts === 0 ? listen(over, at) : to(over, { type: 'retry', after: firstDelay * 2 ** (attempts - 1) });
  }));
}
