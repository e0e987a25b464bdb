import { placeIn, wholeWords } from '../base/text';
import type { HistoryEntry } from '../scene/scene';
import type { Store } from '../scene/store';
import type { SpokenWord } from '../speaking/lips';

const wordName = 'kotodama-word';
const unheardName = 'kotodama-unheard';

/** Where the spoken word stands in a bubble that scrolls, from its upper edge. */
const readingLine = 0.4;

export interface Subtitles {
  show(word: SpokenWord | null): void;
  stop(): void;
}

/**
 * Marks the word that is being said, keeps it in sight in texts that scroll, and strikes out what of an interrupted reply was
 * not heard. Browsers without highlights only scroll.
 */
export function startSubtitles(scroller: HTMLElement, store: Store, still: MediaQueryList): Subtitles {
  const mark = (name: string): Highlight | null => {
    if (typeof Highlight === 'undefined') return null;
    const made = new Highlight();
    CSS.highlights.set(name, made);
    return made;
  };
  const highlight = mark(wordName);
  const unheard = mark(unheardName);
  let listed: readonly HistoryEntry[] | null = null;
  let key: number | null = null;

  const stretch = (text: Text, from: number, to: number): Range | null => {
    if (from >= to) return null;
    const range = document.createRange();
    range.setStart(text, from);
    range.setEnd(text, to);
    return range;
  };

  const rangeOf = (word: SpokenWord): Range | null => {
    const { reply } = store.scene();
    const text = scroller.firstChild;
    if (reply === null || reply.id !== word.reply || !(text instanceof Text)) return null;
    const to = Math.min(text.length, placeIn(reply.raw, word.at + word.length));
    return stretch(text, ...wholeWords(text.data, placeIn(reply.raw, word.at), to));
  };

  const unwatch = store.watch(({ reply, history }) => {
    if (history === listed && (reply?.key ?? null) === key) return;
    listed = history;
    key = reply?.key ?? null;
    unheard?.clear();
    const heard = history.find((entry) => entry.key === key)?.heard;
    const text = scroller.firstChild;
    const range = heard === undefined || !(text instanceof Text) ? null : stretch(text, heard, text.length);
    if (range !== null) unheard?.add(range);
  });

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
      unwatch();
      for (const name of [wordName, unheardName]) CSS.highlights?.delete(name);
    },
  };
}
