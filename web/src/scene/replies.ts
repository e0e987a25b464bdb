import { clean, stayTime } from '../base/text';
import { maxContent, type LlmDelta, type LlmResponse } from '../protocol/messages';
import {
  isBusy, originOf, samePosition, type Face, type HistoryEntry, type Origin, type Reply, type RetiredStream, type Scene,
} from './scene';

/** A stream that says nothing for this long is taken as ended with what it has. */
export const streamSilence = 10_000;

/** How long the voice may take until it begins to speak a reply. */
export const speechWithin = 3_000;

/** After a reply the page keeps still for this long before it chats by itself again. */
export const quietAfterReply = 6_000;

export const historyLimit = 200;

const defaultDuration = 8_000;
const retiredLimit = 64;
const feelingLimit = 64;
const supersededLimit = 1_024;
const missingPart = '…';

/** A whole reply: closes its stream, or takes the bubble. What was `missed` is not waited for: no voice will speak it. */
export function takeReply(scene: Scene, message: LlmResponse, at: number, missed = false): Scene {
  const { reply } = scene;
  const origin = originOf(message);
  const id = message.id ?? null;
  const text = clean(message.content);
  const closes = reply !== null && id !== null && reply.id === id && reply.phase !== 'whole';
  if (text.trim() === '') return closes ? end(scene, reply, 'whole', at, origin) : scene;
  const lost = closes || id === null ? undefined : scene.retired.find((stream) => stream.id === id && stream.why !== 'closed');
  if (lost !== undefined && (lost.why === 'stopped' || reply !== null)) {
    const late = remember(scene, {
      key: lost.key, id, text, at: origin?.ts ?? at, lang: message.lang ?? null, origin, ...markOf(message.sealed === true),
    });
    return withRetired(withSuperseded(late, origin === null ? [] : [origin]), { id: lost.id, key: lost.key, why: 'closed' });
  }
  const before = closes ? scene : leave(scene, 'over');
  const speak = message.speak && !(closes && !reply.speak);
  const awaited = speak && scene.voice && !missed && id !== null && !(closes && reply.awaits === null);
  const shown: Reply = {
    key: closes ? reply.key : lost?.key ?? before.nextKey,
    id, phase: 'whole', raw: message.content, text, nextPart: 0, at: closes ? reply.at : at, heard: at,
    until: at + stayTime(text, message.duration), duration: message.duration,
    speak, awaits: awaited ? at + speechWithin : null,
    emotion: faceFor(message, closes ? reply : null, before.nextKey + 1),
    feelings: message.emotions ?? (closes ? reply.feelings : []), felt: closes ? reply.felt : 0, voiced: closes && reply.voiced,
    lang: message.lang ?? null, sealed: message.sealed === true, origin,
  };
  const after: Scene = {
    ...before, reply: shown, tip: null, nextKey: before.nextKey + 3,
    motion: message.motion === undefined
      ? before.motion
      : { key: before.nextKey + 2, name: message.motion, priority: 'normal', origin: null },
  };
  const closed = id === null ? after : withRetired(after, { id, key: shown.key, why: 'closed' });
  return remember(closed, entryOf(shown));
}

/** A reply that is known from the history only, because it was shown, and acknowledged, before the page was loaded. */
export function reshowReply(scene: Scene, id: string, at: number): Scene {
  const entry = scene.history.filter((old) => old.id === id).at(-1);
  if (entry === undefined) return scene;
  const { key, text, lang } = entry;
  const reply: Reply = {
    key, id, phase: 'whole', raw: text, text, nextPart: 0, at, heard: at,
    until: at + stayTime(text, defaultDuration), duration: defaultDuration,
    speak: false, awaits: null, emotion: null, feelings: [], felt: 0, voiced: false, lang,
    sealed: entry.sealed === true, origin: null,
  };
  return { ...scene, reply, tip: null };
}

/** A piece of a reply: grows the bubble of its stream, or takes the bubble for a new stream. */
export function takeDelta(scene: Scene, message: LlmDelta, at: number): Scene {
  const { reply } = scene;
  if (reply !== null && reply.id === message.id && reply.phase !== 'whole') {
    if (message.part < reply.nextPart) return scene;
    const hole = message.part > reply.nextPart ? missingPart : '';
    return { ...scene, reply: grown(feeling(reply, message), hole + message.content, message.part, at) };
  }
  // Only a first part can begin a stream under a name that was used before.
  if (message.part > 0 && scene.retired.some((stream) => stream.id === message.id)) return scene;
  const before = leave(scene, 'over');
  const opened: Reply = {
    key: before.nextKey, id: message.id, phase: 'streaming', raw: '', text: '', nextPart: 0, at, heard: at, until: null,
    duration: defaultDuration, speak: true, awaits: scene.voice ? at + speechWithin : null, emotion: null, feelings: [],
    felt: 0, voiced: false, lang: null, sealed: message.sealed === true, origin: null,
  };
  return {
    ...before, tip: null, nextKey: before.nextKey + 1,
    reply: grown(feeling(opened, message), (message.part > 0 ? missingPart : '') + message.content, message.part, at),
    retired: before.retired.filter((stream) => stream.id !== message.id),
  };
}

