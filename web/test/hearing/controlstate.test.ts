import { describe, expect, it } from 'vitest';
import type { RememberedChoice } from '../../src/hearing/choice';
import {
  afterChange, isHeldToTalk, newControl, step, viewOf, type Control, type ControlEffect, type ControlEvent, type EngineName, type EngineNow,
} from '../../src/hearing/controlstate';

const remembered: RememberedChoice = { mode: 'hands_free', bargeIn: true, device: '', tap: false, browser: false };
const off: EngineNow = { state: 'off', mode: 'hands_free', notice: null };
const on: EngineNow = { ...off, state: 'listening' };
const button: EngineNow = { ...on, mode: 'push_to_talk' };

const companion = (hears: boolean, bargeIn = true, isThere = true): ControlEvent => ({
  type: 'companion', listener: { on: isThere, hears, bargeIn },
});
const click: ControlEvent = { type: 'click', byPointer: true };
const down: ControlEvent = { type: 'down', button: 0, pointer: 7 };
const up: ControlEvent = { type: 'up', how: 'pointer' };

function written(effect: ControlEffect): string {
  switch (effect.type) {
    case 'engine':
      return `${effect.engine} ${effect.call}`;
    case 'choose':
      return `choose ${effect.choice.mode}${effect.choice.bargeIn ? '' : ' polite'}`;
    case 'connected':
      return effect.on ? 'connected' : 'lost';
    case 'focus':
      return `focus ${effect.on}`;
    default:
      return effect.type;
  }
}

function after(state: Control, ...events: readonly (readonly [ControlEvent, EngineNow])[]) {
  let last: readonly ControlEffect[] = [];
  for (const [event, now] of events) ({ state, effects: last } = step(state, event, now));
  return { state, last: last.map(written) };
}

const control = (part: Partial<RememberedChoice> = {}, browserHears = true): Control =>
  newControl({ ...remembered, ...part }, browserHears);

describe('the engine that hears', () => {
  it('is the hub where the companion understands sound, and else the browser', () => {
    expect(after(control(), [companion(true), off])).toMatchObject({ state: { engine: 'own', visible: true }, last: ['draw'] });
    expect(after(control({ browser: true }), [companion(true), off]).state.engine).toBe('browser');
    expect(after(control(), [companion(false), off]))
      .toMatchObject({ state: { engine: 'browser', visible: true }, last: ['own off', 'draw'] });
  });

  it('is off and out of sight where neither of them recognizes speech, or there is no companion', () => {
    expect(after(control({}, false), [companion(false), off])).toMatchObject({ state: { visible: false }, last: ['own off', 'draw'] });
    expect(after(control(), [companion(true), off], [companion(true, true, false), on]))
      .toMatchObject({ state: { visible: false }, last: ['own off', 'draw'] });
  });

  it('is on after a change if the other one was, and if the user agreed to it', () => {
    expect(after(control(), [companion(true), off], [{ type: 'choose', part: { browser: true } }, on]).last)
      .toEqual(['remember', 'own off', 'browser on', 'choose hands_free']);
    expect(after(control(), [companion(true), off], [{ type: 'choose', part: { browser: true } }, off]).last)
      .toEqual(['remember', 'own off', 'choose hands_free']);
    expect(after(control(), [companion(true), off], [companion(false), on]).last).toEqual(['own off', 'draw']);
    expect(after(control(), [companion(true), off], [{ type: 'local', on: true }, on], [companion(false), on]).last)
      .toEqual(['own off', 'browser on', 'draw']);
  });

  it('may be interrupted only where the companion and the user allow it', () => {
    expect(after(control(), [companion(true, false), off]).last).toEqual(['choose hands_free polite', 'draw']);
    expect(after(control({ bargeIn: false }), [companion(true, false), off], [companion(true, true), off]).last)
      .toEqual(['choose hands_free polite', 'draw']);
  });
});

