import { pair } from './hair';
import { depths, type Depth } from './head';
import type { Strand } from './strand';

/** Depth of locks that begin on the crown: they lie on the skull above and hang free below. */
export const fromCrown: Depth = (x, y) => {
  const free = Math.min(1, Math.max(0, (y - 190) / 110));
  return depths.cap(x, y) * (1 - free) + 46 * free;
};

/** Koto's locks before the ears as they are seen where no headset lies over them. */
export const looseSides: readonly Strand[] = pair({
  d: 'M158 190C149 220 146 262 147 290C146 340 150 380 156 412C160 446 156 472 146 492C143 500 149 505 157 502C186 488 203 458 204 420'
    + 'C205 370 196 322 203 268C206 240 204 190 190 150M165 484C176 468 182 446 182 418C182 392 178 362 182 330',
  root: [178, 240], length: 270, depth: fromCrown, swing: 0.3, frequency: 1.15, weight: 0.6,
});
