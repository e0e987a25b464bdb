import type { Clock } from '../base/clock';
import { nextChange, nextScene, type SceneEvent } from './rules';
import { openingScene, type TabState, type Scene } from './scene';

type Happening<E> = E extends unknown ? Omit<E, 'at'> : never;

/** An event before it gets its time. */
export type SceneHappening = Happening<SceneEvent>;

export interface Store {
  scene(): Scene;
  /** Every watcher has seen the new scene when this returns. */
  happen(event: SceneHappening): void;
  /** Calls back now and after each change; returns what ends it. */
  watch(see: (scene: Scene) => void): () => void;
  stop(): void;
}

// Longer waits overflow a browser's timer and fire at once.
const longestWait = 2 ** 31 - 1;

/** Holds the scene and lets time pass in it. */
export function startStore(tab: TabState, clock: Clock): Store {
  const watchers = new Set<(scene: Scene) => void>();
  let scene = openingScene(tab);
  let cancel = (): void => {};

  const happen = (event: SceneHappening): void => {
    const before = scene;
    scene = nextScene(scene, { ...event, at: clock.now() } as SceneEvent);
    if (scene === before && event.type !== 'tick') return;
    cancel();
    const change = nextChange(scene);
    if (change !== null) {
      cancel = clock.after(Math.min(longestWait, Math.max(0, change - clock.now())), () => happen({ type: 'tick' }));
    }
    if (scene !== before) for (const see of watchers) see(scene);
  };

  return {
    scene: () => scene,
    happen,
    watch(see) {
      watchers.add(see);
      see(scene);
      return () => void watchers.delete(see);
    },
    stop() {
      cancel();
      watchers.clear();
    },
  };
}
