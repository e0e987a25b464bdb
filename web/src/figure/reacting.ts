import type { HitArea } from '../avatar/avatar';
import type { Reaction } from '../avatar/director';
import type { Touch } from '../protocol/avatar';

const reactions: Readonly<Record<Touch['gesture'], readonly [head: Reaction, face: Reaction, body: Reaction]>> = {
  tap: [['flinch', 'shy', 0.7], ['flinch', 'surprised', 0.5], ['bounce', 'joy', 0.8]],
  stroke: [['purr', 'love', 0.6], ['purr', 'shy', 0.8], ['bounce', 'fun', 0.7]],
};

/** What a touch does where the character has no answer of its own. Models name their areas as they like, `HitAreaHead` for example. */
export const reactionTo = (area: HitArea, gesture: Touch['gesture']): Reaction =>
  reactions[gesture][/head|hair/i.test(area) ? 0 : /face|cheek|mouth/i.test(area) ? 1 : 2];
