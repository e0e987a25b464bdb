import { startPanel } from './panel';

/** The panel of the avatars, as far as its place on the page calls it. */
interface Wardrobe {
  /** The panel was opened: everything is asked for anew. */
  open(): void;
  closed(): void;
  /** The user drags files over the page, or does so no more. */
  dragged(over: boolean): void;
  /** The user dropped these onto the page. */
  dropped(entries: readonly FileSystemEntry[]): void;
}

export interface WardrobeSlot {
  close(): void;
}

/**
 * The place of the avatar panel: a button, a panel that is filled when it is opened for the first time, and the whole page as the target
 * of dropped files. `load` gets what starts it; `onOpen`: something else may be in its place.
 */
export function startWardrobeSlot(page: Document, load: (panel: HTMLElement) => Promise<Wardrobe>, onOpen: () => void): WardrobeSlot {
  const element = page.querySelector<HTMLElement>('#wardrobe')!;
  const button = page.querySelector<HTMLButtonElement>('#avatar-button')!;
  let wardrobe: Promise<Wardrobe> | null = null;

  const panel = startPanel(element, button, () => void wardrobe?.then((loaded) => loaded.closed()));

  const use = async (act: (loaded: Wardrobe) => void): Promise<void> => {
    wardrobe ??= load(element);
    try {
      act(await wardrobe);
    } catch {
      // A server of another version has other files: the next use is another attempt.
      wardrobe = null;
      panel.close();
    }
  };

  const open = (): void => {
    onOpen();
    void use((loaded) => loaded.open());
  };

  const onFiles = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent, data: DataTransfer) => void): void =>
    page.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      // Else the browser opens the file in the place of the page.
      event.preventDefault();
      act(event, event.dataTransfer);
    });

  button.addEventListener('click', () => panel.isOpen && open());
  onFiles('dragenter', () => void use((loaded) => loaded.dragged(true)));
  onFiles('dragover', (_, data) => {
    data.dropEffect = 'copy';
  });
  onFiles('dragleave', ({ relatedTarget }) => relatedTarget === null && void use((loaded) => loaded.dragged(false)));
  onFiles('drop', (_, data) => {
    // Only now: later the list is empty.
    const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
    panel.open('quietly');
    onOpen();
    void use((loaded) => {
      loaded.dragged(false);
      loaded.dropped(entries);
    });
  });

  return { close: panel.close };
}
