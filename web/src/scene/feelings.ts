import { speakingTime } from '../base/text';
import type { Feeling } from '../protocol/messages';
import type { Reply, Scene } from './scene';

/** The words of the reply in the bubble have come so far: the face is that of the last ones. */
export function feltTo(scene: Scene, place: number): Scene {
  const { reply } = scene;
  if (reply === null || place <= reply.felt) return scene;
  const last = reply.feelings.filter(({ at }) => at >= reply.felt && at < place).at(-1);
  // What changes no face is noted together with what does.
  if (last === undefined) return scene;
  const emotion = { key: scene.nextKey, name: last.name, weight: 1 };
  return { ...scene, nextKey: scene.nextKey + 1, reply: { ...reply, felt: last.at + 1, emotion } };
}

/** The faces of a reply that no voice speaks come as if it was spoken from when it was shown. */
export function pacedFeelings(scene: Scene, at: number): Scene {
  const { reply } = scene;
  if (reply === null) return scene;
  const due = pacedOf(scene).filter((feeling) => momentOf(reply, feeling) <= at).at(-1);
  return due === undefined ? scene : feltTo(scene, due.at + 1);
}

/** When the next one of them comes; null for none. */
export function nextFeeling(scene: Scene): number | null {
  const [next] = pacedOf(scene);
  return next === undefined || scene.reply === null ? null : momentOf(scene.reply, next);
}

function pacedOf({ reply, speaking }: Scene): readonly Feeling[] {
  if (reply === null || reply.voiced || reply.awaits !== null || (reply.id !== null && reply.id === speaking)) return [];
  return reply.feelings.filter(({ at }) => at >= reply.felt);
}

function momentOf({ raw, at, until }: Reply, feeling: Feeling): number {
  const whole = speakingTime(raw);
  const hurry = until === null || whole <= until - at ? 1 : (until - at) / whole;
  return at + speakingTime(raw.slice(0, feeling.at)) * hurry;
}
