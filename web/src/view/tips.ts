import type { Clock } from '../base/clock';
import type { I18n, PageKey } from '../base/i18n';
import type { Store } from '../scene/store';

const firstAfter = 4_000;
const pause = 28_000;
const spread = 20_000;

const tips: readonly PageKey[] = ['tip.pointer', 'tip.json', 'tip.help', 'tip.history', 'tip.theme', 'tip.obs', 'tip.rest'];

/** The greeting for an hour of the day, 0 to 23. */
export function greetingAt(hour: number): PageKey {
  if (hour >= 5 && hour < 11) return 'greeting.morning';
  if (hour >= 11 && hour < 18) return 'greeting.day';
  return hour >= 18 && hour < 23 ? 'greeting.evening' : 'greeting.night';
}

/** Lets the character chat when no publisher makes it speak: a greeting first, then a tip now and then. */
export function startTips(bubble: HTMLElement, store: Store, i18n: I18n, clock: Clock, random: () => number): () => void {
  let turn = Math.floor(random() * tips.length);

  const chat = (key: PageKey): void => {
    store.happen({ type: 'tip', text: i18n.text(key) });
    cancel = clock.after(pause + random() * spread, () => chat(tips[turn++ % tips.length]!));
  };

  let cancel = clock.after(firstAfter, () => chat(greetingAt(new Date(clock.now()).getHours())));
  const unwatch = store.watch(({ tip }) => {
    bubble.dataset['state'] = tip === null ? 'hidden' : 'shown';
    if (tip !== null && bubble.textContent !== tip.text) bubble.textContent = tip.text;
  });

  return () => {
    cancel();
    unwatch();
  };
}
