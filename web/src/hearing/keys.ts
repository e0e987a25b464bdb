export interface KeysOptions {
  readonly page: Document;
  /** The one button on which the space bar talks too. */
  readonly button: HTMLElement;
  /** Whether the space bar means anything now. */
  readonly wanted: () => boolean;
  readonly down: () => void;
  readonly up: () => void;
  /** The page has lost the keyboard: the release of a key would never come. */
  readonly away: () => void;
}

/** Whatever does something of its own with a space. */
const others =
  'input, textarea, select, button, summary, a[href], audio, video, [contenteditable], [tabindex], [role="tab"], [role="option"]';

/** The space bar as a button to hold, wherever it does not write or press something else. */
export function startKeys({ page, button, wanted, down, up, away }: KeysOptions): () => void {
  const ends = new AbortController();

  const isFree = ({ target }: Event): boolean => target === button || !(target instanceof Element) || target.closest(others) === null;

  page.addEventListener('keydown', (event) => {
    if (event.key !== ' ' || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (!wanted() || !isFree(event)) return;
    event.preventDefault();
    if (!event.repeat) down();
  }, { signal: ends.signal });
  page.addEventListener('keyup', (event) => {
    if (event.key !== ' ') return;
    // On the button a space would click as it comes up.
    if (event.target === button && wanted()) event.preventDefault();
    up();
  }, { signal: ends.signal });
  page.defaultView?.addEventListener('blur', away, { signal: ends.signal });
  return () => ends.abort();
}
