import { startPanel, type Panel } from './panel';

/** The panel for phones, as far as its place on the page calls it. */
interface Phone {
  /** The panel was opened: an invitation is asked for anew. */
  open(): void;
}

/** The place of the panel for phones: a button, which only a page of this machine has, and a panel that is filled when it opens. */
export function startPhoneSlot(page: Document, load: (panel: HTMLElement) => Promise<Phone>): Panel {
  const button = page.querySelector<HTMLButtonElement>('#phone-button')!;
  const element = page.querySelector<HTMLElement>('#phone')!;
  const panel = startPanel(element, button);
  let phone: Promise<Phone> | null = null;

  const open = async (): Promise<void> => {
    try {
      (await (phone ??= load(element))).open();
    } catch {
      // A server of another version has other files: the next use is another attempt.
      phone = null;
      panel.close();
    }
  };

  button.hidden = false;
  button.addEventListener('click', () => panel.isOpen && void open());
  return panel;
}
