import type { SpokenWord } from './speaking/lips';
import type { Store } from './store';
import { placeIn } from './text';

const highlightName = 'kotodama-word';

/** Where the spoken word stands in a bubble that scrolls, from its upper edge. */
const readingLine = 0.4;

export interface Subtitles {
  show(word: SpokenWord | null): void;
  stop(): void;
}

/** Marks the word that is being said, and keeps it in sight in texts that scroll. Browsers without highlights only scroll. */
export function startSubtitles(scroller: HTMLElement, store: Store, still: MediaQueryList): Subtitles {
  const highlight = typeof Highlight === 'undefined' ? null : new Highlight();
  if (highlight !== null) CSS.highlights.set(highlightName, highlight);

  const rangeOf = (word: SpokenWord): Range | null => {
    const { reply } = store.scene();
    const text = scroller.firstChild;
    if (reply === null || reply.id !== word.reply || !(text instanceof Text)) return null;
    const from = placeIn(reply.raw, word.at);
    const to = Math.min(text.length, placeIn(reply.raw, word.at + word.length));
    if (from >= to) return null;
    const range = document.createRange();
    range.setStart(text, from);
    range.setEnd(text, to);
    return range;
  };

  const follow = (range: Range): void => {
    if (scroller.scrollHeight <= scroller.clientHeight + 1 || store.scene().held) return;
    const goal = range.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight * readingLine;
    // Line by line, not word by word.
    if (Math.abs(goal) > 12) scroller.scrollBy({ top: goal, behavior: still.matches ? 'instant' : 'smooth' });
  };

  return {
    show(word) {
      const range = word === null ? null : rangeOf(word);
      highlight?.clear();
      if (range === null) return;
      highlight?.add(range);
      follow(range);
    },
    stop() {
      CSS.highlights?.delete(highlightName);
    },
  };
}
