import { describe, expect, it } from 'vitest';
import type { Enc, StageMessage } from '../../src/protocol/messages';
import { localTurn, type SpeechMessage } from '../../src/protocol/speech';
import { startSealedPart, type SealedPartOptions } from '../../src/sealed/sealed';
import { piecesOf, saidWithin, voiceFor } from '../../src/sealed/saying';
import { drawer, stage } from '../scene/rehearsal';
import { received, refused, vectors } from './vectors';

const { key, message: first } = vectors[0]!;
const at = (seq: number, enc: Enc = first): Enc => received({ ...enc, epoch: 'e1', seq, ts: first.until - 60_000 });

/** A page with a key, at the time at which the vectors were sealed. */
async function page(options: Partial<SealedPartOptions> = {}, storage = drawer()) {
  const scene = stage();
  const said: SpeechMessage[] = [];
  const unheard: number[] = [];
  const began = scene.clock.now();
  const clock = { now: () => first.until - 60_000 + scene.clock.now() - began, after: scene.clock.after };
  const part = await startSealedPart({
    key, channel: 'default', storage, store: scene.store, clock, crypto, synthesis: null, words: (text) => text, onWords() {}, prepare() {},
    say(message) {
      said.push(message);
      if (message.type === 'speech_start') scene.store.happen({ type: 'speech', reply: message.reply, on: true });
    },
    onUnheard: ({ seq }) => void unheard.push(seq), ...options,
  });
  const take = async (enc: Enc): Promise<StageMessage> => {
    const message = await part.open(enc);
    scene.store.happen({ type: 'message', message });
    part.shown(message);
    return message;
  };
  return { ...scene, part, take, said, unheard, storage };
}

const voice = (name: string, lang: string, more: object = {}) => ({ name, lang, localService: true, default: false, ...more }) as SpeechSynthesisVoice;
const voices = { getVoices: () => [voice('Ting', 'zh-CN')], addEventListener() {} } as unknown as SpeechSynthesis;

describe('a page with a key', () => {
  it('shows a message once, marked, in the place that the hub gave', async () => {
    const { take, store } = await page();
    expect(await take(at(1))).toMatchObject({ type: 'llm_response', id: 'r1', seq: 1, epoch: 'e1', sealed: true });
    expect(store.scene()).toMatchObject({ reply: { text: '你好！ 🎉', sealed: true }, history: [{ sealed: true, id: 'r1' }] });
    expect(await take(at(2))).toMatchObject({ type: 'enc', problem: 'replayed', seq: 2 });
    expect(await take(at(1))).toMatchObject({ problem: 'replayed' });
    expect(store.scene().history).toHaveLength(1);
  });

  it('knows after a reload what has come', async () => {
    const { take, part, storage } = await page();
    await take(at(1));
    part.save();
    expect(await (await page({}, storage)).part.open(at(2))).toMatchObject({ problem: 'replayed' });
  });

  it.each(refused)('says why it does not show $name', async ({ code, message }) => {
    expect(await (await page()).part.open({ ...message, epoch: 'e1', seq: 1 })).toMatchObject({ type: 'enc', problem: code, seq: 1 });
  });

  it('says where it cannot open anything', async () => {
    expect(await (await page({ crypto: null })).part.open(at(1))).toMatchObject({ problem: 'not_secure' });
    expect(await (await page({ key: 'none' })).part.open(at(1))).toMatchObject({ problem: 'no_key' });
    expect(await (await page({ channel: 'left' })).part.open({ ...at(1), channel: undefined })).toMatchObject({ problem: 'undecryptable' });
  });

  it('opens the replies of the history, and nothing twice', async () => {
    const { part } = await page();
    const [reply, status] = [vectors[0]!.message, vectors[1]!.message].map(({ id, kid, iv, until, ct }) => ({ seq: 1, id, ts: 5, content: '', sealed: { kid, iv, until, ct } }));
    const open = { seq: 2, id: 'o', ts: 5, content: 'open' };
    const answer = await part.openHistory({ epoch: 'e', replies: [reply, status, open, null, 7] });
    expect(answer).toEqual({ epoch: 'e', replies: [{ ...reply, content: '你好！ 🎉', sealed: true }, status, open, null, 7] });
    expect(await part.openHistory(null)).toBeNull();
    expect(await part.openHistory({ replies: 'x' })).toEqual({ replies: 'x' });
    expect(await part.open(at(1))).toMatchObject({ type: 'llm_response' });
  });

  it('lets the browser say a reply, and tells when it was not heard', async () => {
    const { take, said, unheard, store } = await page({ synthesis: voices });
    await take(at(1));
    expect(said.map(({ type }) => type)).toEqual(['speech_start', 'speech_end', 'speech_start', 'speech_end'].slice(0, said.length));
    expect(said[0]).toMatchObject({ turn: localTurn, reply: 'r1', at: 0, format: 'browser', text: '你好！ ', voice: 'Ting' });
    expect(said.at(-1)).toMatchObject({ final: true });
    expect(unheard).toEqual([]);
    store.happen({ type: 'speech', reply: 'r1', on: false });
    expect(unheard).toEqual([1]);
  });

  it('tells nothing more of one that was heard', async () => {
    const { take, part, unheard, store } = await page({ synthesis: voices });
    await take(at(1));
    part.heard({ epoch: 'e1', seq: 1 });
    store.happen({ type: 'speech', reply: 'r1', on: false });
    expect(unheard).toEqual([]);
  });

  it('tells at once of one that nothing here can say, after it has waited for voices', async () => {
    const none = { getVoices: () => [], addEventListener() {} } as unknown as SpeechSynthesis;
    const { take, said, unheard, clock } = await page({ synthesis: none });
    await take(at(1));
    expect([said, unheard]).toEqual([[], []]);
    clock.advance(saidWithin);
    expect([said, unheard]).toEqual([[], [1]]);
    expect(said).toEqual([]);
    const without = await page();
    await without.take(at(1));
    expect(without.unheard).toEqual([1]);
  });
});

