import type { I18n, PageKey } from '../base/i18n';
import { startLazy } from '../base/lazy';
import { hintAt, show } from '../base/shown';
import type { TextStorage } from '../base/storage';
import { startPanel } from './panel';
import type { SnippetName, SnippetTarget } from './snippets';

const stored = 'kotodama.greeted';
const copiedFor = 2_000;

/** Where it would cover the place to write, it waits for whether a companion is there. */
const patience = 2_000;

interface Tab {
  readonly button: HTMLButtonElement;
  readonly name: SnippetName;
  readonly how: PageKey;
}

export interface FirstRun {
  /** A publisher has sent something: the panel has done its work and does not come back by itself. */
  note(): void;
  /** A companion is there: on a narrow screen the place to write has the room. */
  giveWay(): void;
  close(): void;
  stop(): void;
}

export interface FirstRunOptions {
  readonly panel: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly i18n: I18n;
  readonly storage: TextStorage;
  readonly target: Omit<SnippetTarget, 'hello'>;
  readonly windows: boolean;
  /** Whether the panel covers the lower part of the page. */
  readonly narrow: Pick<MediaQueryList, 'matches'>;
  /** Rejects where the browser refuses. */
  readonly copy: (text: string) => Promise<void>;
  readonly after: (ms: number, call: () => void) => () => void;
}

/** Shows how to send a first message, until one has come. */
export function startFirstRun({ panel, button, i18n, storage, target, windows, narrow, copy, after }: FirstRunOptions): FirstRun {
  const find = <E extends HTMLElement>(selector: string): E => panel.querySelector<E>(selector)!;
  const tabs: readonly Tab[] = [
    windows
      ? { button: find('#tab-shell'), name: 'powershell', how: 'help.runPowerShell' }
      : { button: find('#tab-shell'), name: 'curl', how: 'help.runCurl' },
    { button: find('#tab-python'), name: 'python', how: 'help.runPython' },
    { button: find('#tab-csharp'), name: 'csharp', how: 'help.runCSharp' },
  ];
  const view = find('#snippet');
  const how = find('.how p');
  const code = find('pre code');
  const copier = find<HTMLButtonElement>('#copy');
  const address = find('#socket-address');
  const ends = new AbortController();
  let chosen = tabs[0]!;
  let cancelFeedback = (): void => {};
  let cancelOpening = (): void => {};

  const idle = (): void => {
    copier.textContent = i18n.text('help.copy');
    delete copier.dataset['state'];
  };

  // Most visits never see the panel.
  const snippets = startLazy(() => import('./snippets'), () => draw());

  const draw = (): void => {
    const here: SnippetTarget = { ...target, hello: i18n.text('help.hello') };
    for (const tab of tabs) {
      tab.button.setAttribute('aria-selected', String(tab === chosen));
      tab.button.tabIndex = tab === chosen ? 0 : -1;
    }
    view.setAttribute('aria-labelledby', chosen.button.id);
    how.textContent = i18n.text(chosen.how, { python: windows ? 'python' : 'python3' });
    const part = snippets.part();
    if (part !== null) {
      show(code, part.snippet(chosen.name, here));
      show(address, part.socketAddress(here));
      hintAt(address, part.socketLine(here));
    }
    cancelFeedback();
    idle();
  };

  const choose = (tab: Tab): void => {
    chosen = tab;
    draw();
  };

  const step = (by: number): void => {
    choose(tabs[(tabs.indexOf(chosen) + by + tabs.length) % tabs.length]!);
    chosen.button.focus();
  };

  const say = (key: PageKey, state: string): void => {
    copier.textContent = i18n.text(key);
    copier.dataset['state'] = state;
    cancelFeedback();
    cancelFeedback = after(copiedFor, idle);
  };

  const copyCode = async (): Promise<void> => {
    try {
      await copy(code.textContent ?? '');
      say('help.copied', 'done');
    } catch {
      getSelection()?.selectAllChildren(code);
      say('help.copyFailed', 'failed');
    }
  };

  show(tabs[0]!.button, windows ? 'PowerShell' : 'curl');
  for (const tab of tabs) tab.button.addEventListener('click', () => choose(tab), { signal: ends.signal });
  find('[role=tablist]').addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by !== undefined) step(by);
  }, { signal: ends.signal });
  copier.addEventListener('click', () => void copyCode(), { signal: ends.signal });

  const unlisten = i18n.watch(draw);
  const open = (): void => {
    snippets.fetch();
    drawer.open('quietly');
  };
  button.addEventListener('click', snippets.fetch, { signal: ends.signal });
  const drawer = startPanel(panel, button, () => storage.write(stored, 'yes'));
  const close = (): void => {
    cancelOpening();
    drawer.close();
  };
  if (storage.read(stored) === null) {
    if (narrow.matches) cancelOpening = after(patience, () => storage.read(stored) === null && open());
    else open();
  }

  return {
    note() {
      storage.write(stored, 'yes');
      close();
    },
    giveWay() {
      if (narrow.matches) close();
    },
    close,
    stop() {
      ends.abort();
      cancelFeedback();
      cancelOpening();
      unlisten();
      drawer.stop();
    },
  };
}
