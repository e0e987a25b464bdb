import { expect, it } from 'vitest';
import { findMotion } from '../../src/avatar/motions';
import { learnReactions } from '../../src/avatar/reactions';
import { reactionTo } from '../../src/figure/reacting';

it.each([
  ['head', 'tap', 'shy'], ['HitAreaHead', 'tap', 'shy'], ['Hair', 'stroke', 'love'], ['face', 'tap', 'surprised'], ['cheek_l', 'stroke', 'shy'],
  ['body', 'tap', 'joy'], ['HitAreaBody', 'stroke', 'fun'], ['尻尾', 'tap', 'joy'],
] as const)('a touch (%s, %s) has an answer of its own: %s', (area, gesture, emotion) => {
  learnReactions();
  const [motion, face, weight] = reactionTo(area, gesture);
  expect(face).toBe(emotion);
  expect(findMotion(motion)).toBe(motion);
  expect(weight).toBeLessThanOrEqual(1);
});
