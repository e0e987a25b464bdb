const made = new Map<string, CSSStyleSheet>();

/**
 * Gives a shadow root one of our texts of styles. They measure in `rem`, which on a page of others is that page's: there they measure in a
 * unit of our own, `--rem`. A sheet that is made by script needs no permission of the page's Content-Security-Policy, and all elements of a
 * page share it.
 */
export function adopt(root: ShadowRoot, text: string): void {
  const sheet = made.get(text) ?? new CSSStyleSheet();
  if (!made.has(text)) {
    sheet.replaceSync(inOwnUnit(text));
    made.set(text, sheet);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

export const inOwnUnit = (text: string): string => text.replaceAll(/(?<![\w.#-])(-?(?:\d*\.)?\d+)rem\b/g, 'calc($1*var(--rem))');
