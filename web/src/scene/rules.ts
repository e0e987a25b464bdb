import { clean, readingTime } from '../base/text';
import type { StageMessage } from '../protocol/messages';
import { interruptLast, mergeConversation, takeSaid, type ConversationLine } from './conversation';
import { feltTo, nextFeeling, pacedFeelings } from './feelings';
import { mergeReplies, type StoredReply } from './history';
import { beginSpeech, endSpeech, hushed, showNext, setVoice, enqueueReply, withoutWaiting } from './queue';
import { expireReply, leave, quietAfterReply, streamSilence, takeReply, withSuperseded } from './replies';
import { isBusy, originOf, samePosition, type Scene } from './scene';

/** What can happen to a scene. `at` is Unix milliseconds and never runs backwards. */
export type SceneEvent = { readonly at: number } & (
  | { readonly type: 'message'; readonly message: StageMessage }
  /** What came while the page was away, in order. */
  | { readonly type: 'catchUp'; readonly messages: readonly StageMessage[] }
  /** The replies that the server has stored, oldest first. */
  | { readonly type: 'history'; readonly replies: readonly StoredReply[] }
  /** Something was said that this page can not show any more. */
  | { readonly type: 'missed' }
  /** The page would like to chat; refused while a reply is shown and shortly after. */
  | { readonly type: 'tip'; readonly text: string }
  /** A voice speaks the replies of this channel, or does not any more. */
  | { readonly type: 'voice'; readonly on: boolean }
  /** The speech of a reply, by its id, began or is over. */
  | { readonly type: 'speech'; readonly reply: string; readonly on: boolean }
  /** The voice has come so far in the content of a reply. */
  | { readonly type: 'uttered'; readonly reply: string; readonly chars: number }
  /** The user said something. `sent`: here, and the companion has not told of it yet. */
  | { readonly type: 'said'; readonly text: string; readonly sent: boolean }
  /** The reply was not heard to its end. */
  | { readonly type: 'interrupted' }
  /**
   * What the companion has stored of the conversation. `since`: it is another one than before, to which of the page's own
   * lines those from this key on belong.
   */
  | { readonly type: 'conversation'; readonly lines: readonly ConversationLine[]; readonly since: number | null }
  /** A turn of the conversation is under way, or is over. */
  | { readonly type: 'talking'; readonly on: boolean }
  /** Something that the user has to know; null: what was said in this way does not hold any more. */
  | { readonly type: 'notice'; readonly text: string | null }
  /** The user began or stopped reading the bubble. */
  | { readonly type: 'hold'; readonly on: boolean }
  | { readonly type: 'forget' }
  | { readonly type: 'tick' }
);

export const statusLife = 10_000;

const shortestTip = 6_000;
const releaseGrace = 2_000;

/** The rules of the page: which reply, status, tip, face and motion is shown after `event`. Pure. */
export function nextScene(scene: Scene, event: SceneEvent): Scene {
  const now = expire(scene, event.at);
  switch (event.type) {
    case 'message':
      return take(now, event.message, event.at);
    case 'catchUp':
      return catchUp(now, event.messages, event.at);
    case 'history':
      return mergeReplies(now, event.replies);
    case 'missed':
      return now.missed ? now : { ...now, missed: true };
    case 'voice':
      return setVoice(now, event.on, event.at);
    case 'speech':
      return event.on ? beginSpeech(now, event.reply, event.at) : endSpeech(now, event.reply, event.at);
    case 'tip':
      if (now.reply !== null || now.talking || event.at < now.quietUntil) return now;
      return { ...now, tip: { text: event.text, until: event.at + Math.max(shortestTip, readingTime(event.text)) } };
    case 'uttered':
      return utter(now, event.reply, event.chars);
    case 'said':
      return takeSaid(now, event.text, event.sent, event.at);
    case 'interrupted':
      return interruptLast(now);
    case 'conversation':
      return mergeConversation(now, event.lines, event.since, event.at);
    case 'talking':
      if (now.talking === event.on) return now;
      return { ...now, talking: event.on, tip: null, quietUntil: Math.max(now.quietUntil, event.at + quietAfterReply) };
    case 'notice':
      if (event.text === null) return now.status?.isNotice === true ? { ...now, status: null } : now;
      return { ...now, status: { text: event.text, until: event.at + statusLife, origin: null, isNotice: true } };
    case 'hold':
      return hold(now, event.on, event.at);
    case 'forget':
      return { ...now, history: [], missed: false, forgotten: now.history.reduce((last, { at }) => Math.max(last, at), event.at) };
    case 'tick':
      return now;
  }
}

