import type { Clock } from '../base/clock';

/** After a new connection a companion that is still there announces itself within this. */
export const announcedWithin = 2_000;

/** Follows whether a companion is on the channel, over lost connections. */
export interface Presence {
  /** The hub says whether the companion is there. */
  announced(on: boolean): void;
  connected(): void;
  lost(): void;
  stop(): void;
}

/** @param onGone The companion did not come back with the connection. */
export function startPresence(clock: Pick<Clock, 'after'>, onGone: () => void): Presence {
  let there = false;
  let cancel = (): void => {};

  return {
    announced(on) {
      cancel();
      there = on;
    },
    connected() {
      cancel();
      if (there) cancel = clock.after(announcedWithin, onGone);
    },
    lost: () => cancel(),
    stop: () => cancel(),
  };
}