/** The publisher of a stream is gone: the reply ends with what it has, and nothing of it is spoken any more. */
export function abortReply(scene: Scene, id: string, at: number): Scene {
  const { reply } = scene;
  if (reply === null || reply.id !== id || reply.phase !== 'streaming') return scene;
  const silent = scene.speaking === id ? { ...scene, speaking: null, hush: { reply: id } } : scene;
  return end(silent, { ...reply, speak: false, awaits: null }, 'silent', at, null);
}

/** Ends a stream that went silent and takes a reply away whose time is over. */
export function expireReply(scene: Scene, at: number): Scene {
  let next = scene;
  if (next.reply?.phase === 'streaming' && at >= next.reply.heard + streamSilence) {
    next = end(next, next.reply, 'silent', next.reply.heard + streamSilence, null);
  }
  const { reply } = next;
  if (reply === null || reply.until === null || at < reply.until || next.held || isBusy(next)) return next;
  return { ...leave(next, 'over'), quietUntil: reply.until + quietAfterReply };
}

/** Takes the bubble away. A reply that was still growing goes to the history with what it has. */
export function leave(scene: Scene, why: 'over' | 'stopped'): Scene {
  const { reply } = scene;
  if (reply === null) return scene;
  const bare: Scene = { ...scene, reply: null, held: false };
  if (reply.phase === 'whole' || reply.id === null) return bare;
  return withRetired(remember(bare, entryOf(reply)), { id: reply.id, key: reply.key, why });
}

function end(scene: Scene, reply: Reply, phase: 'silent' | 'whole', at: number, origin: Origin | null): Scene {
  const ended: Reply = { ...reply, phase, origin, until: at + stayTime(reply.text, reply.duration) };
  return remember({ ...scene, reply: ended }, entryOf(ended));
}

/** What its words have come to stays; only before that the closing message says how the face begins. */
function faceFor({ emotion }: LlmResponse, before: Reply | null, key: number): Face | null {
  if (before !== null && before.emotion !== null) return before.emotion;
  return emotion === undefined ? null : { key, name: emotion, weight: 1 };
}

function feeling(reply: Reply, { emotion }: LlmDelta): Reply {
  if (emotion === undefined || reply.feelings.length >= feelingLimit) return reply;
  return { ...reply, feelings: [...reply.feelings, { at: reply.raw.length, name: emotion }] };
}

function grown(reply: Reply, piece: string, part: number, at: number): Reply {
  const raw = (reply.raw + piece).slice(0, maxContent);
  const awaits = reply.awaits === null ? null : at + speechWithin;
  return { ...reply, phase: 'streaming', until: null, raw, text: clean(raw), nextPart: part + 1, heard: at, awaits };
}

const entryOf = ({ key, id, text, at, lang, sealed, origin }: Reply): HistoryEntry =>
  ({ key, id, text, at: origin?.ts ?? at, lang, origin, ...markOf(sealed) });

const markOf = (sealed: boolean): Pick<HistoryEntry, 'sealed'> => (sealed ? { sealed } : {});

function remember(scene: Scene, entry: HistoryEntry): Scene {
  if (entry.text.trim() === '') return scene;
  // The server's history may have told of it before the message itself arrived.
  const isSame = (old: HistoryEntry): boolean => old.key === entry.key || samePosition(old.origin, entry.origin);
  const history = scene.history.some(isSame)
    ? scene.history.map((old) => (isSame(old) ? { ...entry, at: old.at } : old))
    : [...scene.history, entry].slice(-historyLimit);
  return { ...scene, history };
}

/** Notes replies that only reached the history. */
export function withSuperseded(scene: Scene, origins: readonly Origin[]): Scene {
  const fresh = origins.filter((origin) => !scene.superseded.some((old) => samePosition(old, origin)));
  return fresh.length === 0 ? scene : { ...scene, superseded: [...scene.superseded, ...fresh].slice(-supersededLimit) };
}

function withRetired(scene: Scene, stream: RetiredStream): Scene {
  const others = scene.retired.filter((old) => old.id !== stream.id);
  return { ...scene, retired: [...others, stream].slice(-retiredLimit) };
}
