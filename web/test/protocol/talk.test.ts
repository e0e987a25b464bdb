import { describe, expect, it } from 'vitest';
import { parseMessage, type Message } from '../../src/protocol/messages';
import type { Ask, Cancel, UserText } from '../../src/protocol/talk';

const files = import.meta.glob<string>('../../../docs/protocol/examples/*.json', { query: '?raw', import: 'default', eager: true });
const example = (name: string): string => files[`../../../docs/protocol/examples/${name}.json`]!;

function message(text: string): Message {
  const parsed = parseMessage(text);
  if (!('message' in parsed)) throw new Error(parsed.reason);
  return parsed.message;
}

describe('the examples of a conversation', () => {
  it('carry every field that the page uses', () => {
    expect(message(example('companion'))).toEqual({
      type: 'companion', channel: 'default', on: true, name: 'Koto',
      character: 'koto', model: 'qwen3:8b', demo: false, hears: true, bargeIn: true,
    });
    expect(message(example('companion.look'))).toEqual({
      type: 'companion', channel: 'default', on: true, name: 'Kitsu', character: 'kitsu', demo: false, hears: false, bargeIn: true,
      avatar: 'kitsu', look: { base: 'kitsu', hair: '#334455', tail: 'none' },
    });
    expect(message(example('companion.off'))).toEqual({
      type: 'companion', channel: 'default', on: false, demo: false, hears: false, bargeIn: true,
    });
    expect(message(example('turn'))).toEqual({ type: 'turn', channel: 'default', turn: 17, state: 'thinking', tool: 'current_time' });
    expect(message(example('turn.idle'))).toEqual({ type: 'turn', channel: 'default', turn: 17, state: 'idle', reason: 'llm_unreachable' });
    expect(message(example('transcript'))).toEqual({
      type: 'transcript', channel: 'default', turn: 17, content: 'What time is it?', final: true,
    });
    expect(message(example('duck'))).toEqual({ type: 'duck', channel: 'default', gain: 0.2 });
    expect(message(example('metrics'))).toEqual({
      type: 'metrics', channel: 'default', turn: 17,
      marks: { endOfSpeech: 475, transcript: 700.5, firstToken: 812, firstClause: 901, firstAudio: 903, firstSound: 927 },
    });
    expect(message(example('answer'))).toEqual({ type: 'answer', id: 'q1', value: { current: 'koto' } });
    expect(message(example('answer.error'))).toEqual({
      type: 'answer', id: 'q1', value: undefined,
      error: { code: 'not_found', message: 'there is no character kot', hint: 'Choose one of koto.' },
    });
  });

  it('are what the page sends', () => {
    const text: UserText = { type: 'user_text', channel: 'default', content: 'What time is it?', lang: 'en', spoken: false, final: true };
    const cancel: Cancel = { type: 'cancel', channel: 'default' };
    const ask: Ask = { type: 'ask', channel: 'default', id: 'q1', name: 'choose_character', value: { id: 'koto' }, lang: 'ja' };
    expect(JSON.parse(example('user_text'))).toEqual(text);
    expect(JSON.parse(example('cancel'))).toEqual(cancel);
    expect(JSON.parse(example('ask'))).toEqual(ask);
    const greeted: Ask = { type: 'ask', channel: 'default', id: 'q2', name: 'conversation', lang: 'ja', offset: 540 };
    expect({ channel: 'default', ...JSON.parse(example('ask.offset')) }).toEqual(greeted);
  });

  it('have the faces of a reply in order', () => {
    expect(message(example('llm_delta.emotion'))).toHaveProperty('emotion');
    const { emotions } = message(example('llm_response.emotions')) as { emotions: readonly { at: number }[] };
    expect(emotions.map(({ at }) => at)).toEqual(emotions.map(({ at }) => at).sort((a, b) => a - b));
  });
});

describe('what a later or a hostile companion says', () => {
  it.each([
    ['{"type":"turn","channel":"c","turn":1,"state":"dreaming"}', { state: 'idle' }],
    ['{"type":"transcript","channel":"c","turn":1,"content":""}', { content: '', final: true }],
    ['{"type":"duck","channel":"c","gain":7}', { gain: 1 }],
    ['{"type":"companion","channel":"c","on":true,"avatar":"x","look":null}', { avatar: 'x' }],
    ['{"type":"metrics","channel":"c","turn":1,"marks":{"firstToken":"soon","firstSound":5}}', { marks: { firstSound: 5 } }],
    ['{"type":"answer","id":"1","error":7}', { error: { code: 'failed', message: '', hint: '' } }],
    [
      '{"type":"llm_response","content":"x","emotions":[{"at":9,"name":"sad"},{"at":-1,"name":"joy"},null,{"at":2,"name":"joy"}]}',
      { emotions: [{ at: 2, name: 'joy' }, { at: 9, name: 'sad' }] },
    ],
  ])('%s', (text, parts) => {
    expect(message(text)).toMatchObject(parts);
  });

  it.each([
    '{"type":"companion"}', '{"type":"turn","channel":"c","turn":-1,"state":"idle"}',
    '{"type":"transcript","channel":"c","turn":1}', '{"type":"duck","channel":"c"}', '{"type":"answer"}',
  ])('%s is refused', (text) => {
    expect(parseMessage(text)).toHaveProperty('reason');
  });
});