/** When the scene changes by itself, null if it does not. */
export function nextChange(scene: Scene): number | null {
  const { reply } = scene;
  const moments = [
    reply?.phase === 'streaming' ? reply.heard + streamSilence : null,
    scene.held || isBusy(scene) ? null : reply?.until,
    scene.speaking === null ? reply?.awaits : null,
    scene.status?.until,
    scene.tip?.until,
    scene.expression?.until,
    nextFeeling(scene),
  ].filter((moment) => typeof moment === 'number');
  return moments.length === 0 ? null : Math.min(...moments);
}

function utter(scene: Scene, reply: string, chars: number): Scene {
  const { uttered } = scene;
  const now = uttered?.reply === reply && uttered.chars === chars ? scene : { ...scene, uttered: { reply, chars } };
  return now.reply?.id === reply ? feltTo(now, chars) : now;
}

function take(scene: Scene, message: StageMessage, at: number): Scene {
  const origin = originOf(message);
  switch (message.type) {
    case 'llm_response':
    case 'llm_delta':
    case 'llm_abort':
      return enqueueReply(scene, message, at);
    case 'status': {
      const text = clean(message.content).trim();
      return { ...scene, status: text === '' ? null : { text, until: at + statusLife, origin, isNotice: false } };
    }
    case 'expression':
      return {
        ...scene, nextKey: scene.nextKey + 1,
        expression: {
          key: scene.nextKey, name: message.name, weight: message.weight, origin,
          until: message.duration === undefined ? null : at + message.duration,
        },
      };
    case 'motion':
      return {
        ...scene, nextKey: scene.nextKey + 1,
        motion: { key: scene.nextKey, name: message.name, priority: message.priority, origin },
      };
    case 'stop':
      return stop(scene, message.what, at);
    case 'enc':
      return scene;
  }
}

/**
 * Takes what was missed in one step, so that it does not pass by as a parade: the newest reply has the bubble, older ones are in
 * the history, and what only made sense in its moment is over.
 */
function catchUp(scene: Scene, messages: readonly StageMessage[], at: number): Scene {
  const replies = messages.filter((message) => message.type === 'llm_response');
  const newest = replies.at(-1);
  const alone = newest === undefined ? scene : withoutWaiting(scene, 'over', at);
  const next = messages.reduce((before, message) => takeMissed(before, message, message === newest, at), alone);
  const origins = replies.flatMap((reply) => originOf(reply) ?? []).filter((origin) => !samePosition(origin, next.reply?.origin ?? null));
  return expire(withSuperseded(next, origins), at);
}

function takeMissed(scene: Scene, message: StageMessage, newest: boolean, at: number): Scene {
  const age = Math.max(0, at - (message.ts ?? at));
  switch (message.type) {
    case 'llm_response':
      return takeReply(scene, newest ? message : { ...message, motion: undefined }, at, true);
    case 'status':
      // Even a status that is over ends the one before it.
      return take(scene, age < statusLife ? message : { ...message, content: '' }, at);
    case 'expression':
      return take(scene, message, at - age);
    case 'motion':
      return scene;
    default:
      return take(scene, message, at);
  }
}

function stop(scene: Scene, what: 'speech' | 'all', at: number): Scene {
  if (what === 'speech') return hushed(scene, at);
  const quietUntil = scene.reply === null ? scene.quietUntil : at + quietAfterReply;
  const bare = withoutWaiting(scene, 'stopped', at);
  return { ...leave(bare, 'stopped'), quietUntil, expression: null, motion: null, speaking: null, hush: { reply: null } };
}

function hold(scene: Scene, on: boolean, at: number): Scene {
  const { reply } = scene;
  const held = on && reply !== null;
  if (held === scene.held) return scene;
  if (held || reply === null || reply.until === null) return { ...scene, held };
  return { ...scene, held: false, reply: { ...reply, until: Math.max(reply.until, at + releaseGrace) } };
}

function expire(scene: Scene, at: number): Scene {
  let next = showNext(expireReply(scene, at), at);
  if (next.status !== null && at >= next.status.until) next = { ...next, status: null };
  if (next.tip !== null && at >= next.tip.until) next = { ...next, tip: null };
  if (next.expression?.until != null && at >= next.expression.until) next = { ...next, expression: null };
  return pacedFeelings(next, at);
}
