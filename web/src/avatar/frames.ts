import type { Environment } from './environment';

/** A longer gap means that the page slept; the character then goes on as if nothing had been. */
const longestStepMs = 600;

const failedMs = 1000;

/** The clock of the avatar: one frame after the other, as seldom as possible. */
export interface Frames {
  /** Draws the next frame at once, unless the page is out of sight. */
  wake(): void;
  /** The page came into or went out of sight: the time since the last frame does not count. */
  restart(): void;
  stop(): void;
}

/** @param step Draws a frame after so many milliseconds, and returns when the next one is worth it. */
export function startFrames(env: Pick<Environment, 'now' | 'frame' | 'hidden'>, step: (dtMs: number) => number): Frames {
  let last = env.now();
  let cancel = (): void => {};

  const tick = (): void => {
    const now = env.now();
    const dtMs = Math.min(longestStepMs, Math.max(0, now - last));
    last = now;
    let next = failedMs;
    try {
      next = step(dtMs);
    } finally {
      // One picture that a model or its Core fails at does not end all others.
      cancel = env.frame(tick, next);
    }
  };

  const wake = (): void => {
    if (env.hidden()) return;
    cancel();
    cancel = env.frame(tick, 0);
  };

  return {
    wake,
    restart() {
      cancel();
      last = env.now();
      wake();
    },
    stop: () => cancel(),
  };
}
