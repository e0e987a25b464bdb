import { startPanel, type Panel } from './panel';

/** The panel of the avatars, as far as its place on the page calls it. */
interface Wardrobe {
  /** The panel was opened: everything is asked for anew. */
  open(): void;
  closed(): void;
  /** Files are dragged over the page: null, or what was dropped. */
  dragged(entries: readonly FileSystemEntry[] | null): void;
}

/**
 * The place of the avatar panel: a button, a panel that is filled when it is opened for the first time, and the whole page as the target
 * of dropped files.
 */
export function startWardrobeSlot(page: Document, load: (panel: Panel) => Promise<Wardrobe>): Panel {
  const button = page.querySelector<HTMLButtonElement>('#avatar-button')!;
  let wardrobe: Promise<Wardrobe> | null = null;
  let isOver = false;

  const panel = startPanel(page.querySelector<HTMLElement>('#wardrobe')!, button, () => void wardrobe?.then((loaded) => loaded.closed()));

  const use = async (act: (loaded: Wardrobe) => unknown): Promise<void> => {
    try {
      act(await (wardrobe ??= load(panel)));
    } catch {
      // A server of another version has other files: the next use is another attempt.
      wardrobe = null;
      panel.close();
    }
  };

  button.addEventListener('click', () => panel.isOpen && void use((loaded) => loaded.open()));
  for (const type of ['dragenter', 'dragover', 'drop'] as const) {
    page.addEventListener(type, (event) => {
      const data = event.dataTransfer;
      if (!data?.types.includes('Files')) return;
      // Else the browser opens the file in the place of the page.
      event.preventDefault();
      if (type === 'dragover') return;
      isOver = type === 'dragenter';
      // Later the list is empty.
      const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
      // Before the panel has come the files may have left the page.
      void use((loaded) => (type === 'drop' || isOver) && loaded.dragged(type === 'drop' ? entries : null));
    });
  }
  page.addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) isOver = false;
  });

  return panel;
}
