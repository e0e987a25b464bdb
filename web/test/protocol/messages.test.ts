import { describe, expect, it } from 'vitest';
import { parseMessage, type Ack, type Hello, type Message, type Resume } from '../../src/protocol/messages';
import { parseAudio, type Playback, type SoundReport } from '../../src/protocol/speech';

const files = import.meta.glob<string>('../../../docs/protocol/examples/*.json', { query: '?raw', import: 'default', eager: true });
const examples = new Map(Object.entries(files).map(([path, text]) => [/([^/]+)\.json$/.exec(path)![1]!, text]));

function example(name: string): string {
  const text = examples.get(name);
  if (text === undefined) throw new Error(`docs/protocol/examples has no ${name}.json`);
  return text;
}

function message(text: string): Message {
  const parsed = parseMessage(text);
  if (!('message' in parsed)) throw new Error(parsed.reason);
  return parsed.message;
}

function reason(text: string): string {
  const parsed = parseMessage(text);
  return 'reason' in parsed ? parsed.reason : '';
}

describe('the examples of docs/protocol', () => {
  const forPages = [
    'answer', 'avatar', 'bye', 'companion', 'duck', 'enc', 'error', 'expression', 'gap', 'llm_abort', 'llm_delta',
    'llm_response', 'marks', 'metrics', 'motion', 'ping', 'speaker', 'speech_end', 'speech_start',
    'speech_stop', 'status', 'stop', 'transcript', 'turn', 'voice', 'welcome',
  ];
  const names = [...examples.keys()];

  it.each(names)('%s is understood exactly when it is meant for a page', (name) => {
    const parsed = parseMessage(example(name));
    if (forPages.includes(name.split('.')[0]!)) expect(parsed).toHaveProperty('message.type', name.split('.')[0]);
    else expect(parsed).toEqual({ reason: 'unknown type' });
  });

  it('covers every type that a page receives', () => {
    expect(new Set(names.map((name) => name.split('.')[0]))).toEqual(new Set([
      ...forPages, 'ack', 'ask', 'audience', 'cancel', 'hello', 'mic', 'playback', 'receipt', 'resume', 'sound', 'touch',
      'user_text', 'vad',
    ]));
  });

  it('keeps the seed message as it was', () => {
    expect(message(example('llm_response.seed'))).toEqual({
      type: 'llm_response', content: 'LLM回复内容', duration: 8000, speak: true, mode: 'queue',
    });
    expect(message(example('status.seed'))).toEqual({ type: 'status', content: '状态信息' });
  });

  it('decodes escapes', () => {
    expect(message(example('llm_response.escaped'))).toHaveProperty('content', '你好！😊');
  });

  it('carries every field that the page uses', () => {
    expect(message(example('llm_response.full'))).toEqual({
      type: 'llm_response', id: 'a1b2-3', channel: 'left', epoch: 'k3f9Qx2a', seq: 42, ts: 1763793600123, content: 'Hello!',
      duration: 8000, emotion: 'joy', motion: 'wave', speak: false, mode: 'interrupt', lang: 'en',
    });
    expect(message(example('expression'))).toEqual({ type: 'expression', name: 'joy', duration: 3000, weight: 0.8 });
    expect(message(example('motion'))).toEqual({ type: 'motion', name: 'wave', priority: 'force' });
    expect(message(example('stop'))).toEqual({ type: 'stop', what: 'speech' });
    expect(message(example('bye'))).toEqual({ type: 'bye', retryAfter: 500 });
    expect(message(example('llm_abort'))).toEqual({ type: 'llm_abort', channel: 'default', id: 'a1b2-3' });
    expect(message(example('gap'))).toEqual({ type: 'gap', channel: 'default', from: 43, to: 50, reason: 'expired' });
    expect(message(example('ping'))).toEqual({ type: 'ping', tops: new Map() });
    expect(message(example('ping.viewer'))).toEqual({ type: 'ping', tops: new Map([['default', 57]]) });
    expect(message(example('welcome'))).toEqual({
      type: 'welcome', server: '0.1.0', longest: 16384,
      channels: new Map([['default', { epoch: 'k3f9Qx2a', seq: 57, recovered: true, missed: 15 }]]),
    });
  });

  it('carries every field of speech', () => {
    expect(message(example('voice'))).toEqual({ type: 'voice', channel: 'default', on: true });
    expect(message(example('speaker'))).toEqual({ type: 'speaker', channel: 'default', on: true });
    expect(message(example('speech_start'))).toEqual({
      type: 'speech_start', channel: 'default', turn: 17, clause: 0, reply: 'a1b2-3',
      at: 0, length: 6, format: 'pcm_s16le', rate: 22050, text: '', lang: 'en',
    });
    expect(message(example('speech_start.silent'))).toMatchObject({ format: 'silent', rate: 0, text: 'Nice to meet' });
    expect(message(example('marks'))).toEqual({
      type: 'marks', channel: 'default', turn: 17, clause: 0, words: [11, 0, 5], visemes: [11, 63, 116, 226, 452], shapes: 'AENO_',
    });
    expect(message(example('speech_end'))).toEqual({
      type: 'speech_end', channel: 'default', turn: 17, clause: 0, duration: 486, final: true,
    });
    expect(message(example('speech_stop'))).toEqual({ type: 'speech_stop', channel: 'default', turn: 17 });
  });

  it('are what the page sends', () => {
    const hello: Hello = {
      type: 'hello', v: 1, role: 'viewer', channels: ['default', 'left'], caps: ['display'],
      viewer: '5f1c9e0a7b24d86310aa4c2e', resume: { default: { epoch: 'k3f9Qx2a', seq: 42 } },
      speech: { default: 17 },
      client: 'kotodama-page/0.1.0',
    };
    const resume: Resume = { type: 'resume', channel: 'default', epoch: 'k3f9Qx2a', seq: 42 };
    const ack: Ack = { type: 'ack', channel: 'default', epoch: 'k3f9Qx2a', received: 58, displayed: [57, 58], superseded: [56],
      heard: [{ seq: 55, ms: 2480, chars: 31 }, { seq: 53, ms: 912.5, chars: 11 }],
    };
    expect(JSON.parse(example('hello.viewer'))).toEqual(hello);
    expect(JSON.parse(example('resume'))).toEqual(resume);
    const sound: SoundReport = { type: 'sound', state: 'on' };
    const playback: Playback = {
      type: 'playback', channel: 'default', turn: 17, clause: 0, event: 'done', played: 486, reply: 'a1b2-3', chars: 6,
    };
    expect(JSON.parse(example('ack'))).toMatchObject(ack);
    expect(JSON.parse(example('sound'))).toEqual(sound);
    expect(JSON.parse(example('playback'))).toEqual(playback);
  });
});

