import { isCount } from '../protocol/fields';
import type { Position } from '../protocol/messages';

/** Clocks of publishers and pages may differ by this. */
export const clockTolerance = 300_000;

/** Messages that are remembered. Of more, those go first whose time is over first. */
export const remembered = 4_096;

const longestTtl = 86_400_000;

/** A sealed message that has come. */
interface Come {
  readonly id: string;
  /** When its time is over, Unix milliseconds. */
  readonly until: number;
  /** Where it stands, as long as it was not shown: it may be sent again to there. null: to nowhere. */
  readonly place: string | null;
}

export interface Replays {
  /** Whether a message is taken: its time is not over, and it has not come before. */
  take(id: string, until: number, now: number, at: Position | null): boolean;
  /** What stands here was shown: it does not come again. Returns whether that is news. */
  shown(at: Position): boolean;
  /** What a page that is loaded anew has to know. */
  written(): string;
}

const placeOf = ({ epoch, seq }: Position): string => `${epoch} ${seq}`;

/**
 * Remembers which messages have come, so that a hub or another program cannot show one twice.
 * @param text What {@link Replays.written} gave.
 */
export function startReplays(text: string | null): Replays {
  let { floor, all } = read(text);

  /** Anything that ends by the floor may have come before: its time is over, or it was forgotten for want of room. */
  const forget = (): void => {
    all = all.filter(({ until }) => until > floor);
    if (all.length <= remembered) return;
    const byEnd = [...all].sort((a, b) => a.until - b.until).slice(0, all.length - remembered);
    floor = byEnd.at(-1)!.until;
    all = all.filter(({ until }) => until > floor);
  };

  return {
    take(id, until, now, at) {
      floor = Math.max(floor, now - clockTolerance);
      forget();
      const known = all.find((one) => one.id === id);
      if (until <= floor || until > now + longestTtl + clockTolerance) return false;
      if (known !== undefined) return at !== null && known.until === until && known.place === placeOf(at);
      all.push({ id, until, place: at === null ? null : placeOf(at) });
      forget();
      return true;
    },
    shown(at) {
      const place = placeOf(at);
      if (!all.some((one) => one.place === place)) return false;
      all = all.map((one) => (one.place === place ? { ...one, place: null } : one));
      return true;
    },
    written: () => JSON.stringify({ floor, all }),
  };
}

function read(text: string | null): { floor: number; all: Come[] } {
  try {
    const { floor, all } = JSON.parse(text ?? '{}') as { floor?: unknown; all?: unknown };
    return { floor: isCount(floor) ? floor : 0, all: Array.isArray(all) ? all.filter(isCome).slice(-remembered) : [] };
  } catch {
    return { floor: 0, all: [] };
  }
}

function isCome(value: unknown): value is Come {
  if (typeof value !== 'object' || value === null) return false;
  const { id, until, place } = value as Partial<Record<keyof Come, unknown>>;
  return typeof id === 'string' && isCount(until) && (place === null || typeof place === 'string');
}
