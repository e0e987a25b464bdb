import { readReplies } from '../scene/history';
import type { Store } from '../scene/store';
import type { GapSeen } from './position';

const gapLimit = 64;

export interface HistoryLoader {
  /** Call when there is a connection: a first time, or again after it failed. */
  load(): void;
  /** Messages will not come: those of them that were replies are in the server's history, if anywhere. */
  gap(gap: GapSeen): void;
}

/**
 * Fills the history with what the server has stored, also on a page that was just opened. After a failure the next connection tries
 * again.
 */
export function startHistoryLoader(store: Store, ask: () => Promise<unknown>): HistoryLoader {
  let wanted = true;
  let busy = false;
  let gaps: readonly GapSeen[] = [];

  const load = async (): Promise<void> => {
    if (busy || !wanted) return;
    busy = true;
    wanted = false;
    const asked = gaps;
    const replies = readReplies(await ask().catch(() => null));
    busy = false;
    if (replies === null) {
      wanted = true;
      return;
    }
    store.happen({ type: 'history', replies });
    gaps = gaps.filter((gap) => !asked.includes(gap));
    // Most of what expires is a status; only a reply is worth a word.
    const isInside = ({ epoch, from, to }: GapSeen): boolean =>
      replies.some((reply) => reply.epoch === epoch && reply.seq >= from && reply.seq <= to);
    if (asked.some(isInside)) store.happen({ type: 'missed' });
    await load();
  };

  return {
    load: () => void load(),
    gap(gap) {
      if (gap.reason === 'overflow') store.happen({ type: 'missed' });
      if (gap.reason === 'expired') gaps = [...gaps, gap].slice(-gapLimit);
      wanted = true;
      void load();
    },
  };
}

/** The server's answer as it stands; rejects when there is none. */
export const fetchHistory = (url: string) => async (): Promise<unknown> => {
  const answer = await fetch(url, { cache: 'no-store' });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};