describe('a click', () => {
  it('switches on and off', () => {
    expect(after(control(), [companion(true), off], [click, off]).last).toEqual(['own on', 'draw']);
    expect(after(control(), [companion(true), off], [click, on]).last).toEqual(['own off']);
    expect(after(control(), [companion(true), off], [click, { ...button, state: 'starting' }]).last).toEqual(['own off']);
  });

  it('asks before the browser sends sound away, and not where it does not', () => {
    const asked = after(control(), [companion(false), off], [click, off]);
    expect([asked.state.asking, asked.last]).toEqual([true, ['draw', 'focus agree']]);
    expect(after(asked.state, [{ type: 'agree' }, off])).toMatchObject({
      state: { asking: false, choice: { browser: true } }, last: ['remember', 'choose hands_free', 'browser on', 'draw', 'focus button'],
    });
    expect(after(asked.state, [{ type: 'dismiss' }, off]))
      .toMatchObject({ state: { asking: false, choice: { browser: false } }, last: ['browser dismiss', 'focus button'] });
    expect(after(control(), [companion(false), off], [{ type: 'local', on: true }, off], [click, off]).last)
      .toEqual(['browser on', 'draw']);
  });

  it('talks when holding is not possible or not wanted, until the next one', () => {
    const byKey: ControlEvent = { type: 'click', byPointer: false };
    expect(after(control(), [click, button]).last).toEqual([]);
    expect(after(control(), [byKey, button]).last).toEqual(['own press']);
    expect(after(control(), [byKey, button], [byKey, button]).last).toEqual(['own release']);
    expect(after(control({ tap: true }), [click, button], [click, button]).last).toEqual(['own release']);
  });
});

describe('a hold', () => {
  it('talks from the press to the release, by pointer or by key', () => {
    expect(after(control(), [down, button]).last).toEqual(['capture', 'own press']);
    expect(after(control(), [down, button], [up, button])).toMatchObject({ state: { holding: null }, last: ['own release'] });
    expect(after(control(), [{ type: 'key' }, button], [{ type: 'up', how: 'key' }, button]).last).toEqual(['own release']);
  });

  it('ends only as it began, or when the page loses the keyboard', () => {
    expect(after(control(), [{ type: 'key' }, button], [up, button]).last).toEqual([]);
    expect(after(control(), [{ type: 'key' }, button], [down, button]).last).toEqual(['capture']);
    expect(after(control(), [down, button], [{ type: 'away' }, button]).last).toEqual(['own release']);
    expect(after(control({ tap: true }), [click, button], [{ type: 'away' }, button]).last).toEqual([]);
    expect(after(control({ tap: true }), [{ type: 'key' }, button], [{ type: 'key' }, button]).last).toEqual(['own release']);
  });

  it('is nothing by another button, hands-free, by taps, or while the microphone is off', () => {
    expect(after(control(), [{ ...down, button: 2 } as ControlEvent, button]).last).toEqual([]);
    expect(after(control(), [down, on]).last).toEqual([]);
    expect(after(control({ tap: true }), [down, button]).last).toEqual([]);
    expect(after(control(), [down, { ...button, state: 'off' }]).last).toEqual([]);
  });

  it('ends when something else is chosen, before the engine changes', () => {
    expect(after(control(), [companion(true), off], [down, button], [{ type: 'choose', part: { browser: true } }, button]).last)
      .toEqual(['remember', 'own release', 'own off', 'browser on', 'choose hands_free']);
  });

  it('is over when the engine went off, and so is a question when it went on', () => {
    expect(afterChange(after(control(), [down, button]).state, button).holding).toBe('pointer');
    expect(afterChange(after(control(), [down, button]).state, off).holding).toBe(null);
    const { state } = after(control(), [companion(false), off], [click, off]);
    expect([afterChange(state, off).asking, afterChange(state, on).asking, afterChange({ ...state, local: true }, off).asking])
      .toEqual([true, false, false]);
  });
});

describe('the hub', () => {
  it('tells what it does, and that the voice resumes', () => {
    const busy = after(control(), [{ type: 'turn', state: 'transcribing' }, on]);
    expect([busy.state.transcribing, busy.last]).toEqual([true, ['draw']]);
    expect(after(busy.state, [{ type: 'connected', on: false }, on]))
      .toMatchObject({ state: { transcribing: false }, last: ['lost', 'draw'] });
    expect(after(busy.state, [{ type: 'connected', on: true }, on]).state.transcribing).toBe(true);
    expect(after(control(), [{ type: 'ducked', gain: 1 }, on]).last).toEqual(['own decided']);
    expect(after(control(), [{ type: 'ducked', gain: 0 }, on]).last).toEqual([]);
  });
});

