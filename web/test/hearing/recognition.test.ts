import { describe, expect, it } from 'vitest';
import {
  newRecognition, stateOf, step, type Phrase, type Recognition, type RecognitionEffect, type RecognitionEvent,
} from '../../src/hearing/recognition';
import type { SegmenterSettings } from '../../src/hearing/segmenter';

const handsFree: SegmenterSettings = { mode: 'hands_free', bargeIn: true };
const byHand: SegmenterSettings = { mode: 'push_to_talk', bargeIn: true };

type Timed = RecognitionEvent | { readonly pass: number };

const online: RecognitionEvent = { type: 'connected', on: true };
const on: RecognitionEvent = { type: 'on' };
const started = (run: number): RecognitionEvent => ({ type: 'started', run });
const ended = (run: number): RecognitionEvent => ({ type: 'ended', run });
/** Phrases as text; with a full stop they are final. */
const result = (run: number, ...phrases: readonly string[]): RecognitionEvent =>
  ({ type: 'result', run, gap: ' ', phrases: phrases.map((text): Phrase => ({ text: text.replace('.', ''), final: text.endsWith('.') })) });

function written(effect: RecognitionEffect): string {
  switch (effect.type) {
    case 'start':
      return `start ${effect.run}`;
    case 'report':
      return `mic ${effect.on ? 'on' : 'off'} ${effect.mode}`;
    case 'say':
      return effect.text + (effect.final ? '.' : '…');
    case 'settle':
      return effect.on ? 'settle' : '';
    case 'retry':
      return effect.after === null ? '' : `retry in ${effect.after}`;
    default:
      return effect.type;
  }
}

function after(choice: SegmenterSettings, { secure = true, continuous = true }, ...events: readonly Timed[]) {
  let state: Recognition = newRecognition(choice, { secure, continuous });
  let last: readonly RecognitionEffect[] = [];
  let at = 0;
  for (const event of events) {
    if ('pass' in event) at += event.pass;
    else ({ state, effects: last } = step(state, event, at));
  }
  // The ends of timers, and that something changed, follow almost everything.
  return { state, last: last.map(written).filter((text) => text !== '' && text !== 'changed') };
}

const heard = (...events: readonly Timed[]) => after(handsFree, {}, online, on, started(1), ...events);

describe('a recognition', () => {
  it('is at work while the microphone is on and there is a connection', () => {
    expect(after(handsFree, {}, on).last).toEqual([]);
    expect(after(handsFree, {}, on, online).last).toEqual(['start 1']);
    expect(after(handsFree, {}, online, on).last).toEqual(['start 1']);
    expect(heard({ type: 'off' }).last).toEqual(['mic off hands_free', 'abort']);
    expect(heard({ type: 'connected', on: false }).last).toEqual(['abort']);
  });

  it('is told to the hub when it has begun, and never on an unsafe page', () => {
    expect(stateOf(after(handsFree, {}, online, on).state)).toBe('starting');
    expect([stateOf(heard().state), heard().last]).toEqual(['listening', ['mic on hands_free']]);
    const unsafe = after(handsFree, { secure: false }, online, on);
    expect([unsafe.state.power, unsafe.state.notice, unsafe.last]).toEqual(['off', 'insecure', []]);
  });

  it('has nothing to say once another one is at work', () => {
    expect(heard({ type: 'connected', on: false }, online, result(1, 'old')))
      .toMatchObject({ state: { said: '', run: { id: 2 } }, last: [] });
    expect(heard({ type: 'connected', on: false }, online, ended(1)).state.run?.id).toBe(2);
    expect(heard({ type: 'connected', on: false }, online, { type: 'error', run: 1, error: 'network' }).state.power).toBe('on');
  });

  it('follows another one that worked, at once', () => {
    expect(heard({ pass: 1_000 }, ended(1)).last).toEqual(['start 2']);
    expect(heard(result(1, 'mhm'), ended(1)).last).toEqual(['mhm.', 'start 2']);
  });

  it('waits longer and longer after ones that did not, and is given up after five', () => {
    const attempts = (count: number): Timed[] => Array.from({ length: count }, (_, i): Timed[] => [ended(i + 1), { type: 'retry' }]).flat();
    expect(heard(ended(1)).last).toEqual(['retry in 250']);
    expect(heard(...attempts(3), ended(4)).last).toEqual(['retry in 2000']);
    expect(heard(...attempts(4), ended(5))).toMatchObject({ state: { power: 'off', notice: 'failed' }, last: ['mic off hands_free'] });
    expect(heard(...attempts(3), result(4, 'mhm'), ended(4), ended(5)).last).toEqual(['retry in 250']);
  });
});

