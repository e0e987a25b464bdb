/** An element of a class with what it holds. Texts become text, never markup. */
export function made<T extends keyof HTMLElementTagNameMap>(
  page: Document, tag: T, className: string, ...parts: readonly (Node | string)[]
): HTMLElementTagNameMap[T] {
  const element = page.createElement(tag);
  element.className = className;
  element.append(...parts);
  return element;
}

/** A button that does something when it is pressed. */
export function button(page: Document, className: string, onPress: () => void): HTMLButtonElement {
  const element = made(page, 'button', className);
  element.type = 'button';
  element.addEventListener('click', onPress);
  return element;
}
