import type { HearingMode } from '../protocol/hearing';
import type { Listener } from '../protocol/talk';
import type { RememberedChoice } from './choice';
import type { HearingChoice, HearingNotice, HearingState } from './contract';
import type { HearingKey } from './hearingwords';
import { andThen, stepTo, type Step } from './step';

/** Who recognizes what the user says: the hub gets the sound (`own`), or the browser does it. */
export type EngineName = 'own' | 'browser';

/** How the press that holds now began: it ends by the same means, a tap by the next tap. */
export type Hold = 'pointer' | 'key' | 'tap';

/** All that the microphone's control decides by. */
export interface Control {
  readonly choice: RememberedChoice;
  /** Whether the browser can recognize speech at all. */
  readonly browserHears: boolean;
  /** Whether the browser is known to recognize speech on this computer. */
  readonly local: boolean;
  readonly engine: EngineName;
  readonly visible: boolean;
  /** What the companion said of itself: whether it understands sound, and whether it may be interrupted. */
  readonly hears: boolean;
  readonly interruptible: boolean;
  readonly transcribing: boolean;
  /** Whether the user is being asked if the browser may recognize. */
  readonly asking: boolean;
  readonly holding: Hold | null;
}

/** What the engine in use does at the moment of an event. */
export interface EngineNow {
  readonly state: HearingState;
  readonly mode: HearingMode;
  readonly notice: HearingNotice | null;
}

export type ControlEvent =
  | { readonly type: 'companion'; readonly listener: Listener }
  | { readonly type: 'turn'; readonly state: string }
  | { readonly type: 'connected'; readonly on: boolean }
  | { readonly type: 'ducked'; readonly gain: number }
  | { readonly type: 'local'; readonly on: boolean }
  | { readonly type: 'choose'; readonly part: Partial<RememberedChoice> }
  /** `byPointer`: not by a key or a screen reader. */
  | { readonly type: 'click'; readonly byPointer: boolean }
  | { readonly type: 'down'; readonly button: number; readonly pointer: number }
  /** The space bar is pressed. */
  | { readonly type: 'key' }
  /** A pointer or the space bar is released; `away`: the page lost the keyboard, no release would come. */
  | { readonly type: 'up'; readonly how: 'pointer' | 'key' }
  | { readonly type: 'away' | 'off' | 'agree' | 'dismiss' };

export type ControlEffect =
  | { readonly type: 'engine'; readonly engine: EngineName; readonly call: 'on' | 'off' | 'press' | 'release' | 'decided' | 'dismiss' }
  /** Tells every engine. */
  | { readonly type: 'choose'; readonly choice: HearingChoice }
  | { readonly type: 'connected'; readonly on: boolean }
  | { readonly type: 'remember'; readonly choice: RememberedChoice }
  /** The release of this pointer comes to the button wherever it is. */
  | { readonly type: 'capture'; readonly pointer: number }
  | { readonly type: 'focus'; readonly on: 'agree' | 'button' }
  | { readonly type: 'draw' };

export type ControlStep = Step<Control, ControlEffect>;

const to = stepTo<Control, ControlEffect>;

export const newControl = (choice: RememberedChoice, browserHears: boolean): Control => ({
  choice, browserHears, local: false, engine: 'own', visible: false, hears: false, interruptible: true, transcribing: false,
  asking: false, holding: null,
});

/** Decides which engine hears, when it is on, and when a button is held. Knows nothing of the page's elements. */
export function step(state: Control, event: ControlEvent, now: EngineNow): ControlStep {
  switch (event.type) {
    case 'companion':
      return companion(state, event.listener, now);
    case 'turn':
      return to({ ...state, transcribing: event.state === 'transcribing' }, { type: 'draw' });
    case 'connected':
      return to({ ...state, transcribing: event.on && state.transcribing }, { type: 'connected', on: event.on }, { type: 'draw' });
    case 'ducked':
      return event.gain === 1 ? order(state, 'decided') : to(state);
    case 'local':
      return event.on === state.local ? to(state) : to({ ...state, local: event.on }, { type: 'draw' });
    case 'choose':
      return choose(state, event.part, now);
    case 'click':
      return click(state, event.byPointer, now);
    case 'down':
      if (event.button !== 0 || state.choice.tap || !isHeldToTalk(now)) return to(state);
      return andThen(to(state, { type: 'capture', pointer: event.pointer }), (captured) => hold(captured, 'pointer'));
    case 'key':
      if (!state.choice.tap) return hold(state, 'key');
      return state.holding === null ? hold(state, 'tap') : drop(state);
    case 'up':
      return state.holding === event.how ? drop(state) : to(state);
    case 'away':
      return state.holding === 'tap' ? to(state) : drop(state);
    case 'off':
      return order(state, 'off');
    case 'agree':
      return agree(state, now);
    case 'dismiss':
      return andThen(order({ ...state, asking: false }, 'dismiss'), (dismissed) => to(dismissed, { type: 'focus', on: 'button' }));
  }
}

/** Whether a press of the button, or of the space bar, talks now. */
export const isHeldToTalk = ({ mode, state }: EngineNow): boolean =>
  mode === 'push_to_talk' && (state === 'listening' || state === 'hearing');

