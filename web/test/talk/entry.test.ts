import { describe, expect, it } from 'vitest';
import type { Companion, TalkMessage, TalkTurn } from '../../src/protocol/talk';
import { startTalkPart } from '../../src/talk/entry';
import type { Talk } from '../../src/talk/talk';
import { reply } from '../scene/play';
import { stage } from '../scene/rehearsal';
import { settled } from '../settled';

const companion = (on: boolean): Companion => ({
  type: 'companion', channel: 'left', on, demo: false, hears: false, bargeIn: true, ...(on ? { name: 'Koto' } : {}),
});
const turn = (state: TalkTurn['state'], more: Partial<TalkTurn> = {}): TalkTurn => ({
  type: 'turn', channel: 'left', turn: 1, state, ...more,
});
const transcript = (content: string, final: boolean): TalkMessage => ({ type: 'transcript', channel: 'left', turn: 1, content, final });
function talking({ fails = 0, controls = true } = {}) {
  const scene = stage();
  const attended: string[] = [];
  const told: TalkMessage[] = [];
  let loads = 0;
  const talk: Talk = { take: (message) => void told.push(message), connected() {}, lost() {}, stop() {} };
  const conversation = startTalkPart({
    channel: 'left', store: scene.store, clock: scene.clock, director: { attend: (to) => void attended.push(to) },
    load: controls ? () => (++loads <= fails ? Promise.reject(new Error('gone')) : Promise.resolve(talk)) : null,
  });
  conversation.connected();
  return { ...scene, conversation, attended, told, loads: () => loads };
}

describe('a conversation', () => {
  it('loads its controls when there is a companion to talk with, and tells them everything from the start', async () => {
    const { conversation, told, loads } = talking();
    conversation.take(turn('idle'));
    expect(loads()).toBe(0);
    conversation.take(companion(true));
    conversation.take(transcript('Hel', false));
    await settled();
    expect(told.map(({ type }) => type)).toEqual(['turn', 'companion', 'transcript']);
    conversation.take(companion(true));
    await settled();
    expect(loads()).toBe(1);
  });

  it('tries again when they could not be loaded', async () => {
    const { conversation, told, loads } = talking({ fails: 1 });
    conversation.take(companion(true));
    await settled();
    expect(told).toEqual([]);
    conversation.take(companion(true));
    await settled();
    expect([loads(), told.length]).toEqual([2, 2]);
  });

  it('of another channel is none', async () => {
    const { conversation, loads, attended } = talking();
    conversation.take({ ...companion(true), channel: 'right' });
    conversation.take({ ...turn('thinking'), channel: 'right' });
    expect([loads(), attended]).toEqual([0, []]);
  });

  it('shows on the character how far it is, also where there are no controls', () => {
    const { conversation, attended, store } = talking({ controls: false });
    conversation.take(companion(true));
    for (const state of ['listening', 'thinking'] as const) conversation.take(turn(state));
    expect(store.scene().talking).toBe(true);
    conversation.lost();
    expect(attended).toEqual(['listening', 'thinking', 'idle']);
    expect(store.scene().talking).toBe(false);
  });

  it('keeps both sides, and what was cut short', () => {
    const { conversation, store, kept } = talking({ controls: false });
    conversation.take(transcript('Hel', false));
    conversation.take(transcript('Hello?', true));
    kept(reply('Hi! How are you?'));
    conversation.take(turn('speaking'));
    conversation.take(turn('listening', { reason: 'interrupted' }));
    expect(store.scene().history.map(({ text, heard }) => [text, heard !== undefined]))
      .toEqual([['Hello?', false], ['Hi! How are you?', true]]);
  });

  it('does not mark a reply as cut short when the one after it was only thought about', () => {
    const { conversation, store, kept } = talking({ controls: false });
    kept(reply('Hi!'));
    conversation.take(turn('thinking'));
    conversation.take(turn('listening', { reason: 'interrupted' }));
    expect(store.scene().history[0]?.heard).toBeUndefined();
  });

  it('ends when the companion does not come back with the connection', async () => {
    const { conversation, clock, told } = talking();
    conversation.take(companion(true));
    await settled();
    conversation.lost();
    conversation.connected();
    expect(told.at(-1)).toMatchObject({ on: true });
    clock.advance(2_000);
    expect(told.at(-1)).toMatchObject({ type: 'companion', on: false });
  });

  it('goes on without a blink when it does', async () => {
    const { conversation, clock, told } = talking();
    conversation.take(companion(true));
    await settled();
    conversation.lost();
    conversation.connected();
    conversation.take(companion(true));
    clock.advance(5_000);
    expect(told.every((message) => message.type === 'companion' && message.on)).toBe(true);
  });
});
