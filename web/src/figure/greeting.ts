import type { Director } from '../avatar/director';
import type { Clock } from '../base/clock';
import type { TextStorage } from '../base/storage';
import type { Store } from '../scene/store';

/** The figure has been looked at for a moment before it greets. */
const after = 1200;
const kept = 'kotodama.hello';

/** The gesture for an hour of the day, 0 to 23; the words are the companion's. */
export function gestureAt(hour: number): string {
  if (hour >= 5 && hour < 11) return 'stretch';
  if (hour >= 11 && hour < 18) return 'wave';
  return hour >= 18 && hour < 23 ? 'bow' : 'yawn';
}

/** Greets by a gesture at the first visit of a day, unless the character has something else to do. Returns what calls it off. */
export function startGreeting(storage: TextStorage, store: Store, clock: Clock, director: Pick<Director, 'move'>): () => void {
  const now = new Date(clock.now());
  const day = `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;
  if (storage.read(kept) === day) return () => {};
  return clock.after(after, () => {
    storage.write(kept, day);
    const { reply, motion, speaking } = store.scene();
    if (reply === null && motion === null && speaking === null) void director.move(gestureAt(now.getHours()), 'idle');
  });
}
