import type { Director } from '../avatar/director';
import { faceOf, type Face, type Origin, type ShownMotion } from '../scene/scene';
import type { Store } from '../scene/store';

/** Lets the character show what the scene asks for: face and motion. `applied` hears of each message that was obeyed. */
export function startActing(director: Director, store: Store, applied: (origin: Origin | null) => void): () => void {
  let face: Face | null = null;
  let motion: ShownMotion | null = null;

  const move = async ({ name, priority, origin }: ShownMotion): Promise<void> => {
    // A refused motion has ended before this promise is looked at.
    const end = await Promise.race([director.move(name, priority), Promise.resolve('playing' as const)]);
    if (end === 'playing' || end === 'done') applied(origin);
  };

  return store.watch((scene) => {
    const wanted = faceOf(scene);
    if (wanted !== face) {
      const known = director.express(wanted?.name ?? null, { weight: wanted?.weight ?? 1 });
      if (known && wanted !== null && wanted === scene.expression) applied(scene.expression.origin);
    }
    face = wanted;
    if (scene.motion !== motion) {
      if (scene.motion === null) director.rest();
      else void move(scene.motion);
    }
    motion = scene.motion;
  });
}
