import type { Director } from '../../src/avatar/director';
import type { MotionEnd } from '../../src/avatar/motionplayer';

/** A character that writes down what it is told. */
export function fakeDirector() {
  const faces: (string | null)[] = [];
  const worn: (string | null)[] = [];
  const motions: string[] = [];
  const mouths: (number | null)[] = [];
  const unknown = new Set(['unheard-of', 'never-heard-of']);
  let endLate = (_: MotionEnd): void => {};
  const director: Pick<Director, 'express' | 'move' | 'mouth' | 'rest'> = {
    express(name, options) {
      faces.push(name);
      worn.push(options?.worn ?? null);
      return name === null || !unknown.has(name);
    },
    move(name) {
      motions.push(name);
      return unknown.has(name) ? Promise.resolve('unknown') : name === 'busy' ? Promise.resolve('interrupted') : new Promise((end) => {
        if (name === 'late') endLate = end;
      });
    },
    mouth: (shape) => void mouths.push(shape === null ? null : shape.open),
    rest: () => {},
  };
  return {
    director: director as Director, faces, worn, motions, mouths,
    /** Another character knows this name. */
    learn: (name: string): void => void unknown.delete(name),
    endLate: (end: MotionEnd): void => endLate(end),
  };
}
