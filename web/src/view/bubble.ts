import { languageOf } from '../base/text';
import type { Reply } from '../scene/scene';
import type { Store } from '../scene/store';
import type { Formatting } from './formatting';
import type { Words } from './words';

// Closer than this to the end counts as reading along.
const followWithin = 32;
const enterName = 'kotodama-enter';

/** Shows the reply of the scene. */
export function startBubble(
  bubble: HTMLElement, scroller: HTMLElement, words: Words, formatting: Formatting, store: Store, still: MediaQueryList,
): () => void {
  /** Pages of others have none: they open nothing that is encrypted. */
  const sign = bubble.querySelector<HTMLElement>('.sealed-sign');
  let shown: Reply | null = null;

  const measure = (): void => {
    const long = scroller.scrollHeight > scroller.clientHeight + 1;
    bubble.toggleAttribute('data-long', long);
    if (long) scroller.tabIndex = 0;
    else scroller.removeAttribute('tabindex');
  };

  const show = (reply: Reply, before: Reply | null): void => {
    const fresh = before?.key !== reply.key;
    const follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < followWithin;
    words.write(reply.text, fresh, reply.phase === 'streaming');
    scroller.lang = reply.lang ?? languageOf(reply.text) ?? '';
    bubble.dataset['state'] = 'shown';
    bubble.dataset['phase'] = reply.phase;
    if (sign !== null) sign.hidden = !reply.sealed;
    measure();
    if (fresh) scroller.scrollTop = 0;
    else if (follows && before?.phase === 'streaming' && store.scene().speaking !== reply.id) scroller.scrollTop = scroller.scrollHeight;
    if (fresh && !still.matches) enter(bubble);
    if (fresh && bubble.matches(':hover')) store.happen({ type: 'hold', on: true });
  };

  const unwatch = store.watch(({ reply }) => {
    if (reply === shown) return;
    const before = shown;
    // What is done while it is shown changes the scene, and comes back here.
    shown = reply;
    if (reply === null) bubble.dataset['state'] = 'hidden';
    else show(reply, before);
  });

  formatting.watch(() => {
    if (shown !== null) show(shown, shown);
  });

  const hold = (): void => store.happen({ type: 'hold', on: true });
  const release = (): void => store.happen({ type: 'hold', on: false });
  const ends = new AbortController();
  const options = { passive: true, signal: ends.signal };
  bubble.addEventListener('mouseenter', hold, options);
  bubble.addEventListener('mouseleave', release, options);
  bubble.addEventListener('touchstart', hold, options);
  bubble.addEventListener('touchend', release, options);
  bubble.addEventListener('touchcancel', release, options);
  bubble.addEventListener('focusin', hold, options);
  bubble.addEventListener('focusout', release, options);
  const resized = new ResizeObserver(measure);
  resized.observe(scroller);

  return () => {
    unwatch();
    ends.abort();
    resized.disconnect();
  };
}

// The text is readable from the first frame on: only size and place move, never opacity.
function enter(bubble: HTMLElement): void {
  for (const old of bubble.getAnimations()) if (old.id === enterName) old.cancel();
  const animation = bubble.animate(
    [
      { transform: 'translateY(0.6rem) scale(0.94)' },
      { transform: 'translateY(-0.1rem) scale(1.015)', offset: 0.6 },
      { transform: 'none' },
    ],
    { duration: 280, easing: 'cubic-bezier(0.2, 0.8, 0.3, 1)' },
  );
  animation.id = enterName;
}
