import type { Clock } from './clock';
import { historyLimit } from './replies';
import { emptyMemory, type HistoryEntry, type Memory, type Scene } from './scene';
import type { TextStorage } from './storage';
import type { Store } from './store';

const saveWithin = 1_000;

// Browsers give a page about five million characters; two channels and some air fit in.
const textLimit = 1_000_000;

const nameFor = (channel: string): string => `kotodama.memory.${channel}`;

/** What the page knew before it was reloaded. Anything that does not look like it is as good as nothing. */
export function recall(storage: TextStorage, channel: string): Memory {
  try {
    const value = JSON.parse(storage.read(nameFor(channel)) ?? 'null') as Partial<Memory> | null;
    if (value === null || !Array.isArray(value.history) || typeof value.seen !== 'object' || value.seen === null) return emptyMemory;
    const seen = Object.entries(value.seen).filter(([, seq]) => typeof seq === 'number');
    return { history: value.history.filter(isEntry).slice(-historyLimit), seen: Object.fromEntries(seen) };
  } catch {
    return emptyMemory;
  }
}

/** Keeps history and position over a reload: written soon after a change, and at once by `save`. */
export function startMemory(storage: TextStorage, channel: string, store: Store, clock: Clock): { save(): void; stop(): void } {
  let written: Scene = store.scene();
  let cancel: (() => void) | null = null;

  const save = (): void => {
    cancel?.();
    cancel = null;
    written = store.scene();
    storage.write(nameFor(channel), JSON.stringify({ history: newestThatFit(written.history), seen: written.seen }));
  };

  const unwatch = store.watch(({ history, seen }) => {
    if (history === written.history && seen === written.seen) return;
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

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { id, text, at, lang } = value as Partial<Record<keyof HistoryEntry, unknown>>;
  const maybeText = (field: unknown): boolean => field === null || typeof field === 'string';
  return typeof text === 'string' && typeof at === 'number' && Number.isFinite(at) && maybeText(id) && maybeText(lang);
}
