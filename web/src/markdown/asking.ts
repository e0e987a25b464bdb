import { show } from '../base/shown';
import type { MarkdownWords } from './markdownwords';

/** Asks before it opens an address that a reply names. */
export interface Asking {
  ask(address: string): void;
  stop(): void;
}

/** @param place Where the question is put. @param open Opens an address once the user agrees. */
export function startAsking(place: ParentNode, words: MarkdownWords, open: (address: string) => void): Asking {
  let dialog: HTMLDialogElement | null = null;

  const line = (tag: 'h2' | 'p', className: string, text: string): HTMLElement => {
    const made = document.createElement(tag);
    made.className = className;
    show(made, text);
    return made;
  };

  const button = (className: string, text: string, act: () => void): HTMLButtonElement => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = className;
    show(made, text);
    made.addEventListener('click', act);
    return made;
  };

  const close = (): void => dialog?.close();

  return {
    ask(address) {
      const { href, host } = new URL(address);
      dialog?.remove();
      dialog = document.createElement('dialog');
      dialog.className = 'asking';
      dialog.dataset['testid'] = 'link-question';
      const title = line('h2', 'asking-title', words('ask.title'));
      title.id = 'asking-title';
      const whole = line('p', 'asking-address', href);
      whole.id = 'asking-address';
      dialog.setAttribute('aria-labelledby', title.id);
      dialog.setAttribute('aria-describedby', whole.id);
      const answers = document.createElement('div');
      answers.className = 'asking-answers';
      const agree = button('button', words('ask.open'), () => {
        close();
        open(href);
      });
      answers.append(button('text-button', words('ask.cancel'), close), agree);
      // Who runs the site stands apart: an address can be made to look like that of another one.
      dialog.append(title, line('p', 'asking-host', host), whole, line('p', 'asking-note', words('ask.note')), answers);
      dialog.addEventListener('click', (event) => {
        if (event.target === dialog) close();
      });
      place.append(dialog);
      dialog.showModal();
    },
    stop() {
      dialog?.remove();
      dialog = null;
    },
  };
}
