import { clean } from '../base/text';
import { isPosition, lastMoment, type Position } from '../protocol/messages';
import { historyLimit } from './replies';
import { samePosition, type HistoryEntry, type Scene } from './scene';

/** A reply as the server has stored it. */
export interface StoredReply extends Position {
  readonly id: string | null;
  readonly ts: number;
  readonly text: string;
  /** It was stored encrypted, and opened. */
  readonly sealed?: true;
}

/** The replies of an answer to `GET /api/history`; null when it is something else. What does not fit is left out. */
export function readReplies(answer: unknown): readonly StoredReply[] | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const { epoch, replies } = answer as Record<string, unknown>;
  return Array.isArray(replies) && typeof epoch === 'string' ? replies.flatMap((value) => readReply(epoch, value)) : null;
}

function readReply(epoch: string, value: unknown): readonly StoredReply[] {
  if (typeof value !== 'object' || value === null) return [];
  const { seq, id, ts, content, sealed } = value as Record<string, unknown>;
  const position = { epoch, seq };
  if (!isPosition(position) || typeof content !== 'string' || typeof ts !== 'number' || !(ts >= 0 && ts <= lastMoment)) return [];
  const text = clean(content);
  if (text.trim() === '') return [];
  return [{ ...position, id: typeof id === 'string' ? id : null, ts, text, ...(sealed === true ? { sealed } : {}) }];
}

/** Puts what the server has stored between what the page has itself; nothing appears twice. */
export function mergeReplies(scene: Scene, replies: readonly StoredReply[]): Scene {
  let { nextKey } = scene;
  let history = [...scene.history];
  for (const said of replies.slice(-historyLimit)) {
    if (said.ts <= scene.forgotten || history.some((entry) => isStored(entry, said))) continue;
    const { epoch, seq, id, ts: at, text, sealed } = said;
    // A stream whose end did not reach this page.
    const begun = id === null ? undefined : history.find((entry) => entry.origin === null && entry.id === id);
    const entry: HistoryEntry = {
      key: begun?.key ?? nextKey++, id, text, at, lang: begun?.lang ?? null, origin: { epoch, seq }, ...(sealed ? { sealed } : {}),
    };
    history = history.filter((old) => old !== begun);
    history.splice(placeFor(history, entry.origin!, at), 0, entry);
  }
  const isSame = nextKey === scene.nextKey && history.every((entry, i) => entry === scene.history[i]);
  return isSame ? scene : { ...scene, nextKey, history: history.slice(-historyLimit) };
}

/** Numbers may go on in another epoch, which is then that of the messages before, too. */
const isStored = ({ origin, id }: HistoryEntry, said: StoredReply): boolean =>
  samePosition(origin, said) || (id !== null && id === said.id && origin?.seq === said.seq);

/** Numbers order what has them; the time of day, which a page and a server need not agree on, orders the rest. */
function placeFor(history: readonly HistoryEntry[], { epoch, seq }: Position, at: number): number {
  const after = history.findIndex(({ origin }) => origin?.epoch === epoch && origin.seq > seq);
  const end = after < 0 ? history.length : after;
  let place = end;
  while (place > 0) {
    const { origin, at: before } = history[place - 1]!;
    if (origin?.epoch === epoch || before <= at) break;
    place--;
  }
  return place;
}
