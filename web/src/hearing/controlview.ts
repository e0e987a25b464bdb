import { label } from '../base/i18n';
import { show } from '../base/shown';
import type { ControlView } from './controlstate';
import type { HearingKey } from './hearingwords';

export interface ControlElements {
  readonly button: HTMLButtonElement;
  readonly agree: HTMLButtonElement;
  readonly dismiss: HTMLElement;
  draw(view: ControlView): void;
  /** 0 to 1: how loud the microphone is. */
  level(level: number): void;
}

/** The elements of the microphone's control in the page, without its menu. */
export function findControl(page: Document, words: (key: HearingKey) => string): ControlElements {
  const $ = <E extends HTMLElement>(selector: string): E => page.querySelector<E>(selector)!;
  const [box, button, word, announced] = [$('#ear'), $<HTMLButtonElement>('#ear-button'), $('#ear-word'), $('#announce-ear')];
  const [notice, reason, agree] = [$('#ear-notice'), $('#ear-reason'), $<HTMLButtonElement>('#ear-agree')];

  return {
    button, agree, dismiss: $('#ear-dismiss'),
    draw(view) {
      const said = words(view.word);
      box.hidden = !view.visible;
      box.dataset['state'] = view.shown;
      box.dataset['mode'] = view.mode;
      button.setAttribute('aria-pressed', String(view.pressed));
      label(button, words(view.label));
      show(word, said);
      // Blind users know when they speak: what is announced is what they cannot know. A microphone that was never on is not announced
      // as off.
      if (view.shown !== 'hearing' && (view.shown !== 'off' || announced.textContent !== '')) show(announced, said);
      notice.hidden = view.reason === null;
      notice.toggleAttribute('data-asks', view.asking);
      agree.hidden = !view.asking;
      show(reason, view.reason === null ? '' : words(view.reason));
    },
    level: (level) => box.style.setProperty('--level', level.toFixed(2)),
  };
}
