import type { Director } from '../avatar/director';
import type { Clock } from '../base/clock';
import type { Scene } from '../scene/scene';
import type { Store } from '../scene/store';

/** Left alone for this long the character gets sleepy. */
export const aloneMs = 600_000;

export interface Solitude {
  /** The user is there, or something happened: it wakes up. */
  stir(): void;
  asleep(): boolean;
  stop(): void;
}

/** What publishers, users and voices do. The page's own chat keeps no character awake. */
const events = ({ reply, status, expression, motion, speaking, talking }: Scene): readonly unknown[] =>
  [reply?.key, reply?.text, status, expression, motion, speaking, talking];

/** Lets the character fall asleep where nothing happens, and wakes it at anything. */
export function startSolitude(store: Store, clock: Clock, director: Pick<Director, 'doze' | 'move'>): Solitude {
  let last = clock.now();
  let asleep = false;
  let seen: readonly unknown[] = [];
  let cancel: () => void;

  const look = (): void => {
    const left = last + aloneMs - clock.now();
    const { speaking, talking } = store.scene();
    // A speech of an hour is no silence.
    if (left > 0 || speaking !== null || talking) {
      cancel = clock.after(left > 0 ? left : aloneMs, look);
      return;
    }
    asleep = true;
    void director.move('yawn', 'idle');
    director.doze(true);
  };

  const stir = (): void => {
    last = clock.now();
    if (!asleep) return;
    asleep = false;
    director.doze(false);
    void director.move('stretch', 'idle');
    look();
  };

  const unwatch = store.watch((scene) => {
    const now = events(scene);
    if (seen.length > 0 && now.some((value, i) => value !== seen[i])) stir();
    seen = now;
  });

  cancel = clock.after(aloneMs, look);
  return {
    stir,
    asleep: () => asleep,
    stop() {
      unwatch();
      cancel();
    },
  };
}
