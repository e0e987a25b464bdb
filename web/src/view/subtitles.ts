import { placeIn, wholeWords } from '../base/text';
import type { HistoryEntry, Reply } from '../scene/scene';
import type { Store } from '../scene/store';
import type { SpokenWord } from '../speaking/lips';
import type { Formatting } from './formatting';
import type { Words } from './words';

const wordName = 'kotodama-word';
const unheardName = 'kotodama-unheard';

/** Where the spoken word stands in a bubble that scrolls, from its upper edge. */
const readingLine = 0.4;

export interface Subtitles {
  show(word: SpokenWord | null): void;
}

/**
 * Marks the word that is being said, keeps it in sight in texts that scroll, and strikes out what of an interrupted reply was
 * not heard. Browsers without highlights only scroll.
 */
export function startSubtitles(
  scroller: HTMLElement, words: Words, formatting: Formatting, store: Store, still: MediaQueryList,
): Subtitles {
  const markFor = (name: string): Highlight | null => {
    if (typeof Highlight === 'undefined') return null;
    const made = new Highlight();
    CSS.highlights.set(name, made);
    return made;
  };
  const highlight = markFor(wordName);
  const unheard = markFor(unheardName);
  let spoken: SpokenWord | null = null;
  let shown: Reply | null = null;
  let listed: readonly HistoryEntry[] | null = null;

  const rangeOf = ({ reply: id, at, length }: SpokenWord): Range | null => {
    const { reply } = store.scene();
    if (reply === null || reply.id !== id) return null;
    return words.stretch(...wholeWords(reply.text, placeIn(reply.raw, at), placeIn(reply.raw, at + length)));
  };

  const mark = (as: Highlight | null, range: Range | null): void => {
    as?.clear();
    if (range !== null) as?.add(range);
  };

  // A reply that is drawn anew has other nodes.
  const draw = (): void => {
    const { reply, history } = store.scene();
    [shown, listed] = [reply, history];
    const heard = history.find(({ key }) => key === reply?.key)?.heard;
    mark(unheard, reply === null || heard === undefined ? null : words.stretch(heard, reply.text.length));
    if (spoken !== null) mark(highlight, rangeOf(spoken));
  };

  const follow = (range: Range): void => {
    if (scroller.scrollHeight <= scroller.clientHeight + 1 || store.scene().held) return;
    const goal = range.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight * readingLine;
    // Line by line, not word by word.
    if (Math.abs(goal) > 12) scroller.scrollBy({ top: goal, behavior: still.matches ? 'instant' : 'smooth' });
  };

  store.watch(({ reply, history }) => {
    if (reply !== shown || history !== listed) draw();
  });
  formatting.watch(draw);

  return {
    show(word) {
      spoken = word;
      const range = word === null ? null : rangeOf(word);
      mark(highlight, range);
      if (range !== null) follow(range);
    },
  };
}
