import type { I18n } from '../base/i18n';
import type { Metrics } from '../protocol/talk';
import { startPanel } from '../view/panel';
import type { Asks } from './asks';

const metricsLimit = 8;

/** What the settings are given. */
interface Context {
  readonly panel: HTMLElement;
  readonly i18n: I18n;
  readonly asks: Asks;
  readonly metrics: () => readonly Metrics[];
  readonly change: () => () => void;
}

/** The settings, as far as the conversation calls them. */
interface Settings {
  open(): void;
  measured(): void;
}

/** Fetches what starts the settings; the settings know the conversation, so it cannot import them. */
export type LoadSettings = () => Promise<(context: Context) => Settings>;

export interface SettingsSlotOptions extends Pick<Context, 'i18n' | 'asks' | 'change'> {
  readonly panel: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly load: LoadSettings;
  /** The panel opens, where something else may be in its place. */
  readonly onOpen: () => void;
}

export interface SettingsSlot {
  open(): void;
  close(): void;
  /** Another exchange was measured. */
  measured(metrics: Metrics): void;
  stop(): void;
}

/** The place of the settings: a button and a panel, filled when it is opened for the first time. */
export function startSettingsSlot({ panel: element, button, load, onOpen, ...context }: SettingsSlotOptions): SettingsSlot {
  const panel = startPanel(element, button);
  const ends = new AbortController();
  let metrics: readonly Metrics[] = [];
  let settings: Promise<Settings> | null = null;

  const fill = async (): Promise<void> => {
    onOpen();
    settings ??= load().then((start) => start({ ...context, panel: element, metrics: () => metrics }));
    try {
      (await settings).open();
    } catch {
      // A server of another version has other files: opening it again is another attempt.
      settings = null;
      panel.close();
    }
  };

  button.addEventListener('click', () => panel.isOpen && void fill(), { signal: ends.signal });

  return {
    open() {
      panel.open();
      void fill();
    },
    close: panel.close,
    measured(message) {
      metrics = [...metrics.filter(({ turn }) => turn !== message.turn), message].slice(-metricsLimit);
      void settings?.then((shown) => shown.measured());
    },
    stop() {
      ends.abort();
      panel.stop();
    },
  };
}
