export interface KeyboardOptions {
  readonly host: HTMLElement;
  readonly signal: AbortSignal;
  readonly arranging: { on(): boolean; set(on: boolean): void };
  readonly tap: () => void;
}

/** The character as something that has the keyboard: Enter and the space bar tap it, with Shift Enter begins the placing. */
export function startKeyboard({ host, signal, arranging, tap }: KeyboardOptions): void {
  host.tabIndex = 0;
  host.setAttribute('role', 'button');
  host.addEventListener('keydown', (event) => {
    const { key } = event;
    if ((key !== 'Enter' && key !== ' ') || event.repeat || event.ctrlKey || event.altKey || event.metaKey || arranging.on()) return;
    event.preventDefault();
    // The same key ends the placing: it has done enough.
    event.stopPropagation();
    if (event.shiftKey && key === 'Enter') arranging.set(true);
    else tap();
  }, { signal });
  // Screen readers press buttons without a key and without a pointer, which has been here already.
  host.addEventListener('click', ({ detail }) => {
    if (detail === 0 && !arranging.on()) tap();
  }, { signal });
}