/** Whether the browser recognizes, or would as soon as the user agrees. */
export const usesBrowser = ({ browserHears, choice, hears }: Control): boolean => browserHears && (choice.browser || !hears);

/** Without being asked, a browser may recognize only what stays on this computer. */
const mayBegin = (state: Control): boolean => !usesBrowser(state) || state.choice.browser || state.local;

type EngineCall = Extract<ControlEffect, { type: 'engine' }>['call'];

const order = (state: Control, call: EngineCall): ControlStep => to(state, { type: 'engine', engine: state.engine, call });

/** Changes to the engine that should hear, which is on if the other one was. */
function pick(state: Control, now: EngineNow): ControlStep {
  const engine: EngineName = usesBrowser(state) ? 'browser' : 'own';
  const isOther = engine !== state.engine;
  const stopped = isOther || !mayBegin(state) ? order(state, 'off') : to(state);
  return andThen(stopped, (last) => {
    const next: Control = { ...last, engine };
    return isOther && now.state !== 'off' && mayBegin(next) ? order(next, 'on') : to(next);
  });
}

function begin(state: Control): ControlStep {
  if (mayBegin(state)) return andThen(order({ ...state, asking: false }, 'on'), (begun) => to(begun, { type: 'draw' }));
  return to({ ...state, asking: true }, { type: 'draw' }, { type: 'focus', on: 'agree' });
}

function companion(state: Control, { on, hears, bargeIn }: Listener, now: EngineNow): ControlStep {
  const visible = on && (hears || state.browserHears);
  const next: Control = { ...state, visible, hears, interruptible: bargeIn, transcribing: false };
  const told = bargeIn === state.interruptible ? to(next) : apply(next);
  return andThen(andThen(told, (known) => (visible ? pick(known, now) : order(known, 'off'))), (last) => to(last, { type: 'draw' }));
}

function choose(state: Control, part: Partial<RememberedChoice>, now: EngineNow): ControlStep {
  const choice: RememberedChoice = { ...state.choice, ...part };
  const dropped = andThen(to({ ...state, choice }, { type: 'remember', choice }), drop);
  return andThen(andThen(dropped, (free) => pick(free, now)), apply);
}

/** What the companion's settings forbid the page's cannot allow. */
function apply(state: Control): ControlStep {
  const { choice, interruptible } = state;
  return to(state, { type: 'choose', choice: { ...choice, bargeIn: choice.bargeIn && interruptible } });
}

function click(state: Control, byPointer: boolean, now: EngineNow): ControlStep {
  if (now.state === 'off') return begin(state);
  if (now.mode !== 'push_to_talk' || now.state === 'starting') return order(state, 'off');
  // A key or a screen reader clicks without a pointer, and cannot hold.
  if (!state.choice.tap && byPointer) return to(state);
  return state.holding === 'tap' ? drop(state) : hold(state, 'tap');
}

const agree = (state: Control, now: EngineNow): ControlStep =>
  andThen(andThen(choose(state, { browser: true }, now), begin), (begun) => to(begun, { type: 'focus', on: 'button' }));

const hold = (state: Control, how: Hold): ControlStep => (state.holding === null ? order({ ...state, holding: how }, 'press') : to(state));

const drop = (state: Control): ControlStep => (state.holding === null ? to(state) : order({ ...state, holding: null }, 'release'));

/** What is no longer true once the engine is off or starts anew; to be applied before the control is drawn. */
export function afterChange(state: Control, { state: engine }: EngineNow): Control {
  const isIdle = engine === 'off' || engine === 'starting';
  return { ...state, holding: isIdle ? null : state.holding, asking: state.asking && engine === 'off' && !mayBegin(state) };
}

export type Shown = HearingState | 'transcribing';

/** What the user sees of the control. */
export interface ControlView {
  readonly shown: Shown;
  readonly visible: boolean;
  readonly mode: HearingMode;
  readonly pressed: boolean;
  /** What a press of the button does. */
  readonly label: HearingKey;
  readonly word: HearingKey;
  readonly asking: boolean;
  /** Why something does not work, or what the user is asked. */
  readonly reason: HearingKey | null;
  readonly browser: { readonly can: 'none' | 'local' | 'remote'; readonly used: boolean };
}

export function viewOf(state: Control, now: EngineNow): ControlView {
  const { tap } = state.choice;
  const byHand = now.mode === 'push_to_talk';
  const shown = now.state === 'listening' && state.transcribing ? 'transcribing' : now.state;
  const inUse = byHand ? (tap ? 'tap' : 'hold') : 'turnOff';
  const fault: HearingKey | null = now.notice === null ? null : `fault.${now.notice}`;
  return {
    shown, visible: state.visible, mode: now.mode, asking: state.asking,
    pressed: byHand ? shown === 'hearing' : shown !== 'off',
    label: shown === 'off' ? 'turnOn' : inUse,
    word: shown === 'listening' && byHand ? (tap ? 'readyTap' : 'ready') : shown,
    reason: state.asking ? 'consent' : fault,
    browser: { can: !state.browserHears ? 'none' : state.local ? 'local' : 'remote', used: usesBrowser(state) && mayBegin(state) },
  };
}
