import { clean } from './text';

/** Lets an element show a text, whoever wrote it. The same text is not set again: a screen reader would read it again. */
export function show(element: Element, text: string): void {
  const shown = clean(text);
  if (element.textContent !== shown) element.textContent = shown;
}

/** Gives an element a name for the screen reader, whoever wrote it. */
export const nameIt = (element: Element, name: string): void => element.setAttribute('aria-label', clean(name));

/** What an element tells when the pointer rests on it, whoever wrote it. */
export function hintAt(element: HTMLElement, text: string): void {
  element.title = clean(text);
}