describe('defaults', () => {
  it('fills in what the contract says', () => {
    expect(message('{"type":"llm_response","content":"Hi"}')).toMatchObject({ duration: 8000, speak: true });
    expect(message('{"type":"motion","name":"nod"}')).toMatchObject({ priority: 'normal' });
    expect(message('{"type":"stop"}')).toMatchObject({ what: 'all' });
    expect(message('{"type":"expression","name":"joy"}')).toMatchObject({ weight: 1 });
  });

  it('takes null for absent', () => {
    expect(message('{"type":"llm_response","content":"Hi","emotion":null,"duration":null}')).toEqual({
      type: 'llm_response', content: 'Hi', duration: 8000, speak: true, mode: 'queue',
    });
  });
});

describe('hostile input', () => {
  it.each([
    ['', 'not JSON'],
    ['{"type":"status"', 'not JSON'],
    ['null', 'not an object'],
    ['[{"type":"ping"}]', 'not an object'],
    ['"ping"', 'not an object'],
    ['{}', 'type is missing'],
    ['{"type":7}', 'type has the wrong type'],
    ['{"type":"llm_response"}', 'content is missing'],
    ['{"type":"llm_response","content":["x"]}', 'content has the wrong type'],
    ['{"type":"llm_response","content":"x","duration":"long"}', 'duration has the wrong type'],
    ['{"type":"llm_response","content":"x","speak":"no"}', 'speak has the wrong type'],
    ['{"type":"llm_delta","content":"x","part":0}', 'id is missing'],
    ['{"type":"expression"}', 'name is missing'],
    ['{"type":"llm_response","content":"x","epoch":"e","seq":-1}', 'seq has the wrong type'],
    ['{"type":"llm_response","content":"x","epoch":"e","seq":0}', 'seq has the wrong type'],
    ['{"type":"llm_response","content":"x","epoch":"e","seq":1.5}', 'seq has the wrong type'],
    ['{"type":"llm_response","content":"x","epoch":"e","seq":1e300}', 'seq has the wrong type'],
    ['{"type":"gap","channel":"c","from":-4,"to":5,"reason":"expired"}', 'from has the wrong type'],
    ['{"type":"gap","channel":"c","from":1,"to":"5","reason":"expired"}', 'to has the wrong type'],
    ['{"type":"gap","from":1,"to":5}', 'channel is missing'],
    ['{"type":"llm_abort"}', 'id is missing'],
    ['{"type":"voice","on":true}', 'channel is missing'],
    ['{"type":"voice","channel":"c","on":1}', 'on has the wrong type'],
    ['{"type":"speech_start","channel":"c","turn":-1,"clause":0,"reply":"r","format":"silent"}', 'turn has the wrong type'],
    ['{"type":"speech_start","channel":"c","turn":4294967296,"clause":0,"reply":"r","format":"silent"}', 'turn has the wrong type'],
    ['{"type":"speech_start","channel":"c","turn":1,"clause":65536,"reply":"r","format":"silent"}', 'clause has the wrong type'],
    ['{"type":"speech_start","channel":"c","turn":1,"clause":0,"format":"silent"}', 'reply is missing'],
    ['{"type":"speech_start","channel":"c","turn":1,"clause":0,"reply":"r","format":"pcm_s16le"}', 'rate is out of range'],
    ['{"type":"speech_start","channel":"c","turn":1,"clause":0,"reply":"r","format":"pcm_s16le","rate":1e-9}', 'rate is out of range'],
    ['{"type":"speech_start","channel":"c","turn":1,"clause":0,"reply":"r","at":1.5,"format":"silent"}', 'at has the wrong type'],
    ['{"type":"marks","channel":"c","turn":1,"clause":0,"words":[1,2]}', 'words has the wrong length'],
    ['{"type":"marks","channel":"c","turn":1,"clause":0,"words":[1,2,"3"]}', 'words has the wrong type'],
    ['{"type":"marks","channel":"c","turn":1,"clause":0,"visemes":[1,2],"shapes":"A"}', 'shapes has the wrong length'],
    ['{"type":"speech_end","channel":"c","turn":1,"clause":0,"duration":"long"}', 'duration has the wrong type'],
    ['{"type":"speech_stop","channel":"c"}', 'turn is missing'],
    ['{"type":"toString"}', 'unknown type'],
    ['{"type":"later"}', 'unknown type'],
  ])('%s is refused: %s', (text, why) => {
    expect(reason(text)).toBe(why);
  });

  it('limits numbers instead of believing them', () => {
    expect(message('{"type":"llm_response","content":"x","duration":1e9}')).toMatchObject({ duration: 600_000 });
    expect(message('{"type":"llm_response","content":"x","duration":-5}')).toMatchObject({ duration: 0 });
    expect(reason('{"type":"llm_response","content":"x","duration":1e999}')).toBe('duration has the wrong type');
  });

  it('leaves out positions that are none', () => {
    const positions = '{"a":{"epoch":"e","seq":-1},"b":{"epoch":7,"seq":1},"c":null,"d":[],"e":{"epoch":"","seq":1},'
      + '"f":{"epoch":"e","seq":1e300},"__proto__":{"epoch":"e","seq":3,"missed":-2,"recovered":"x"}}';
    expect(message(`{"type":"welcome","channels":${positions}}`))
      .toMatchObject({ channels: new Map([['__proto__', { epoch: 'e', seq: 3, missed: 0 }]]) });
    expect(message('{"type":"ping","tops":{"a":-1,"b":"2","c":1.5,"d":4}}')).toEqual({ type: 'ping', tops: new Map([['d', 4]]) });
    for (const other of ['null', '7', '"x"', '[]']) {
      expect(message(`{"type":"welcome","channels":${other}}`)).toMatchObject({ channels: new Map() });
    }
  });

  it('does not take fields from prototypes', () => {
    expect(reason('{"type":"llm_response","__proto__":{"content":"x"}}')).toBe('content is missing');
  });
});

