import { describe, expect, it } from 'vitest';
import type { HearingChoice } from '../../src/hearing/contract';
import {
  newListening, settingsOf, stateOf, step, type Listening, type ListeningEffect, type ListeningEvent,
} from '../../src/hearing/listening';
import { realBlocks, redemptionBlocks } from '../../src/hearing/segmenter';

const handsFree: HearingChoice = { mode: 'hands_free', bargeIn: true, device: '' };
const byHand: HearingChoice = { ...handsFree, mode: 'push_to_talk' };

const voice: ListeningEvent = { type: 'block', sounds: true, probability: 0.9, room: true };
const silence: ListeningEvent = { ...voice, probability: 0 };
const full: ListeningEvent = { ...voice, room: false };
const zeros: ListeningEvent = { ...silence, sounds: false };
const times = (count: number, event: ListeningEvent): ListeningEvent[] => Array.from({ length: count }, () => event);

const online: ListeningEvent = { type: 'connected', on: true };
const opened = (attempt: number): ListeningEvent => ({ type: 'opened', attempt, devices: [{ id: 'a', name: 'A' }] });
const listening: readonly ListeningEvent[] = [online, { type: 'on' }, opened(1)];

function after(choice: HearingChoice, ...events: (ListeningEvent | readonly ListeningEvent[])[]) {
  let state = newListening(choice);
  let last: readonly ListeningEffect[] = [];
  for (const event of events.flat() as ListeningEvent[]) ({ state, effects: last } = step(state, event));
  return { state, last: last.map(written) };
}

function written(effect: ListeningEffect): string {
  switch (effect.type) {
    case 'open':
      return `open ${effect.device}#${effect.attempt}`;
    case 'report':
      return `mic ${effect.on ? 'on' : 'off'} ${effect.mode}`;
    case 'vad':
      return `${effect.event} ${effect.utterance}`;
    case 'prepare':
      return effect.report ? 'prepare and report' : 'prepare';
    case 'wait':
      return effect.on ? 'wait' : 'no wait';
    default:
      return effect.type;
  }
}

const shown = ({ state }: { readonly state: Listening }) => [stateOf(state), state.notice];

describe('switching', () => {
  it('asks for the chosen microphone, and tells the hub once it is there', () => {
    const asked = after({ ...handsFree, device: 'b' }, { type: 'on' });
    expect([shown(asked), asked.last]).toEqual([['starting', null], ['changed', 'open b#1']]);
    const on = after(handsFree, { type: 'on' }, opened(1));
    expect([shown(on), on.last, on.state.devices.length]).toEqual([['listening', null], ['watch', 'mic on hands_free', 'changed'], 1]);
  });

  it('drops what comes of an earlier attempt', () => {
    const early = after(handsFree, { type: 'on' }, { type: 'off' }, { type: 'on' }, opened(1));
    expect([shown(early), early.last]).toEqual([['starting', null], []]);
    const late = after(handsFree, { type: 'on' }, { type: 'off' }, { type: 'on' }, { type: 'failed', attempt: 1, why: 'denied' });
    expect([shown(late), late.last]).toEqual([['starting', null], []]);
  });

  it('tells the hub that it is off only if it told that it was on', () => {
    expect(after(handsFree, { type: 'on' }, { type: 'failed', attempt: 1, why: 'denied' }).last).toEqual(['close', 'changed']);
    expect(after(handsFree, listening, { type: 'off' }).last).toEqual(['close', 'mic off hands_free', 'changed']);
  });

  it('gives up an open utterance before it is off, and the character speaks as loud as before', () => {
    const speaks: ListeningEvent = { type: 'speaking', on: true };
    const gone = after(handsFree, listening, speaks, times(realBlocks, voice), { type: 'failed', attempt: 1, why: 'ended' });
    expect([shown(gone), gone.last])
      .toEqual([['off', 'ended'], ['close', 'misfire 1', 'duck', 'changed', 'mic off hands_free', 'changed']]);
  });
});

