import type { Clock } from '../base/clock';
import { show } from '../base/shown';
import type { Store } from '../scene/store';
import type { FigureKey, FigureWords } from './figurewords';

const firstAfter = 4_000;
const pause = 28_000;
const spread = 20_000;

const tips: readonly FigureKey[] = ['tip.pointer', 'tip.json', 'tip.help', 'tip.history', 'tip.theme', 'tip.obs', 'tip.rest'];

/** The greeting for an hour of the day, 0 to 23. */
export function greetingAt(hour: number): FigureKey {
  if (hour >= 5 && hour < 11) return 'greeting.morning';
  if (hour >= 11 && hour < 18) return 'greeting.day';
  return hour >= 18 && hour < 23 ? 'greeting.evening' : 'greeting.night';
}

export interface TipsOptions {
  readonly bubble: HTMLElement;
  readonly store: Store;
  readonly words: FigureWords;
  readonly clock: Clock;
  readonly random: () => number;
  /** A sleeper does not chat. */
  readonly asleep: () => boolean;
}

/** Lets the character chat when no publisher makes it speak: a greeting first, then a tip now and then. */
export function startTips({ bubble, store, words, clock, random, asleep }: TipsOptions): () => void {
  let turn = Math.floor(random() * tips.length);

  const chat = (key: FigureKey): void => {
    if (!asleep()) store.happen({ type: 'tip', text: words(key) });
    cancel = clock.after(pause + random() * spread, () => chat(tips[turn++ % tips.length]!));
  };

  let cancel = clock.after(firstAfter, () => chat(greetingAt(new Date(clock.now()).getHours())));
  const unwatch = store.watch(({ tip }) => {
    bubble.dataset['state'] = tip === null ? 'hidden' : 'shown';
    if (tip !== null) show(bubble, tip.text);
  });

  return () => {
    cancel();
    unwatch();
  };
}