describe('what is said', () => {
  it('is a guess until it is final, sent when it changes', () => {
    expect(heard(result(1, 'what')).last).toEqual(['what…', 'settle']);
    expect(heard(result(1, 'what'), result(1, 'what')).last).toEqual([]);
    const final = heard(result(1, 'what'), result(1, 'what time.', 'and'));
    expect([final.last, final.state.phrases, stateOf(final.state)]).toEqual([['what time.', 'and…', 'settle'], 1, 'hearing']);
    expect(heard(result(1, 'what time.', 'and'), result(1, 'what time.', 'and now.', '')).last).toEqual(['and now.']);
  });

  it('is asked for when a guess does not change any more', () => {
    expect(heard(result(1, 'what'), { type: 'settled' }).last).toEqual(['stop']);
  });

  it('is one phrase where the browser calls guesses final', () => {
    expect(after(handsFree, { continuous: false }, online, on, started(1), result(1, 'good.', 'morning.')).last)
      .toEqual(['good morning…', 'settle']);
  });

  it('is lost with the connection', () => {
    expect(heard(result(1, 'what'), { type: 'connected', on: false })).toMatchObject({ state: { said: '', phrases: 0 }, last: ['abort'] });
  });

  it('is not cut off by the character that may not be interrupted', () => {
    const polite = { ...handsFree, bargeIn: false };
    const speaks: RecognitionEvent = { type: 'speaking', on: true };
    const begun = [online, on, started(1)];
    expect(after(polite, {}, ...begun, speaks).last).toEqual(['abort']);
    expect(after(polite, {}, ...begun, result(1, 'but'), speaks).last).toEqual([]);
    expect(after(polite, {}, ...begun, result(1, 'but'), speaks, result(1, 'but I.')).last).toEqual(['but I.', 'abort']);
    expect(after(polite, {}, ...begun, speaks, { type: 'speaking', on: false }).last).toEqual(['start 2']);
  });
});

describe('a button', () => {
  it('is tried once when it is switched on', () => {
    const tried = after(byHand, {}, online, on, started(1));
    expect([tried.last, stateOf(tried.state)]).toEqual([['mic on push_to_talk', 'abort'], 'listening']);
  });

  const held = (...events: readonly Timed[]) => after(byHand, {}, online, on, started(1), { type: 'press' }, started(2), ...events);

  it('recognizes from the press to the release, as one phrase', () => {
    expect(held(result(2, 'what.', 'time.')).last).toEqual(['what time…']);
    expect(held(result(2, 'what time'), { pass: 200 }, { type: 'release' }).last).toEqual(['stop']);
    expect(held(result(2, 'what time'), { pass: 200 }, { type: 'release' }, ended(2)))
      .toMatchObject({ state: { run: null }, last: ['what time.'] });
    expect(held({ pass: 199 }, { type: 'release' }).last).toEqual(['abort']);
  });

  it('lets what was said before come to its end when it is pressed again', () => {
    expect(held(result(2, 'one'), { pass: 500 }, { type: 'release' }, { type: 'press' }).last).toEqual([]);
    expect(held(result(2, 'one'), { pass: 500 }, { type: 'release' }, { type: 'press' }, ended(2)).last).toEqual(['one.', 'start 3']);
  });

  it('does nothing without a connection', () => {
    expect(after(byHand, {}, online, on, started(1), { type: 'connected', on: false }, { type: 'press' }).state.pressedAt).toBe(null);
  });
});

describe('errors', () => {
  it('end it with a reason, but silence is none', () => {
    expect(heard({ type: 'error', run: 1, error: 'network' }))
      .toMatchObject({ state: { power: 'off', notice: 'service' }, last: ['mic off hands_free', 'abort'] });
    expect(heard({ type: 'error', run: 1, error: 'unknown' }).state.notice).toBe('failed');
    expect(heard({ type: 'error', run: 1, error: 'no-speech' }).last).toEqual([]);
  });
});

describe('in any order', () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))('keeps its promises (%i)', (seed) => {
    let dice = seed * 7_919 + 1;
    const random = (below: number): number => (dice = (dice * 48_271) % 2_147_483_647) % below;
    const flag = (): boolean => random(2) === 0;
    let state = newRecognition(flag() ? handsFree : byHand, { secure: true, continuous: flag() });
    let [at, working, told] = [0, 0, false];
    let broken = '';
    const make: readonly (() => RecognitionEvent)[] = [
      // The control switches on only what is off.
      () => (state.power === 'off' ? on : { type: 'off' }), () => ({ type: 'off' }),
      () => ({ type: 'press' }), () => ({ type: 'release' }), () => ({ type: 'connected', on: flag() }),
      () => ({ type: 'speaking', on: flag() }),
      () => ({ type: 'choose', choice: { mode: flag() ? 'hands_free' : 'push_to_talk', bargeIn: flag() } }),
      () => started(state.runs), () => ended(state.runs - random(2)),
      () => result(state.runs - random(2), flag() ? 'one.' : 'one', 'two'), () => ({ type: 'retry' }), () => ({ type: 'settled' }),
      () => ({ type: 'error', run: state.runs - random(2), error: flag() ? 'network' : 'no-speech' }),
    ];
    for (let i = 0; i < 300 && broken === ''; i++) {
      at += random(1_500);
      const event = make[random(make.length)]!();
      if (event.type === 'ended' && event.run === working) working = 0;
      const next = step(state, event, at);
      for (const effect of next.effects) {
        if (effect.type === 'start') {
          if (working !== 0) broken = `two recognitions at ${i}`;
          working = effect.run;
        } else if (effect.type === 'abort' || effect.type === 'stop') {
          if (working === 0) broken = `${effect.type} of nothing at ${i}`;
          if (effect.type === 'abort') working = 0;
        } else if (effect.type === 'report') {
          told = effect.on;
        } else if (effect.type === 'say' && effect.text === '') {
          broken = `nothing is said at ${i}`;
        }
      }
      state = next.state;
      if ((state.run?.id ?? 0) !== working) broken ||= `forgets what is at work at ${i}`;
      if (told !== (state.power === 'on')) broken ||= `the hub knows something else at ${i}`;
      if (state.power === 'off' && working !== 0) broken ||= `off, but at work at ${i}`;
    }
    expect(broken).toBe('');
  });
});