describe('a choice', () => {
  const toHandsFree: ListeningEvent = { type: 'choose', choice: handsFree };
  const chosen: ListeningEvent = { type: 'chosen', attempt: 1, report: true };
  it('waits for the model before the hub is told of another mode', () => {
    const asked = after(byHand, listening, toHandsFree);
    expect([asked.last, asked.state.segmenter.mode]).toEqual([['prepare and report'], 'push_to_talk']);
    const ready = after(byHand, listening, toHandsFree, { type: 'prepared' }, chosen);
    expect([ready.last, ready.state.segmenter.mode]).toEqual([['mic on hands_free', 'changed'], 'hands_free']);
  });

  it('is not told when the microphone was switched meanwhile', () => {
    expect(after(byHand, listening, toHandsFree, { type: 'off' }, chosen).last).toEqual(['changed']);
  });

  it('of the same mode is no news', () => {
    expect(after(handsFree, listening, { type: 'choose', choice: { ...handsFree, bargeIn: false } }).last).toEqual(['prepare']);
  });

  it('of another device starts anew', () => {
    expect(after(handsFree, listening, { type: 'choose', choice: { ...handsFree, device: 'b' } }).last)
      .toEqual(['close', 'mic off hands_free', 'changed', 'changed', 'open b#3']);
  });

  it('takes effect at once while the microphone is off', () => {
    const { state, last } = after(handsFree, { type: 'choose', choice: byHand });
    expect([state.segmenter.mode, last]).toEqual(['push_to_talk', ['changed']]);
  });

  it('of hands-free is a button without the model, until the next choice', () => {
    const failed = after(handsFree, { type: 'on' }, { type: 'model_failed' }, { type: 'prepared' });
    expect([settingsOf(failed.state).mode, failed.state.segmenter.mode, failed.state.notice])
      .toEqual(['push_to_talk', 'push_to_talk', 'detector']);
    const again = after(handsFree, { type: 'on' }, { type: 'model_failed' }, { type: 'prepared' }, { type: 'choose', choice: handsFree });
    expect(settingsOf(again.state).mode).toBe('hands_free');
  });
});

describe('what is heard', () => {
  it('is watched block by block, and sent as the segmenter says', () => {
    expect(after(handsFree, listening, silence).last).toEqual(['watch']);
    expect(after(handsFree, listening, voice).last).toEqual(['watch', 'start 1', 'sound', 'changed']);
  });

  it('is nothing without a connection, except that the rest of a lost sentence is waited out', () => {
    const offline: ListeningEvent = { type: 'connected', on: false };
    expect(after(handsFree, { type: 'on' }, opened(1), voice).state.segmenter.phase).toBe('quiet');
    const cut = after(handsFree, listening, times(realBlocks, voice), offline);
    expect([cut.state.segmenter.phase, cut.state.notice]).toEqual(['over', 'cut']);
    expect(after(handsFree, listening, times(realBlocks, voice), offline, times(redemptionBlocks, silence)).state.segmenter.phase)
      .toBe('quiet');
  });

  it('starts with a press only when it could be sent', () => {
    expect(after(byHand, { type: 'on' }, opened(1), { type: 'press' }).last).toEqual([]);
    expect(after(byHand, online, { type: 'press' }).last).toEqual([]);
    expect(after(byHand, listening, { type: 'press' }).last).toEqual(['start 1', 'real 1', 'changed']);
  });

  it('is told again to a hub that comes back', () => {
    expect(after(handsFree, listening, { type: 'connected', on: false }, online).last).toEqual(['mic on hands_free']);
    expect(after(handsFree, online).last).toEqual([]);
  });
});

describe('notices', () => {
  it('of a lost utterance go with the next one', () => {
    const slow = after(handsFree, listening, full);
    expect([slow.state.notice, slow.last]).toEqual(['slow', ['watch', 'changed']]);
    expect(after(handsFree, listening, full, times(redemptionBlocks, silence), voice).state.notice).toBe(null);
  });

  it('of a muted microphone come after five seconds of zeros, once, and go with the first sound', () => {
    expect(after(handsFree, listening, times(156, zeros)).state.notice).toBe(null);
    expect(after(handsFree, listening, times(157, zeros)).state.notice).toBe('muted');
    expect(after(handsFree, listening, times(157, zeros), { type: 'dismiss' }, times(157, zeros)).state.notice).toBe(null);
    expect(after(handsFree, listening, times(157, zeros), silence).state.notice).toBe(null);
    expect(after(handsFree, listening, silence, times(500, zeros)).state.notice).toBe(null);
  });

  it('of a missing model are more important than of a muted microphone', () => {
    expect(after(handsFree, listening, { type: 'model_failed' }, times(157, zeros)).state.notice).toBe('detector');
  });
});
