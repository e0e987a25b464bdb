import { depths, type Depth } from './head';

/** Depth of locks that begin on the crown: they lie on the skull above and hang free below. */
export const fromCrown: Depth = (x, y) => {
  const free = Math.min(1, Math.max(0, (y - 190) / 110));
  return depths.cap(x, y) * (1 - free) + 46 * free;
};
