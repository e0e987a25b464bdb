import { localTurn, type Playback, type PlaybackEvent } from '../protocol/speech';
import type { Spot, Turn } from './turn';

export interface Reports {
  /** Another turn begins. */
  renew(): void;
  /** What is heard comes from another place now; it `goes` on there. */
  moved(goes: boolean): void;
  /** Whether the first sample of the turn was not told yet; from now on it was. */
  begins(): boolean;
  /** Whether it is time to tell of a clause; `held`: also before the first sample. */
  isDue(clause: number, held: boolean): boolean;
  tell(event: PlaybackEvent, turn: Turn, spot: Spot, chars: number): void;
  /** How often a silence was told because sound came too late. */
  underruns(): number;
}

const progressEvery = 1_000;

/** Tells the voice what is heard: with each event, with each clause, and every second. */
export function startReports(channel: string, now: () => number, send: (message: Playback) => boolean): Reports {
  let begun = false;
  let toldAt = 0;
  let toldClause = 0;
  let underruns = 0;

  return {
    renew() {
      begun = false;
      toldClause = 0;
    },
    moved(goes) {
      begun ||= goes;
      toldAt = -Infinity;
    },
    begins() {
      if (begun) return false;
      begun = true;
      return true;
    },
    isDue: (clause, held) => (begun || held) && (now() - toldAt >= progressEvery || clause > toldClause),
    tell(event, { id, reply }, { clause, index, ms }, chars) {
      toldAt = now();
      toldClause = index;
      if (event === 'underrun') underruns++;
      if (id >= localTurn) return;
      send({ type: 'playback', channel, turn: id, clause: clause.said.clause, event, played: Math.round(ms * 10) / 10, reply, chars });
    },
    underruns: () => underruns,
  };
}
