import type { Turn } from './turn';

/** How far a speech has come, in milliseconds of it, and when it last came any further. */
export interface Progress {
  readonly at: number;
  readonly movedAt: number;
}

/** How a speech ends. */
export type Ending = 'done' | 'stopped';

/** The last frame of a device is seldom the last sample of a speech. */
export const frame = 1;

/** A voice that is told that it was not heard speaks in another way within this. */
export const retryWithin = 1_000;

/** A speech of which nothing more comes for this long is over, unless its reply is still being written. */
export const patience = 15_000;

/** Where a speech is `now`; a pause is no standstill. */
export const progressed = (before: Progress, at: number, now: number, paused: boolean): Progress =>
  ({ at, movedAt: at > before.at || paused ? now : before.movedAt });

/** Whether a speech has come to its end, or no further for too long; `failed`: something of it could not be played. */
export function outcome(
  turn: Pick<Turn, 'available' | 'complete'>, { at, movedAt }: Progress, now: number, failed: boolean,
): Ending | null {
  if (turn.complete && at >= turn.available - frame && (!failed || now - movedAt > retryWithin)) return 'done';
  return now - movedAt > patience ? 'stopped' : null;
}
