import { startDirector, type Director } from '../avatar/director';
import { createKoto } from '../avatar/vector/koto';
import type { Clock } from '../base/clock';
import type { Store } from '../scene/store';
import { startActing, type Acting, type ActingOptions } from './acting';
import { startSilentLips } from './silentlips';

export interface Character extends Pick<Acting, 'again'> {
  readonly director: Director;
  stop(): void;
}

/** Draws the character into an element and lets it follow the scene. */
export function startCharacter(element: HTMLElement, store: Store, clock: Clock, options: ActingOptions): Character {
  const director = startDirector(element, createKoto());
  const acting = startActing(director, store, options);
  const stopLips = startSilentLips(director, store, clock);
  return {
    director, again: acting.again,
    stop() {
      acting.stop();
      stopLips();
      director.stop();
    },
  };
}
