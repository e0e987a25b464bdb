import { label } from '../base/i18n';
import type { TextStorage } from '../base/storage';
import type { TurnState } from '../protocol/talk';
import { nothingSent, readSent, recalled, roomIn, sentAlso, strokeOf } from './composing';
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
  /** Whom one talks with; null: nobody is there. */
  meet(name: string | null): void;
  connection(online: boolean): void;
  turn(state: TurnState): void;
  /** The language of the page is another one. */
  draw(): void;
  stop(): void;
}

const stoppable: ReadonlySet<TurnState> = new Set(['transcribing', 'thinking', 'speaking']);

/** The place to write to the companion. */
export function startComposer({ form, words, storage, channel, longest, send, cancel }: ComposerOptions): Composer {
  const text = form.querySelector<HTMLTextAreaElement>('#composer-text')!;
  const sender = form.querySelector<HTMLButtonElement>('#composer-send')!;
  const stopper = form.querySelector<HTMLButtonElement>('#composer-stop')!;
  const note = form.querySelector<HTMLElement>('.composer-note')!;
  const card = form.querySelector<HTMLElement>('.composer-card')!;
  const root = document.documentElement;
  const draftName = `kotodama.draft.${channel}`;
  const sentName = `kotodama.sent.${channel}`;
  const ends = new AbortController();
  const { signal } = ends;
  let sent = readSent(storage.read(sentName)) ?? nothingSent;
  let name: string | null = null;
  let online = true;
  let refused = false;
  let state: TurnState = 'idle';

  const grow = (): void => {
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight}px`;
    text.toggleAttribute('data-long', text.scrollHeight > text.clientHeight + 1);
  };

  const draw = (): void => {
    const who = name === null || name === '' ? words('composer.anonymous') : name;
    form.setAttribute('aria-label', words('composer.label', { name: who }));
    text.placeholder = words('composer.placeholder', { name: who });
    text.setAttribute('aria-label', text.placeholder);
    label(sender, words('composer.send'));
    label(stopper, words('composer.stop'));
    const room = roomIn(text.value, longest());
    const blank = text.value.trim() === '';
    stopper.hidden = !stoppable.has(state);
    sender.setAttribute('aria-disabled', String(blank || !online || (room ?? 0) < 0));
    text.setAttribute('aria-invalid', String((room ?? 0) < 0));
    const said = !online && (refused || !blank)
      ? words('composer.offline')
      : room === null ? '' : room < 0 ? words('composer.over', { count: -room }) : words('composer.left', { count: room });
    note.dataset['state'] = room !== null && room < 0 ? 'over' : online ? 'left' : 'offline';
    if (note.textContent !== said) note.textContent = said;
    grow();
  };

  const write = (value: string): void => {
    text.value = value;
    storage.write(draftName, value);
    draw();
  };

  const submit = (): void => {
    const content = text.value.trim();
    if (content === '' || content.length > longest()) return;
    refused = !send(content);
    if (refused) {
      draw();
      return;
    }
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
    if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229 || name === null || !stoppable.has(state)) return;
    if (document.querySelector('.panel[data-state="open"], .ear-menu:not([hidden])') === null) cancel();
  }, { signal, capture: true });

  const resized = new ResizeObserver(() => root.style.setProperty('--composer', form.hidden ? '0px' : `${Math.ceil(card.getBoundingClientRect().height)}px`));
  resized.observe(card);
  text.value = storage.read(draftName) ?? '';

  return {
    meet(next) {
      name = next;
      form.hidden = next === null;
      draw();
    },
    connection(on) {
      online = on;
      refused &&= !on;
      draw();
    },
    turn(next) {
      if (next === state) return;
      const hadFocus = document.activeElement === stopper;
      state = next;
      draw();
      if (hadFocus && stopper.hidden) text.focus();
    },
    draw,
    stop() {
      ends.abort();
      resized.disconnect();
      form.hidden = true;
      root.style.removeProperty('--composer');
    },
  };
}
