import { startDirector, type Director } from '../avatar/director';
import { createKoto } from '../avatar/vector/koto';
import type { Clock } from '../base/clock';
import type { Origin } from '../scene/scene';
import type { Store } from '../scene/store';
import { startActing } from './acting';
import { startSilentLips } from './silentlips';

/** Draws the character into an element and lets it follow the scene. `applied` is told of each expression and motion that was shown. */
export function startCharacter(element: HTMLElement, store: Store, clock: Clock, applied: (origin: Origin | null) => void): Director {
  const director = startDirector(element, createKoto());
  startActing(director, store, applied);
  startSilentLips(director, store, clock);
  return director;
}
