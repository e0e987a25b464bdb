import { nameIt, show } from './shown';
import { clean } from './text';

type Part = Node | string | null;

type Given<E> = Partial<Pick<E, Extract<keyof E, string>>> & { readonly data?: Readonly<Record<string, string>>; readonly label?: string };

/** What of an element users read. Its value goes back to where it came from, so that of a choice stays as it is. */
const read = new Set(['alt', 'download', 'placeholder', 'textContent', 'title']);
const written = new Set(['text', 'url', 'search']);

/** An element with what it holds. Texts become text, never markup, and are cleaned, wherever they come from. */
export function make<T extends keyof HTMLElementTagNameMap>(
  tag: T, given: Given<HTMLElementTagNameMap[T]> = {}, ...parts: readonly Part[]
): HTMLElementTagNameMap[T] {
  const { data, label, ...rest } = given;
  const isWritten = tag === 'textarea' || (tag === 'input' && written.has(String((rest as { type?: unknown }).type)));
  const shown = Object.entries(rest).map(([name, value]) =>
    [name, typeof value === 'string' && (read.has(name) || (isWritten && name === 'value')) ? clean(value) : value]);
  const element = Object.assign(document.createElement(tag), Object.fromEntries(shown));
  for (const [name, value] of Object.entries(data ?? {})) element.dataset[name] = value;
  if (label !== undefined) nameIt(element, label);
  element.append(...parts.filter((part) => part !== null).map((part) => (typeof part === 'string' ? clean(part) : part)));
  return element;
}

let names = 0;

/** A field with its label above it. */
export function field(text: string, input: HTMLElement): HTMLElement {
  input.id ||= `field-${++names}`;
  return make('div', { className: 'field' }, make('label', { htmlFor: input.id }, text), input);
}

/** A line that tells how something went, also to a screen reader. */
export const outcome = (): HTMLOutputElement => make('output', { className: 'outcome' });

export function tell(line: HTMLElement, text: string, state: 'busy' | 'good' | 'bad'): void {
  show(line, text);
  line.dataset['state'] = state;
}

/** Lets the browser save a text as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  make('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
