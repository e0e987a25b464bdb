import type { Clock } from '../base/clock';

const pause = 1_000;

/**
 * Notices a server that starts again on this machine: `found` is called when it answers after it did not. Browsers make a
 * page wait ever longer for a WebSocket after many failures, but not for a request, and a server that finds its page back
 * within a second need not open another one. Nothing is asked while `wanted` says no.
 */
export function startProbe(clock: Clock, wanted: () => boolean, ask: () => Promise<boolean>, found: () => void): () => void {
  let down = false;
  let stopped = false;
  let cancel = (): void => {};

  const wait = (): void => {
    if (!stopped) cancel = clock.after(pause, () => void look());
  };

  const look = async (): Promise<void> => {
    const up = !wanted() || await ask();
    if (up && down && wanted()) found();
    down = !up;
    wait();
  };

  wait();
  return () => {
    stopped = true;
    cancel();
  };
}