describe('sound', () => {
  const bytes = (...values: readonly number[]): ArrayBuffer => new Uint8Array(values).buffer;
  const header = (kind: number, magic = 0xa7): readonly number[] => [magic, kind, 2, 1, 4, 3, 2, 0x81, 9, 0, 0, 0, 5, 0, 1, 0];

  it('is read, little end first', () => {
    expect(parseAudio(bytes(...header(1), 7, 8))).toEqual({
      type: 'audio', kind: 'samples', clause: 0x102, turn: 0x81020304, offset: 0x10005, data: bytes(7, 8),
    });
    expect(parseAudio(bytes(...header(3), 7))).toMatchObject({ kind: 'file', data: bytes(7) });
    expect(parseAudio(bytes(...header(1)))).toMatchObject({ data: bytes() });
  });

  it('that is none is refused', () => {
    for (const wrong of [[], header(1).slice(1), header(1, 0xa8), header(0), header(2), header(4), [...header(1), 7]]) {
      expect(parseAudio(bytes(...wrong))).toBeNull();
    }
    expect(parseAudio(new Uint8Array([...header(1), ...Array<number>(32_752).fill(0)]).buffer)).not.toBeNull();
    expect(parseAudio(new Uint8Array([...header(1), ...Array<number>(32_754).fill(0)]).buffer)).toBeNull();
  });

  it('in a format of a later version moves the mouth only', () => {
    expect(message('{"type":"speech_start","channel":"c","turn":1,"clause":0,"reply":"r","format":"opus"}'))
      .toMatchObject({ format: 'silent', text: '' });
  });
});
