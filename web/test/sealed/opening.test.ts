import { describe, expect, it } from 'vitest';
import { bytesOf, readKey } from '../../src/sealed/opening';
import { received, refused, vectors } from './vectors';

const opener = async (key: string) => (await readKey(key, crypto))!;

describe('a key', () => {
  it.each(vectors)('opens $name', async ({ key, plaintext, message }) => {
    const { id, open } = await opener(key);
    expect(id).toBe(message.kid);
    const opened = await open(received(message), 'default');
    const inner = JSON.parse(plaintext) as { type: string; id?: string; content?: string; name?: string };
    expect(opened!.message).toMatchObject({ ...inner, id: inner.id ?? message.id, channel: message.channel, sealed: true });
    expect(opened!.sound).toBeNull();
  });

  it.each(refused.filter(({ code }) => code === 'undecryptable'))('does not open $name', async ({ key, message }) => {
    const { open } = await opener(key);
    expect(await open(message, 'default')).toBeNull();
  });

  it('takes the channel of the page for one that is not named', async () => {
    const { key, message: { channel: _, ...message } } = vectors[0]!;
    const { open } = await opener(key);
    expect(await open(message, 'default')).not.toBeNull();
    expect(await open(message, 'left')).toBeNull();
  });

  it.each(['', 'x', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', '秘密'])(
    'is not %j', async (text) => expect(await readKey(text, crypto)).toBeNull());

  it('brings the sound of a reply, and nothing that the hub would have set', async () => {
    const { key, message } = vectors[0]!;
    const seal = async (plain: object) => {
      const raw = await crypto.subtle.importKey('raw', bytesOf(key)!, 'AES-GCM', false, ['encrypt']);
      const iv = bytesOf(message.iv)!;
      const additionalData = new TextEncoder().encode(`kotodama-enc-v1|default|${message.id}|${message.until}`);
      const ct = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, raw, new TextEncoder().encode(JSON.stringify(plain)));
      return { ...message, ct: btoa(String.fromCharCode(...new Uint8Array(ct))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') };
    };
    const { open } = await opener(key);
    const opened = await open(await seal({ type: 'llm_response', content: 'x', audio: '/+8=', epoch: 'e', seq: 3, channel: 'left', sealed: false }), 'default');
    expect(opened).toMatchObject({ message: { channel: 'default', sealed: true }, sound: new Uint8Array([255, 239]) });
    expect(opened!.message).not.toHaveProperty('seq');
    expect((await open(await seal({ type: 'llm_response', content: 'x', audio: 'no base64' }), 'default'))!.sound).toBeNull();
  });

  it('throws at nothing that comes', async () => {
    const { key, message } = vectors[0]!;
    const { open } = await opener(key);
    const noise = ['', 'A', '====', 'AAAA', '\u0000', message.ct.slice(0, 20), 'x'.repeat(1_000), '😊'];
    for (const ct of noise) for (const iv of [...noise, message.iv]) expect(await open({ ...message, iv, ct }, 'default')).toBeNull();
  });
});

it('reads base64url and nothing else', () => {
  expect(bytesOf('_-8')).toEqual(new Uint8Array([255, 239]));
  expect(['a', 'a=', 'a b', '+/', 'é'].map(bytesOf)).toEqual([null, null, null, null, null]);
});
