import type { Drawing } from '../markdown/drawing';
import type { Formatting } from './formatting';

/** The text of a reply in an element of its own. */
export interface Words {
  /** @param fresh It is another reply than before. @param growing More of it may come. */
  write(text: string, fresh: boolean, growing: boolean): void;
  /** What stands between two places of the text; null for nothing. */
  stretch(from: number, to: number): Range | null;
}

/** Text is only ever text here: nothing in a reply can become a request, and elements only by the page's own reader of Markdown. */
export function startWords(place: HTMLElement, formatting: Formatting): Words {
  const plain = document.createTextNode('');
  let drawing: Drawing | null = null;
  let isDrawn = false;

  return {
    write(text, fresh, growing) {
      if (fresh) {
        plain.data = '';
        drawing?.clear();
      }
      const part = formatting.partFor(text);
      if (part !== null) drawing ??= part.drawing(place);
      isDrawn = part !== null && drawing!.write(text, growing);
      if (isDrawn) {
        plain.remove();
        return;
      }
      drawing?.clear();
      if (!plain.isConnected) place.append(plain);
      // Appending keeps what the reader has selected in a growing reply.
      if (text.startsWith(plain.data)) plain.appendData(text.slice(plain.length));
      else plain.data = text;
    },
    stretch(from, to) {
      if (isDrawn) return drawing!.stretch(from, to);
      if (from >= Math.min(to, plain.length)) return null;
      const range = document.createRange();
      range.setStart(plain, from);
      range.setEnd(plain, Math.min(to, plain.length));
      return range;
    },
  };
}
