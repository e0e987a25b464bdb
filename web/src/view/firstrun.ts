import './styles/firstrun.css';
import { label, textsOf, type I18n } from '../base/i18n';
import type { FirstRunTexts } from '../base/locales/en/firstrun';
import { hintAt, show } from '../base/shown';
import { snippet, socketAddress, socketLine, type SnippetName, type SnippetTarget } from './snippets';

type Key = keyof FirstRunTexts;

const copiedFor = 2_000;

interface Tab {
  readonly button: HTMLButtonElement;
  readonly name: SnippetName;
  readonly how: Key;
}

export interface FirstRunOptions {
  readonly panel: HTMLElement;
  readonly i18n: I18n;
  readonly target: Omit<SnippetTarget, 'hello'>;
  readonly windows: boolean;
  /** Rejects where the browser refuses. */
  readonly copy: (text: string) => Promise<void>;
  readonly after: (ms: number, call: () => void) => () => void;
}

/** Shows how to send a first message. */
export function startFirstRun({ panel, i18n, target, windows, copy, after }: FirstRunOptions): void {
  const words = textsOf(
    i18n.language, import.meta.glob<FirstRunTexts>('../base/locales/*/firstrun.ts', { eager: true, import: 'firstrun' }),
  );
  const find = <E extends HTMLElement>(selector: string): E => panel.querySelector<E>(selector)!;
  const tabs: readonly Tab[] = [
    windows
      ? { button: find('#tab-shell'), name: 'powershell', how: 'runPowerShell' }
      : { button: find('#tab-shell'), name: 'curl', how: 'runCurl' },
    { button: find('#tab-python'), name: 'python', how: 'runPython' },
    { button: find('#tab-csharp'), name: 'csharp', how: 'runCSharp' },
  ];
  const view = find('#snippet');
  const how = find('.how p');
  const code = find('pre code');
  const copier = find<HTMLButtonElement>('#copy');
  const address = find('#socket-address');
  let chosen = tabs[0]!;
  let cancelFeedback = (): void => {};

  const idle = (): void => {
    show(copier, words('copy'));
    delete copier.dataset['state'];
  };

  const draw = (): void => {
    const here: SnippetTarget = { ...target, hello: words('hello') };
    for (const tab of tabs) {
      tab.button.setAttribute('aria-selected', String(tab === chosen));
      tab.button.tabIndex = tab === chosen ? 0 : -1;
    }
    view.setAttribute('aria-labelledby', chosen.button.id);
    show(how, words(chosen.how, { python: windows ? 'python' : 'python3' }));
    show(code, snippet(chosen.name, here));
    show(address, socketAddress(here));
    hintAt(address, socketLine(here));
    cancelFeedback();
    idle();
  };

  const translate = (): void => {
    for (const element of panel.querySelectorAll<HTMLElement>('[data-help]')) show(element, words(element.dataset['help'] as Key));
    for (const element of panel.querySelectorAll<HTMLElement>('[data-help-label]')) {
      label(element, words(element.dataset['helpLabel'] as Key));
    }
    draw();
  };

  const choose = (tab: Tab): void => {
    chosen = tab;
    draw();
  };

  const step = (by: number): void => {
    choose(tabs[(tabs.indexOf(chosen) + by + tabs.length) % tabs.length]!);
    chosen.button.focus();
  };

  const say = (key: Key, state: string): void => {
    show(copier, words(key));
    copier.dataset['state'] = state;
    cancelFeedback();
    cancelFeedback = after(copiedFor, idle);
  };

  const copyCode = async (): Promise<void> => {
    try {
      await copy(code.textContent ?? '');
      say('copied', 'done');
    } catch {
      getSelection()?.selectAllChildren(code);
      say('copyFailed', 'failed');
    }
  };

  show(tabs[0]!.button, windows ? 'PowerShell' : 'curl');
  for (const tab of tabs) tab.button.addEventListener('click', () => choose(tab));
  find('[role=tablist]').addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by !== undefined) step(by);
  });
  copier.addEventListener('click', () => void copyCode());
  // As long as the page lives.
  i18n.watch(translate);
}
