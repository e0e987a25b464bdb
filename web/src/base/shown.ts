import { clean } from './text';

/** Lets an element show a text, wherever it comes from. The same text is not set again: a screen reader would read it again. */
export function show(element: Element, text: string): void {
  const shown = clean(text);
  if (element.textContent !== shown) element.textContent = shown;
}

/** Gives an element a name for the screen reader, wherever it comes from. */
export const nameIt = (element: Element, name: string): void => element.setAttribute('aria-label', clean(name));

/** What an element tells when the pointer rests on it, wherever it comes from. */
export function hintAt(element: HTMLElement, text: string): void {
  element.title = clean(text);
}
