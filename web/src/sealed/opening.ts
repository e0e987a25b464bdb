import { parseMessage, type Enc, type Message, type StageMessage } from '../protocol/messages';

/** What is sealed, opened; a reply with the sound that its publisher brings. */
export interface Opened {
  readonly message: StageMessage;
  readonly sound: Uint8Array<ArrayBuffer> | null;
}

/** A key that this page has. */
export interface Opener {
  /** Its name, which tells nothing of it. */
  readonly id: string;
  /** null: it was changed, belongs elsewhere, or holds nothing that this page knows. */
  open(enc: Pick<Enc, 'id' | 'channel' | 'iv' | 'until' | 'ct'>, channel: string): Promise<Opened | null>;
}

const keyLength = 32;
const nonceLength = 12;
const idLength = 8;
const covered = new Set<string>(['llm_response', 'llm_delta', 'status', 'expression', 'motion'] satisfies Message['type'][]);

/** @param text The key as it stands in the address. null: it is none. Rejects where the browser encrypts nothing. */
export async function readKey(text: string, { subtle }: Pick<Crypto, 'subtle'>): Promise<Opener | null> {
  const bytes = bytesOf(text);
  if (bytes?.length !== keyLength) return null;
  const key = await subtle.importKey('raw', bytes, 'AES-GCM', false, ['decrypt']);
  const id = textOf(new Uint8Array(await subtle.digest('SHA-256', bytes))).slice(0, idLength);

  return {
    id,
    async open({ id: name, iv, until, ct, ...enc }, standard) {
      const [nonce, sealed] = [bytesOf(iv), bytesOf(ct)];
      if (nonce?.length !== nonceLength || sealed === null) return null;
      const channel = enc.channel ?? standard;
      const bound = new TextEncoder().encode(`kotodama-enc-v1|${channel}|${name}|${until}`);
      let plain: string;
      try {
        const opened = await subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: bound, tagLength: 128 }, key, sealed);
        plain = new TextDecoder('utf-8', { fatal: true }).decode(opened);
      } catch {
        return null;
      }
      return read(plain, name, channel);
    },
  };
}

function read(plain: string, id: string, channel: string): Opened | null {
  const parsed = parseMessage(plain);
  if (!('message' in parsed) || !covered.has(parsed.message.type)) return null;
  // What the hub says about it stands on its envelope only.
  const { epoch: _epoch, seq: _seq, ts: _ts, ...inner } = parsed.message as Extract<StageMessage, { type: 'status' }>;
  const message = { ...inner, id: inner.id ?? id, channel, sealed: true } as StageMessage;
  const { audio } = JSON.parse(plain) as { audio?: unknown };
  return { message, sound: message.type === 'llm_response' && typeof audio === 'string' ? soundOf(audio) : null };
}

/** null for what is no base64url. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

const textOf = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const soundOf = (audio: string): Uint8Array<ArrayBuffer> | null =>
  bytesOf(audio.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'));
