import type { Address } from '../base/address';
import type { Clock } from '../base/clock';
import type { I18n } from '../base/i18n';
import { startLazy } from '../base/lazy';
import type { TextStorage } from '../base/storage';
import type { Exchanged } from '../link/exchange';
import type { Connection } from '../link/socket';
import type { Markdown } from '../markdown/markdown';
import type { Store } from '../scene/store';
import type { SpokenWord } from '../speaking/lips';
import { startAnnouncer } from './announcer';
import { startBubble } from './bubble';
import { startConnectionView } from './connection';
import { startFormatting, type Formatting } from './formatting';
import { startHelp, type Help } from './help';
import { startLanguagePicker } from './languagepicker';
import { startPanel } from './panel';
import { startStatus } from './status';
import { startSubtitles } from './subtitles';
import { startTheme } from './theme';
import { startWords } from './words';

export interface ViewOptions {
  readonly page: Document;
  readonly address: Address;
  readonly i18n: I18n;
  /** Remembers what the user chose, beyond this visit. */
  readonly storage: TextStorage;
  readonly store: Store;
  readonly clock: Clock;
  /** Loads the part that reads Markdown. */
  readonly loadMarkdown: () => Promise<Markdown>;
  /** The user wants a connection now. */
  readonly retry: () => void;
  /** The user gives a token. */
  readonly signIn: (token: string) => Promise<Exchanged>;
}

export interface View {
  readonly help: Help;
  readonly formatting: Formatting;
  changed(connection: Connection): void;
  /** The word that is spoken now. */
  showWord(word: SpokenWord | null): void;
}

/** Everything that shows the scene and the connection, but for the character. */
export function startView({ page, address, i18n, storage, store, clock, loadMarkdown, retry, signIn }: ViewOptions): View {
  const find = <E extends HTMLElement>(selector: string): E => page.querySelector<E>(selector)!;
  startLanguagePicker(find<HTMLSelectElement>('#language'), i18n);
  startTheme({
    button: find<HTMLButtonElement>('#theme-button'), root: page.documentElement, i18n, storage,
    systemDark: matchMedia('(prefers-color-scheme: dark)'), fixed: address.theme,
  });
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const formatting = startFormatting(loadMarkdown, storage, address.markdown);
  const scroller = find('.bubble-text');
  const words = startWords(scroller, formatting);
  startBubble(find('.bubble'), scroller, words, formatting, store, still);
  const subtitles = startSubtitles(scroller, words, formatting, store, still);
  startStatus(find('.status'), store);
  startAnnouncer(find('#announce-reply'), find('#announce-status'), formatting, store);
  // Until something was said, the panel stands as the page brings it.
  const list = startLazy(async () => (
    (await import('./historypanel')).startHistoryPanel(find('#history'), find<HTMLButtonElement>('#history-clear'), store, i18n, formatting)
  ), () => {});
  store.watch(({ history, missed }) => {
    if (history.length > 0 || missed) list.fetch();
  });
  startPanel(find('#history'), find<HTMLButtonElement>('#history-button'));
  const connection = startConnectionView(find('.pill'), find('.banner'), i18n, retry, signIn);
  const help = startHelp({
    panel: find('#first-run'), button: find<HTMLButtonElement>('#help-button'), storage,
    narrow: matchMedia('(max-aspect-ratio: 11/10)'), after: clock.after,
    fill: async (panel) => (await import('./firstrun')).startFirstRun({
      panel, i18n, target: address, windows: navigator.userAgent.includes('Windows'),
      copy: (text) => navigator.clipboard.writeText(text), after: clock.after,
    }),
  });
  return { help, formatting, changed: connection.show, showWord: subtitles.show };
}
