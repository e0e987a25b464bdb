import type { Clock } from '../base/clock';
import type { TextStorage } from '../base/storage';
import { isPosition, lastMoment } from '../protocol/messages';
import { historyLimit } from './replies';
import { emptyTab, type HistoryEntry, type TabState, type Scene } from './scene';
import type { Store } from './store';

const saveWithin = 1_000;

// Browsers give a page about five million characters; two channels and some air fit in.
const textLimit = 1_000_000;

const nameFor = (channel: string): string => `kotodama.memory.${channel}`;

/** What the page knew before it was reloaded. Anything that does not look like it is as good as nothing. */
export function readTab(storage: TextStorage, channel: string): TabState {
  try {
    const value = JSON.parse(storage.read(nameFor(channel)) ?? 'null') as Partial<TabState> | null;
    if (value === null || !Array.isArray(value.history)) return emptyTab;
    const entries = value.history.filter(isEntry).slice(-historyLimit);
    return {
      history: entries.map(({ sealed, ...entry }) => (
        { ...entry, ...(sealed === true ? { sealed } : {}), origin: isPosition(entry.origin) ? entry.origin : null }
      )),
      forgotten: isMoment(value.forgotten) ? value.forgotten : 0,
      missed: value.missed === true,
    };
  } catch {
    return emptyTab;
  }
}

/** Keeps the history over a reload: written soon after a change, and at once by `save`. */
export function startTabStore(storage: TextStorage, channel: string, store: Store, clock: Clock): { save(): void; stop(): void } {
  let written: Scene = store.scene();
  let cancel: (() => void) | null = null;

  const save = (): void => {
    cancel?.();
    cancel = null;
    written = store.scene();
    const { history, forgotten, missed } = written;
    storage.write(nameFor(channel), JSON.stringify({ history: newestThatFit(history), forgotten, missed }));
  };

  const unwatch = store.watch(({ history, forgotten, missed }) => {
    if (history === written.history && forgotten === written.forgotten && missed === written.missed) return;
    cancel ??= clock.after(saveWithin, save);
  });

  return {
    save,
    stop() {
      cancel?.();
      unwatch();
    },
  };
}

function newestThatFit(history: readonly HistoryEntry[]): readonly HistoryEntry[] {
  let room = textLimit;
  let first = history.length;
  while (first > 0 && (room -= history[first - 1]!.text.length) >= 0) first--;
  return history.slice(first);
}

const isMoment = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= lastMoment;

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { id, text, at, lang, from, heard } = value as Partial<Record<keyof HistoryEntry, unknown>>;
  const maybeText = (field: unknown): boolean => field === null || typeof field === 'string';
  return typeof text === 'string' && isMoment(at) && maybeText(id) && maybeText(lang)
    && (from ?? 'user') === 'user' && Number.isSafeInteger(heard ?? 0);
}
