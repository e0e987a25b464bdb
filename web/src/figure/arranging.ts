import { make } from '../base/elements';
import { label, type I18n } from '../base/i18n';
import type { FigureWords } from './figurewords';
import { keyFactor, meaningOf } from './placement';
import type { Placing } from './placing';

export interface ArrangingOptions {
  readonly page: Document;
  readonly stage: HTMLElement;
  readonly i18n: I18n;
  readonly words: FigureWords;
  readonly placing: Pick<Placing, 'move' | 'scale' | 'reset'>;
}

/** The mode in which every press moves the character, told by a line with its keys and buttons. */
export interface Arranging {
  on(): boolean;
  set(on: boolean): void;
  stop(): void;
}

export function startArranging({ page, stage, i18n, words, placing }: ArrangingOptions): Arranging {
  const hint = make('p', { className: 'arranging-hint' });
  const button = (className: string, onclick: () => void, text = ''): HTMLButtonElement =>
    make('button', { type: 'button', className, onclick }, text);
  const smaller = button('icon-button', () => placing.scale(1 / keyFactor, null), '−');
  const larger = button('icon-button', () => placing.scale(keyFactor, null), '+');
  const reset = button('text-button', () => placing.reset());
  const done = button('button', () => set(false));
  const line = make(
    'div', { className: 'arranging', role: 'group', hidden: true, data: { testid: 'arranging' } }, hint, smaller, larger, reset, done,
  );
  stage.append(line);

  const set = (on: boolean): void => {
    if (on === !line.hidden) return;
    const hadFocus = line.contains(page.activeElement);
    line.hidden = !on;
    stage.toggleAttribute('data-arranging', on);
    // The button goes with what it ended: the keyboard goes on at the character.
    if (hadFocus) stage.querySelector<HTMLElement>('.avatar')?.focus();
  };

  const act = (key: string): boolean => {
    const meaning = meaningOf(key);
    if (meaning === null) return false;
    if (meaning === 'reset') placing.reset();
    else if (meaning === 'end') set(false);
    else if ('factor' in meaning) placing.scale(meaning.factor, null);
    else placing.move(meaning.x * stage.clientHeight, -meaning.y * stage.clientHeight);
    return true;
  };

  const onKey = (event: KeyboardEvent): void => {
    if (line.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // Texts are written, and other controls pressed, while the character is being placed.
    const within = (what: string): boolean => event.target instanceof Element && event.target.closest(what) !== null;
    if (within('input, textarea, select, [contenteditable], .panel') || (event.key === 'Enter' && within('button'))) return;
    if (act(event.key)) event.preventDefault();
  };

  page.addEventListener('keydown', onKey);
  const unlisten = i18n.watch(() => {
    hint.textContent = words('arrange.hint');
    reset.textContent = words('arrange.reset');
    done.textContent = words('arrange.done');
    label(line, words('arrange.label'));
    label(smaller, words('arrange.smaller'));
    label(larger, words('arrange.larger'));
  });

  return {
    on: () => !line.hidden,
    set,
    stop() {
      page.removeEventListener('keydown', onKey);
      unlisten();
      set(false);
      line.remove();
    },
  };
}
