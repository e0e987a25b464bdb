import type { TextStorage } from '../base/storage';
import { startPanel } from './panel';

const stored = 'kotodama.greeted';

/** Where it would cover the place to write, it waits for whether a companion is there. */
const patience = 2_000;

/** The help on how to send a first message. */
export interface Help {
  /** A publisher has sent something: the panel has done its work and does not come back by itself. */
  note(): void;
  /** A companion is there: on a narrow screen the place to write has the room. */
  giveWay(): void;
  close(): void;
}

export interface HelpOptions {
  readonly panel: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly storage: TextStorage;
  /** Whether the panel covers the lower part of the page. */
  readonly narrow: Pick<MediaQueryList, 'matches'>;
  readonly after: (ms: number, call: () => void) => () => void;
  /** Fills the panel, which most visits never see. */
  readonly fill: (panel: HTMLElement) => Promise<void>;
}

/** Opens by itself until a first message has come or the user has closed it, and then whenever the user asks for it. */
export function startHelp({ panel, button, storage, narrow, after, fill }: HelpOptions): Help {
  let filling: Promise<void> | null = null;
  let opens = storage.read(stored) === null;
  let cancelOpening = (): void => {};

  const filled = async (): Promise<boolean> => {
    try {
      await (filling ??= fill(panel));
      return true;
    } catch {
      // A server of another version has other files: the next use is another attempt.
      filling = null;
      return false;
    }
  };

  const done = (): void => storage.write(stored, 'yes');

  const open = async (): Promise<void> => {
    if (opens && await filled() && opens) drawer.open('quietly');
  };

  const drawer = startPanel(panel, button, done);
  const close = (): void => {
    opens = false;
    cancelOpening();
    drawer.close();
  };

  button.addEventListener('click', () => {
    if (drawer.isOpen) void filled().then((is) => is || drawer.close());
  });
  if (narrow.matches) cancelOpening = after(patience, () => void open());
  else void open();

  return {
    note() {
      done();
      close();
    },
    giveWay() {
      if (narrow.matches) close();
    },
    close,
  };
}
