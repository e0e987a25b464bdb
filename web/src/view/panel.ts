export interface Panel {
  readonly isOpen: boolean;
  /** With `quietly` the keyboard focus stays where it is. */
  open(how?: 'quietly'): void;
  close(): void;
  stop(): void;
}

/**
 * A panel that a button opens and closes; Escape and the panel's own button close it. Closed panels stay in the document,
 * out of reach of keyboard and screen reader.
 */
export function startPanel(panel: HTMLElement, button: HTMLButtonElement, onClose: () => void = () => {}): Panel {
  const closer = panel.querySelector<HTMLButtonElement>('.panel-close')!;
  const ends = new AbortController();
  const isOpen = (): boolean => !panel.inert;

  const set = (open: boolean): void => {
    panel.inert = !open;
    panel.dataset['state'] = open ? 'open' : 'closed';
    button.setAttribute('aria-expanded', String(open));
  };

  const open = (how?: 'quietly'): void => {
    if (isOpen()) return;
    set(true);
    if (how === undefined) closer.focus();
  };

  const close = (): void => {
    if (!isOpen()) return;
    const hadFocus = panel.contains(document.activeElement);
    set(false);
    if (hadFocus) button.focus();
    onClose();
  };

  button.addEventListener('click', () => (isOpen() ? close() : open()), { signal: ends.signal });
  closer.addEventListener('click', close, { signal: ends.signal });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  }, { signal: ends.signal });

  return {
    get isOpen() {
      return isOpen();
    },
    open,
    close,
    stop: () => ends.abort(),
  };
}
