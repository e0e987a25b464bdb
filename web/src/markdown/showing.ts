import type { I18n } from '../base/i18n';
import { startAsking } from './asking';
import { copier } from './copying';
import { startDrawing, strikeFrom, type Drawing } from './drawing';
import { wordsForMarkdown } from './markdownwords';
import { readMarkdown } from './reader';
import type { Labels } from './shapes';
import { spokenText } from './spoken';

export interface MarkdownOptions {
  /** Where clicks on replies arrive. */
  readonly root: Document | ShadowRoot;
  /** Where a question is put before an address is opened. */
  readonly dialogs: ParentNode;
  readonly i18n: Pick<I18n, 'language'>;
  /** Rejects where the browser refuses. */
  readonly copy: (text: string) => Promise<void>;
  readonly open: (address: string) => void;
  readonly after: (ms: number, call: () => void) => () => void;
}

/** Shows replies with Markdown. */
export interface Markdown {
  /** For a reply that may grow, in an element that holds nothing else meanwhile. */
  drawing(place: HTMLElement): Drawing;
  /** Fills an element with a reply of which only so much was heard; false, and nothing done, when there is no Markdown in it. */
  fill(place: HTMLElement, text: string, heard: number | undefined): boolean;
  /** What a screen reader says. */
  spoken(text: string): string;
  stop(): void;
}

/** The part of the page that reads and draws Markdown; loaded with the first reply that may have any. */
export function startMarkdown({ root, dialogs, i18n, copy, open, after }: MarkdownOptions): Markdown {
  const words = wordsForMarkdown(i18n);
  const asking = startAsking(dialogs, words, open);
  const copyBeside = copier({ words, copy, after });
  const ends = new AbortController();
  const labels = (): Labels => ({
    copy: words('code.copy'), code: words('code.label'), table: words('table.label'), open: words('link.open'), image: words('image.label'),
  });

  root.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    const button = target.closest<HTMLElement>('[data-copy]');
    if (button !== null) copyBeside(button);
    const link = target.closest<HTMLElement>('[data-address]');
    // A user who selects a text with the pointer does not mean its link.
    if (link !== null && (link.matches('button') || (getSelection()?.isCollapsed ?? true))) asking.ask(link.dataset['address']!);
  }, { signal: ends.signal });

  return {
    drawing: (place) => startDrawing(place, labels),
    fill(place, text, heard) {
      const drawing = startDrawing(place, labels);
      place.replaceChildren();
      if (!drawing.write(text, false)) return false;
      if (heard !== undefined) strikeFrom(drawing, heard);
      return true;
    },
    spoken: (text) => spokenText(readMarkdown(text)),
    stop() {
      ends.abort();
      asking.stop();
    },
  };
}