describe('what the user sees', () => {
  const transcribing = { ...control(), transcribing: true };

  it.each([
    ['off', control(), off, { shown: 'off', word: 'off', label: 'turnOn', pressed: false }],
    ['on', control(), on, { shown: 'listening', word: 'listening', label: 'turnOff', pressed: true }],
    ['a button', control(), button, { shown: 'listening', word: 'ready', label: 'hold', pressed: false }],
    ['a held button', control(), { ...button, state: 'hearing' }, { shown: 'hearing', word: 'hearing', label: 'hold', pressed: true }],
    ['a button to tap', control({ tap: true }), button, { word: 'readyTap', label: 'tap', pressed: false }],
    ['what was said being understood', transcribing, on, { shown: 'transcribing', word: 'transcribing', pressed: true }],
    ['the next words before that', transcribing, { ...on, state: 'hearing' }, { shown: 'hearing' }],
    ['a fault', control(), { ...off, notice: 'denied' }, { reason: 'fault.denied', asking: false }],
    ['a question before a fault', { ...control(), asking: true }, { ...off, notice: 'denied' }, { reason: 'consent', asking: true }],
    ['nothing wrong', control(), on, { reason: null, browser: { can: 'remote', used: false } }],
    ['no browser that hears', control({ browser: true }, false), on, { browser: { can: 'none', used: false } }],
    ['a browser that was agreed to', control({ browser: true }), on, { browser: { can: 'remote', used: true } }],
    ['a browser that keeps the sound here', { ...control(), local: true }, on, { browser: { can: 'local', used: true } }],
  ] as const)('%s', (_, state, now, view) => expect(viewOf(state, now)).toMatchObject(view));
});

describe('in any order', () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))('keeps its promises (%i)', (seed) => {
    let dice = seed * 7_919 + 1;
    const random = (below: number): number => (dice = (dice * 48_271) % 2_147_483_647) % below;
    const flag = (): boolean => random(2) === 0;
    let state = control({ tap: flag() });
    const states: Record<EngineName, EngineNow['state']> = { own: 'off', browser: 'off' };
    const pressed: Record<EngineName, boolean> = { own: false, browser: false };
    const now = (): EngineNow => ({ state: states[state.engine], mode: state.choice.mode, notice: null });
    let broken = '';
    /** What only a visible control makes possible, and the space bar only while it talks. */
    const seen = (event: ControlEvent): ControlEvent => (state.visible && (event.type !== 'key' || isHeldToTalk(now())) ? event : up);
    const make: readonly (() => ControlEvent)[] = [
      () => companion(flag(), flag(), random(4) > 0), () => seen({ type: 'click', byPointer: flag() }),
      () => seen(down), () => up, () => seen({ type: 'key' }),
      () => ({ type: 'up', how: 'key' }), () => ({ type: 'away' }), () => ({ type: 'off' }),
      () => ({ type: 'local', on: flag() }), () => ({ type: 'dismiss' }),
      () => seen({ type: 'choose', part: { mode: flag() ? 'hands_free' : 'push_to_talk' } }),
      () => seen({ type: 'choose', part: { browser: flag() } }),
      () => (state.asking ? { type: 'agree' } : up),
    ];
    const call = (engine: EngineName, what: string, i: number): void => {
      if (what === 'on') {
        if (engine === 'browser' && !state.choice.browser && !state.local) broken ||= `the browser was not agreed to at ${i}`;
        states[engine] = 'starting';
      } else if (what === 'off') {
        states[engine] = 'off';
        pressed[engine] = false;
      } else if (what === 'press') {
        if (pressed[engine]) broken ||= `pressed twice at ${i}`;
        pressed[engine] = true;
      } else if (what === 'release') {
        pressed[engine] = false;
      }
    };
    for (let i = 0; i < 300; i++) {
      if (states[state.engine] === 'starting' && flag()) states[state.engine] = 'listening';
      const { state: next, effects } = step(state, make[random(make.length)]!(), now());
      state = next;
      for (const effect of effects) if (effect.type === 'engine') call(effect.engine, effect.call, i);
      state = afterChange(state, now());
      if (states.own !== 'off' && states.browser !== 'off') broken ||= `two engines at ${i}`;
      if (states[state.engine] === 'off' && (states.own !== 'off' || states.browser !== 'off')) broken ||= `the wrong engine is on at ${i}`;
      if (pressed[state.engine] && state.holding === null) broken ||= `pressed without a hold at ${i}`;
      if (state.asking && states[state.engine] !== 'off') broken ||= `asks what is answered at ${i}`;
    }
    expect(broken).toBe('');
  });
});
