import { startLazy } from '../base/lazy';
import type { TextStorage } from '../base/storage';
import type { Markdown } from '../markdown/markdown';

const stored = 'kotodama.markdown';

/** A sign of Markdown; whether it is one in its place is for the part to tell. */
const sign = /[*_~`#>|&\\]|]\(|^\s*([-+]|\d+[.)])\s|^\s*[-=]{3}/m;

/** Whether replies are shown with their Markdown, and the part that does it. */
export interface Formatting {
  /** The part, for a text that may have Markdown in it; null while it is not there, or not wanted. */
  partFor(text: string): Markdown | null;
  /** What is said of a text, without its signs; null while the part that knows them is on its way. */
  saidOf(text: string): string | null;
  isOn(): boolean;
  /** Remembered beyond this visit. */
  choose(on: boolean): void;
  /** Calls back when texts are to be shown anew. */
  watch(see: () => void): void;
}

/** @param fixed `?markdown=`, which wins over what is remembered. */
export function startFormatting(load: () => Promise<Markdown>, storage: TextStorage, fixed: string | null): Formatting {
  const watchers: (() => void)[] = [];
  let on = (fixed ?? storage.read(stored)) !== 'off';

  const changed = (): void => {
    for (const see of watchers) see();
  };

  const lazy = startLazy(load, changed);

  const partFor = (text: string): Markdown | null => {
    if (!on || !sign.test(text)) return null;
    lazy.fetch();
    return lazy.part();
  };

  return {
    partFor,
    saidOf: (text) => partFor(text)?.spoken(text) ?? (on && sign.test(text) ? null : text),
    isOn: () => on,
    choose(next) {
      on = next;
      storage.write(stored, on ? 'on' : 'off');
      changed();
    },
    watch: (see) => void watchers.push(see),
  };
}
