import type { LlmAbort, LlmDelta, LlmResponse } from '../protocol/messages';
import { abortReply, leave, reshowReply, speechWithin, takeDelta, takeReply, withSuperseded } from './replies';
import { isBusy, originOf, type Scene, type Waiting } from './scene';

/** More replies than this never wait: the oldest goes to the history. */
export const waitingLimit = 16;

/** A reply stays for this long after its last word, at least. */
export const afterSpeech = 1_500;

const piecesLimit = 4_096;

type ReplyMessage = LlmResponse | LlmDelta | LlmAbort;

/** A reply, or a piece of one: takes the bubble, or its place in the queue while the reply in the bubble is being spoken. */
export function enqueueReply(scene: Scene, message: ReplyMessage, at: number): Scene {
  const id = message.id ?? null;
  const interrupts = message.type === 'llm_response' && message.mode === 'interrupt';
  const waits = id === null ? undefined : scene.waiting.find((entry) => entry.id === id);
  if (waits !== undefined) {
    const entry = withMessage(waits, message);
    const scenes = { ...scene, waiting: scene.waiting.map((other) => (other === waits ? entry : other)) };
    return interrupts ? cutIn(scenes, entry, at) : scenes;
  }
  const taken = takeNow(scene, message, at);
  // What belongs to the bubble, or to the history only, is not shown in its place.
  if (message.type === 'llm_abort' || taken.reply?.key === scene.reply?.key) return showNext(taken, at);
  const entry: Waiting = { id, messages: [message] };
  if (interrupts) return cutIn(scene, entry, at);
  return isBusy(scene) ? overflow({ ...scene, waiting: [...scene.waiting, entry] }, at) : taken;
}

/**
 * The voice speaks a reply from now on: it gets the bubble if it has been waiting for it, or if the page was loaded anew and the
 * bubble is free.
 */
export function beginSpeech(scene: Scene, id: string, at: number): Scene {
  const place = scene.waiting.findIndex((entry) => entry.id === id);
  const shown = place >= 0 ? bringForward(scene, place, at) : scene.reply === null ? reshowReply(scene, id, at) : scene;
  const { reply } = shown;
  return { ...shown, speaking: id, reply: reply?.id === id ? { ...reply, awaits: null, speak: false, voiced: true } : reply };
}

export function endSpeech(scene: Scene, id: string, at: number): Scene {
  if (scene.speaking !== id) return scene;
  const { reply } = scene;
  const over = { ...scene, speaking: null };
  if (reply === null) return showNext(over, at);
  if (reply.id === id) {
    const until = reply.until === null ? null : Math.max(reply.until, at + afterSpeech);
    return showNext({ ...over, reply: { ...reply, until } }, at);
  }
  // The voice was busy: only now can it begin with this one.
  return { ...over, reply: reply.awaits === null ? reply : { ...reply, awaits: at + speechWithin } };
}

export function setVoice(scene: Scene, on: boolean, at: number): Scene {
  if (scene.voice === on) return scene;
  const { reply } = scene;
  return showNext({ ...scene, voice: on, reply: on || reply === null ? reply : { ...reply, awaits: null } }, at);
}

/** Nothing of the reply in the bubble is said any more. */
export function hushed(scene: Scene, at: number): Scene {
  const { reply } = scene;
  if (reply === null && scene.speaking === null) return scene;
  const silent = reply === null ? null : { ...reply, speak: false, awaits: null };
  return showNext({ ...scene, speaking: null, hush: { reply: null }, reply: silent }, at);
}

/** Time has passed, or something was said: the next reply of the queue gets the bubble when it is free. */
export function showNext(scene: Scene, at: number): Scene {
  const { reply } = scene;
  if (reply?.awaits != null && scene.speaking === null && at >= reply.awaits) {
    return showNext({ ...scene, reply: { ...reply, awaits: null } }, at);
  }
  if (scene.waiting.length === 0 || isBusy(scene)) return scene;
  // One that no voice speaks would be gone before it can be read.
  const place = scene.waiting.findIndex(isSpoken);
  return bringForward(scene, place < 0 ? scene.waiting.length - 1 : place, at);
}

/** Empties the queue: everything goes to the history. */
export const withoutWaiting = (scene: Scene, why: 'over' | 'stopped', at: number): Scene =>
  scene.waiting.reduce<Scene>((before, entry) => aside(before, entry, why, at), { ...scene, waiting: [] });

const isSpoken = ({ messages }: Waiting): boolean => {
  const last = messages.at(-1);
  return last?.type === 'llm_response' ? last.speak : last?.type === 'llm_delta';
};

function takeNow(scene: Scene, message: ReplyMessage, at: number): Scene {
  switch (message.type) {
    case 'llm_response':
      return takeReply(scene, message, at);
    case 'llm_delta':
      return takeDelta(scene, message, at);
    case 'llm_abort':
      return abortReply(scene, message.id, at);
  }
}

const replay = (scene: Scene, { messages }: Waiting, at: number): Scene =>
  messages.reduce((before, message) => takeNow(before, message, at), scene);

/** The closing message makes the pieces before it needless, unless it is empty. */
function withMessage({ id, messages }: Waiting, message: ReplyMessage): Waiting {
  if (message.type === 'llm_response' && message.content.trim() !== '') return { id, messages: [message] };
  const isFull = messages.at(-1)?.type === 'llm_response' || messages.length >= piecesLimit;
  return isFull ? { id, messages } : { id, messages: [...messages, message] };
}

function cutIn(scene: Scene, entry: Waiting, at: number): Scene {
  const rest = { ...scene, waiting: scene.waiting.filter((other) => other !== entry), speaking: null, hush: { reply: null } };
  return replay(leave(rest, 'over'), entry, at);
}

/** Those before it in the queue have lost their place. */
function bringForward(scene: Scene, place: number, at: number): Scene {
  const entry = scene.waiting[place]!;
  const behind = { ...scene, waiting: scene.waiting.slice(place + 1) };
  const passed = scene.waiting.slice(0, place).reduce<Scene>((before, other) => aside(before, other, 'over', at), behind);
  return replay(leave(passed, 'over'), entry, at);
}

function overflow(scene: Scene, at: number): Scene {
  const [oldest] = scene.waiting;
  if (scene.waiting.length <= waitingLimit || oldest === undefined) return scene;
  return aside({ ...scene, waiting: scene.waiting.slice(1) }, oldest, 'over', at);
}

/** As if it had been in the bubble and left it, all in one moment. */
function aside(scene: Scene, entry: Waiting, why: 'over' | 'stopped', at: number): Scene {
  const { reply, held, tip, motion } = scene;
  const left = leave(replay({ ...scene, reply: null, held: false }, entry, at), why);
  const origins = entry.messages.flatMap((message) => originOf(message) ?? []);
  return withSuperseded({ ...left, reply, held, tip, motion }, origins);
}
