import type { Envelope, StageMessage } from './protocol';
import { expireReply, leave, quietAfterReply, streamSilence, takeDelta, takeReply } from './replies';
import type { Origin, Scene } from './scene';
import { clean, readingTime } from './text';

/** What can happen to a scene. `at` is Unix milliseconds and never runs backwards. */
export type StageEvent = { readonly at: number } & (
  | { readonly type: 'message'; readonly message: StageMessage }
  /** The page would like to chat; refused while a reply is shown and shortly after. */
  | { readonly type: 'tip'; readonly text: string }
  /** Somebody began or stopped reading the bubble. */
  | { readonly type: 'hold'; readonly on: boolean }
  | { readonly type: 'forget' }
  | { readonly type: 'tick' }
);

export const statusLife = 10_000;

const shortestTip = 6_000;
const releaseGrace = 2_000;
const epochLimit = 8;

/** The rules of the page: which reply, status, tip, face and motion is shown after `event`. Pure. */
export function nextScene(scene: Scene, event: StageEvent): Scene {
  const now = expire(scene, event.at);
  switch (event.type) {
    case 'message':
      return take(now, event.message, event.at);
    case 'tip':
      if (now.reply !== null || event.at < now.quietUntil) return now;
      return { ...now, tip: { text: event.text, until: event.at + Math.max(shortestTip, readingTime(event.text)) } };
    case 'hold':
      return hold(now, event.on, event.at);
    case 'forget':
      return { ...now, history: [] };
    case 'tick':
      return now;
  }
}

/** When the scene changes by itself, null if it does not. */
export function nextChange(scene: Scene): number | null {
  const { reply } = scene;
  const moments = [
    reply?.phase === 'streaming' ? reply.heard + streamSilence : null,
    scene.held ? null : reply?.until,
    scene.status?.until,
    scene.tip?.until,
    scene.expression?.until,
  ].filter((moment) => typeof moment === 'number');
  return moments.length === 0 ? null : Math.min(...moments);
}

function take(scene: Scene, message: StageMessage, at: number): Scene {
  const origin = originOf(message);
  if (origin !== null && origin.seq <= (scene.seen[origin.epoch] ?? 0)) return scene;
  const next = origin === null ? scene : { ...scene, seen: withSeen(scene.seen, origin) };
  switch (message.type) {
    case 'llm_response':
      return takeReply(next, message, origin, at);
    case 'llm_delta':
      return takeDelta(next, message, at);
    case 'status': {
      const text = clean(message.content).trim();
      return { ...next, status: text === '' ? null : { text, until: at + statusLife, origin } };
    }
    case 'expression':
      return {
        ...next, nextKey: next.nextKey + 1,
        expression: {
          key: next.nextKey, name: message.name, weight: message.weight, origin,
          until: message.duration === undefined ? null : at + message.duration,
        },
      };
    case 'motion':
      return {
        ...next, nextKey: next.nextKey + 1,
        motion: { key: next.nextKey, name: message.name, priority: message.priority, origin },
      };
    case 'stop':
      return stop(next, message.what, at);
  }
}

function stop(scene: Scene, what: 'speech' | 'all', at: number): Scene {
  if (what === 'speech') return scene.reply === null ? scene : { ...scene, reply: { ...scene.reply, speak: false } };
  const quietUntil = scene.reply === null ? scene.quietUntil : at + quietAfterReply;
  return { ...leave(scene, 'stopped'), quietUntil, expression: null, motion: null };
}

function hold(scene: Scene, on: boolean, at: number): Scene {
  const { reply } = scene;
  if (on || reply === null || reply.until === null) return { ...scene, held: on && reply !== null };
  return { ...scene, held: false, reply: { ...reply, until: Math.max(reply.until, at + releaseGrace) } };
}

function expire(scene: Scene, at: number): Scene {
  let next = expireReply(scene, at);
  if (next.status !== null && at >= next.status.until) next = { ...next, status: null };
  if (next.tip !== null && at >= next.tip.until) next = { ...next, tip: null };
  if (next.expression?.until != null && at >= next.expression.until) next = { ...next, expression: null };
  return next;
}

function originOf(message: Envelope): Origin | null {
  const { channel, epoch, seq } = message;
  return epoch === undefined || seq === undefined ? null : { channel, epoch, seq };
}

function withSeen(seen: Scene['seen'], { epoch, seq }: Origin): Scene['seen'] {
  const others = Object.entries(seen).filter(([known]) => known !== epoch);
  return Object.fromEntries([...others, [epoch, seq] as const].slice(-epochLimit));
}