it('is said by no voice that sends the words away, and by one that speaks their language', () => {
  const all = [voice('cloud', 'ja-JP', { localService: false, default: true }), voice('a', 'en-US'), voice('b', 'en_GB', { default: true }), voice('c', 'zh-CN')];
  expect(['ja', 'EN-au', 'zh', null, 'de'].map((lang) => voiceFor(all, lang)?.name)).toEqual([undefined, 'b', 'c', 'b', undefined]);
});

it('waits for the words of a reply, and not for ever', async () => {
  let known: string | null = null;
  let tell = (): void => {};
  const one = await page({ synthesis: voices, words: () => known, onWords: (see) => void (tell = see) });
  await one.take(at(1));
  expect(one.said).toEqual([]);
  known = 'Words.';
  tell();
  expect(one.said[0]).toMatchObject({ text: 'Words.', at: 0, length: 6 });
  const two = await page({ synthesis: voices, words: () => null });
  await two.take(at(1));
  two.clock.advance(saidWithin);
  expect(two.said[0]).toMatchObject({ text: '你好！ ' });
});

describe('a text to be said', () => {
  it.each([
    ['One. Two!', ['One. ', 'Two!']],
    ['你好。再见！', ['你好。', '再见！']],
    ['no end', ['no end']],
    ['…', ['…']],
    ['Well. … Yes.', ['Well. ', '… Yes.']],
  ])('is cut behind its sentences: %j', (text, pieces) => {
    const cut = piecesOf(text);
    expect(cut.map((piece) => piece.text)).toEqual(pieces);
    for (const { at: place, text: piece } of cut) expect(text.slice(place, place + piece.length)).toBe(piece);
  });

  it('has no piece that is too long, and loses no letter', () => {
    for (const text of ['word '.repeat(200), '字'.repeat(900), '😊字'.repeat(400), `${'a, '.repeat(120)}。`]) {
      const pieces = piecesOf(text);
      expect(Math.max(...pieces.map((piece) => piece.text.length))).toBeLessThanOrEqual(200);
      expect(pieces.map((piece) => piece.text).join('').replaceAll(/[\s。]/g, '')).toBe(text.replaceAll(/[\s。]/g, ''));
    }
  });
});
