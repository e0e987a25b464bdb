import type { Director } from '../avatar/director';
import { faceOf, type Face, type Origin, type Scene, type ShownMotion } from '../scene/scene';
import type { Store } from '../scene/store';

/** What became of expressions and motions that a publisher asked for. */
export interface ActingOptions {
  /** A message was obeyed. */
  applied(origin: Origin | null): void;
  /** A message names what the character cannot do. */
  failed(origin: Origin | null, code: 'unknown_expression' | 'unknown_motion'): void;
  /** Another character is on its way to the stage, which may know more names: what is unknown is asked of it again before it has failed. */
  awaits(): boolean;
}

export interface Acting {
  /** The character that was on its way has come, or does not come. */
  again(): void;
  stop(): void;
}

/** Lets the character show what the scene asks for: face and motion. */
export function startActing(director: Pick<Director, 'express' | 'move' | 'rest'>, store: Store, options: ActingOptions): Acting {
  const { applied, failed, awaits } = options;
  let face: Face | null = null;
  let worn: string | null = null;
  let motion: ShownMotion | null = null;
  let isOpen = false;
  let open: ShownMotion | null = null;

  const refuse = (asked: ShownMotion | null): void => {
    if (asked !== null) failed(asked.origin, 'unknown_motion');
  };

  const move = async (asked: ShownMotion): Promise<void> => {
    const { name, priority, origin } = asked;
    const playing = director.move(name, priority);
    // A refused motion has ended before this promise is looked at.
    const end = await Promise.race([playing, Promise.resolve('playing' as const)]);
    if (end === 'playing' || end === 'done') applied(origin);
    // The file of a model's own motion is read when it begins.
    if (await playing !== 'unknown') return;
    refuse(open);
    open = awaits() ? asked : null;
    if (open === null) refuse(asked);
  };

  const express = ({ expression }: Scene): void => {
    const known = director.express(face?.name ?? null, { weight: face?.weight ?? 1, worn });
    isOpen = false;
    if (expression === null || face !== expression) return;
    if (known) applied(expression.origin);
    else if (awaits()) isOpen = true;
    else failed(expression.origin, 'unknown_expression');
  };

  const stop = store.watch((scene) => {
    const wanted = faceOf(scene);
    const wears = scene.expression?.name ?? null;
    const isNews = wanted !== face || wears !== worn;
    face = wanted;
    worn = wears;
    if (isNews) express(scene);
    if (scene.motion !== motion) {
      if (scene.motion === null) director.rest();
      else void move(scene.motion);
    }
    motion = scene.motion;
  });

  return {
    again() {
      const late = open;
      open = null;
      if (isOpen) express(store.scene());
      if (late !== null && late === motion) void move(late);
      else refuse(late);
    },
    stop,
  };
}
