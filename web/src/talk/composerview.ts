import { label } from '../base/i18n';
import { nameIt, show } from '../base/shown';
import type { TurnState } from '../protocol/talk';
import { roomIn } from './composing';
import type { TalkWords } from './talkwords';

/** What the place to write shows. */
export interface Composing {
  /** The companion; null: none is there. */
  readonly name: string | null;
  readonly online: boolean;
  /** A text could not be sent. */
  readonly refused: boolean;
  readonly state: TurnState;
}

export interface ComposerView {
  readonly text: HTMLTextAreaElement;
  readonly stopper: HTMLButtonElement;
  /** @param longest The longest text that can be sent, in characters. */
  draw(composing: Composing, longest: number): void;
  stop(): void;
}

const stoppable: ReadonlySet<TurnState> = new Set(['transcribing', 'thinking', 'speaking']);

/** There is an answer that the user can stop. */
export const isStoppable = ({ name, state }: Composing): boolean => name !== null && stoppable.has(state);

export function startComposerView(form: HTMLFormElement, words: TalkWords): ComposerView {
  const text = form.querySelector<HTMLTextAreaElement>('#composer-text')!;
  const sender = form.querySelector<HTMLButtonElement>('#composer-send')!;
  const stopper = form.querySelector<HTMLButtonElement>('#composer-stop')!;
  const note = form.querySelector<HTMLElement>('.composer-note')!;
  const card = form.querySelector<HTMLElement>('.composer-card')!;
  const { style } = document.documentElement;

  const grow = (): void => {
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight}px`;
    text.toggleAttribute('data-long', text.scrollHeight > text.clientHeight + 1);
  };

  const name = (who: string | null): void => {
    const called = { name: who === null || who === '' ? words('composer.anonymous') : who };
    nameIt(form, words('composer.label', called));
    text.placeholder = words('composer.placeholder', called);
    nameIt(text, text.placeholder);
    label(sender, words('composer.send'));
    label(stopper, words('composer.stop'));
  };

  const tell = (room: number | null, online: boolean, waits: boolean): void => {
    const told = !online && waits
      ? words('composer.offline')
      : room === null ? '' : room < 0 ? words('composer.over', { count: -room }) : words('composer.left', { count: room });
    note.dataset['state'] = room !== null && room < 0 ? 'over' : online ? 'left' : 'offline';
    show(note, told);
  };

  const resized = new ResizeObserver(() => {
    style.setProperty('--composer', form.hidden ? '0px' : `${Math.ceil(card.getBoundingClientRect().height)}px`);
  });
  resized.observe(card);

  return {
    text, stopper,
    draw({ name: who, online, refused, state }, longest) {
      name(who);
      const room = roomIn(text.value, longest);
      const blank = text.value.trim() === '';
      const over = (room ?? 0) < 0;
      stopper.hidden = !stoppable.has(state);
      sender.setAttribute('aria-disabled', String(blank || !online || over));
      text.setAttribute('aria-invalid', String(over));
      tell(room, online, refused || !blank);
      grow();
    },
    stop() {
      resized.disconnect();
      form.hidden = true;
      style.removeProperty('--composer');
    },
  };
}
