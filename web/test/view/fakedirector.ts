import type { Director } from '../../src/avatar/director';

/** A character that writes down what it is told. */
export function fakeDirector() {
  const faces: (string | null)[] = [];
  const motions: string[] = [];
  const mouths: (number | null)[] = [];
  const director: Pick<Director, 'express' | 'move' | 'mouth'> = {
    express(name) {
      faces.push(name);
      return name !== 'unheard-of';
    },
    move(name) {
      motions.push(name);
      return name === 'unheard-of' ? Promise.resolve('unknown') : name === 'busy' ? Promise.resolve('interrupted') : new Promise(() => {});
    },
    mouth: (shape) => void mouths.push(shape === null ? null : shape.open),
  };
  return { director: director as Director, faces, motions, mouths };
}
