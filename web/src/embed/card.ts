import { make } from '../base/elements';
import { hintAt, nameIt, show as put } from '../base/shown';
import type { EmbedWords } from './embedwords';

export interface CardText {
  readonly title: string;
  readonly text: string;
  /** To be typed or written somewhere as it stands; null for none. */
  readonly line: string | null;
  /** Whether trying again may help now. */
  readonly again: boolean;
}

/** A small card in the place of the stage: what is wrong, and what to do about it. */
export interface Card {
  readonly element: HTMLElement;
  /** null takes it away. What the user has closed stays closed until another text comes. */
  show(text: CardText | null): void;
}

const copiedFor = 2_000;

export function createCard(words: EmbedWords, onAgain: () => void): Card {
  const title = make('strong', { className: 'card-title' });
  const text = make('p', { className: 'card-text' });
  const code = make('code');
  const copy = make('button', { type: 'button', className: 'text-button card-copy', onclick: () => void copyLine() });
  const line = make('div', { className: 'card-line' }, code, copy);
  const again = make('button', { type: 'button', className: 'button card-again', onclick: onAgain });
  const close = make('button', { type: 'button', className: 'card-close', onclick: () => (element.hidden = true) }, '×');
  const element = make(
    'div', { className: 'card', role: 'status', hidden: true, data: { testid: 'card' } }, close, title, text, line, again,
  );
  let shown = '';

  const copyLine = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      put(copy, words('copied'));
    } catch {
      // The page's rules, or its address, forbid it: the user copies by hand.
      getSelection()?.selectAllChildren(code);
      put(copy, words('copyFailed'));
    }
    setTimeout(() => put(copy, words('copy')), copiedFor);
  };

  return {
    element,
    show(next) {
      const said = next === null ? '' : JSON.stringify(next);
      if (said === shown) return;
      shown = said;
      element.hidden = next === null;
      if (next === null) return;
      put(title, next.title);
      put(text, next.text);
      put(code, next.line ?? '');
      line.hidden = next.line === null;
      again.hidden = !next.again;
      put(again, words('again'));
      put(copy, words('copy'));
      nameIt(close, words('close'));
      hintAt(close, words('close'));
    },
  };
}
