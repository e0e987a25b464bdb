import text from '../../../docs/protocol/encryption.json?raw';
import { parseMessage, type Enc, type SealProblem } from '../../src/protocol/messages';

interface Vectors {
  readonly vectors: readonly { readonly name: string; readonly key: string; readonly plaintext: string; readonly message: Enc }[];
  readonly refused: readonly { readonly name: string; readonly code: SealProblem; readonly key: string; readonly message: Enc }[];
  readonly replays: readonly { readonly id: string; readonly until: number; readonly now: number; readonly accepted: boolean }[];
}

/** The encrypted messages that C# and Python test as well. */
export const { vectors, refused, replays } = JSON.parse(text) as Vectors;

/** A message as it comes over the wire. */
export function received(enc: Enc): Enc {
  const parsed = parseMessage(JSON.stringify(enc));
  if (!('message' in parsed) || parsed.message.type !== 'enc') throw new Error(JSON.stringify(parsed));
  return parsed.message;
}
