import type { TextStorage } from '../base/storage';
import type { TurnState } from '../protocol/talk';
import { nothingSent, readSent, recalled, sentAlso, strokeOf } from './composing';
import { isStoppable, startComposerView, type Composing } from './composerview';
import type { TalkWords } from './talkwords';

export interface ComposerOptions {
  readonly form: HTMLFormElement;
  readonly words: TalkWords;
  /** Keeps the unsent text over a reload. */
  readonly storage: TextStorage;
  readonly channel: string;
  /** Longest text in characters. */
  readonly longest: () => number;
  /** Returns false when there is no connection. */
  readonly send: (text: string) => boolean;
  readonly cancel: () => void;
}

export interface Composer {
  /** The companion that the user talks with; null: none is there. */
  meet(name: string | null): void;
  connection(online: boolean): void;
  turn(state: TurnState): void;
  /** The language of the page is another one. */
  draw(): void;
  stop(): void;
}

/** The place to write to the companion. */
export function startComposer({ form, words, storage, channel, longest, send, cancel }: ComposerOptions): Composer {
  const view = startComposerView(form, words);
  const { text, stopper } = view;
  const draftName = `kotodama.draft.${channel}`;
  const sentName = `kotodama.sent.${channel}`;
  const ends = new AbortController();
  const { signal } = ends;
  let sent = readSent(storage.read(sentName)) ?? nothingSent;
  let composing: Composing = { name: null, online: true, refused: false, state: 'idle' };

  const draw = (): void => view.draw(composing, longest());

  const become = (change: Partial<Composing>): void => {
    composing = { ...composing, ...change };
    draw();
  };

  const write = (value: string): void => {
    text.value = value;
    storage.write(draftName, value);
    draw();
  };

  const submit = (): void => {
    const content = text.value.trim();
    if (content === '' || content.length > longest()) return;
    const refused = !send(content);
    if (refused) return become({ refused });
    composing = { ...composing, refused };
    sent = sentAlso(sent, content);
    storage.write(sentName, JSON.stringify(sent.texts));
    write('');
    text.focus();
  };

  const recall = (which: 'older' | 'newer'): void => {
    const next = recalled(sent, which);
    sent = next.sent;
    write(next.text);
    text.setSelectionRange(next.text.length, next.text.length);
  };

  text.addEventListener('input', () => {
    sent = { ...sent, shown: -1 };
    write(text.value);
  }, { signal });
  text.addEventListener('keydown', (event) => {
    const stroke = strokeOf(event, { text: text.value, start: text.selectionStart, end: text.selectionEnd }, sent.shown >= 0);
    if (stroke === 'write' || stroke === 'stop') return;
    event.preventDefault();
    if (stroke === 'send') submit();
    else recall(stroke);
  }, { signal });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // Enter in a field of the microphone's options sends nothing.
    if (document.activeElement === text || event.submitter === document.activeElement) submit();
  }, { signal });
  stopper.addEventListener('click', () => {
    cancel();
    text.focus();
  }, { signal });
  // Before a panel that is open takes it: then Escape closes that and nothing else.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229 || !isStoppable(composing)) return;
    if (document.querySelector('.panel[data-state="open"], .ear-menu:not([hidden])') === null) cancel();
  }, { signal, capture: true });

  text.value = storage.read(draftName) ?? '';

  return {
    meet(name) {
      form.hidden = name === null;
      become({ name });
    },
    connection: (online) => become({ online, refused: composing.refused && !online }),
    turn(state) {
      if (state === composing.state) return;
      const hadFocus = document.activeElement === stopper;
      become({ state });
      if (hadFocus && stopper.hidden) text.focus();
    },
    draw,
    stop() {
      ends.abort();
      view.stop();
    },
  };
}
