import { make, outcome, tell } from '../base/elements';
import type { Language } from '../base/languages';
import type { AddingState } from './adding';
import { reasonOf, type Context, type Told } from './context';
import { chosen } from './gathering';
import type { Gathered } from './parcels';

/** Live2D's own page with the licence of the Core, in the user's language. */
const licences: Readonly<Record<Language, string>> = { en: 'en', zh: 'cn', ja: 'jp' };
export const licenceAt = (language: Language): string =>
  `https://www.live2d.com/eula/live2d-proprietary-software-license-agreement_${licences[language]}.html`;

export interface CoreDialogOptions {
  readonly context: Context;
  /** Takes the file that the user has. */
  readonly take: (files: readonly Gathered[]) => void;
  /** The hub has got the Core. */
  readonly onFetched: () => void;
}

/** Asks for the program that models need. It says whose it is before anything is fetched. */
export interface CoreDialog {
  /** `go` is done once the program is there. */
  ask(kind: 'cubism' | 'cubism2', go: () => void): void;
  /** The program has come on this way or another. */
  came(kind: 'cubism' | 'cubism2'): void;
  /** How far the file is that the user has chosen, and what came of it: the panel that tells it lies behind. */
  follow(state: AddingState): void;
  close(): void;
}

/** What is to be told in the question for a Core: a file that is none, or the Core of the other kind, answers nothing. */
export function newsOf({ busy, notices }: AddingState): { readonly text: Told; readonly state: 'busy' | 'bad' } | null {
  if (busy !== null) return { text: { key: 'add.reading' }, state: 'busy' };
  const last = notices.at(-1);
  return last === undefined || last.kind === 'model' ? null : { text: last.text, state: 'bad' };
}

interface Asked {
  readonly dialog: HTMLDialogElement;
  readonly kind: 'cubism' | 'cubism2';
  readonly go: () => void;
  readonly told: HTMLElement;
  /** The user has chosen a file. */
  took: boolean;
}

export function startCoreDialog({ context, take, onFetched }: CoreDialogOptions): CoreDialog {
  const { words, language, models } = context;
  let asked: Asked | null = null;

  const close = (): void => {
    const was = asked;
    asked = null;
    was?.dialog.close();
    was?.dialog.remove();
  };

  const came = (kind: 'cubism' | 'cubism2'): void => {
    if (asked?.kind !== kind) return;
    const { go } = asked;
    close();
    go();
  };

  const fetchCore = async (button: HTMLButtonElement, told: HTMLElement): Promise<void> => {
    button.disabled = true;
    tell(told, words('core.fetching'), 'busy');
    try {
      await models.fetchCore();
    } catch (error) {
      tell(told, words('core.refused', { reason: reasonOf(error, words) }), 'bad');
      button.disabled = false;
      button.focus();
      return;
    }
    onFetched();
    came('cubism');
  };

  const build = (kind: 'cubism' | 'cubism2', told: HTMLElement): HTMLDialogElement => {
    const two = kind === 'cubism2';
    const heading = make('h3', { id: 'core-title' }, words(two ? 'core.head2' : 'core.head'));
    const licence = make('a', { href: licenceAt(language()), target: '_blank', rel: 'noopener noreferrer' }, words('core.licence'));
    const file = make('input', { type: 'file', accept: '.js,text/javascript', hidden: true });
    const own = make('button', { type: 'button', className: two ? 'button' : 'button plain' }, words('core.own'));
    const later = make('button', { type: 'button', className: 'text-button' }, words('core.later'));
    const get = make('button', { type: 'button', className: 'button' }, words('core.fetch'));
    own.addEventListener('click', () => file.click());
    file.addEventListener('change', () => {
      const files = chosen(file.files ?? []);
      file.value = '';
      if (files.length === 0) return;
      if (asked !== null) asked.took = true;
      take(files);
    });
    later.addEventListener('click', close);
    get.addEventListener('click', () => void fetchCore(get, told));
    const parts = two
      ? [make('p', {}, words('core.text2')), told, file, make('div', { className: 'dialog-acts' }, own, later)]
      : [
        make('p', {}, words('core.text')), make('p', {}, licence), make('p', { className: 'quiet' }, words('core.fetchNote')),
        make('p', { className: 'quiet' }, words('core.ownNote')), told, file, make('div', { className: 'dialog-acts' }, get, own, later),
      ];
    const dialog = make('dialog', { className: 'core-dialog', data: { testid: 'core-dialog' } }, heading, ...parts);
    dialog.setAttribute('aria-labelledby', heading.id);
    // Escape ends the question, not the panel behind it too.
    dialog.addEventListener('keydown', (event) => event.stopPropagation());
    dialog.addEventListener('close', () => asked?.dialog === dialog && close());
    return dialog;
  };

  return {
    ask(kind, go) {
      close();
      const told = outcome();
      const dialog = build(kind, told);
      asked = { dialog, kind, go, told, took: false };
      document.body.append(dialog);
      dialog.showModal();
    },
    came, close,
    follow(state) {
      const news = asked?.took === true ? newsOf(state) : null;
      if (asked !== null && news !== null) tell(asked.told, words(news.text.key, news.text.values), news.state);
    },
  };
}
