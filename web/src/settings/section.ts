import type { Asks } from '../talk/asks';
import { reasonOf } from '../talk/badge';
import type { TalkWords } from '../talk/talkwords';
import { make } from '../base/elements';
import type { SettingsWords } from './settingswords';

export interface SectionContext {
  readonly words: SettingsWords;
  readonly talk: TalkWords;
  readonly asks: Asks;
  /** The page's language, for dates. */
  readonly tag: () => string;
}

/** A part of the settings: a heading, and what is asked for when the panel opens. */
export interface Section {
  readonly element: HTMLElement;
  load(): Promise<void>;
}

/** `fill` asks and returns what is shown; when it fails the reason stands there, with a button to try again. */
export function section(context: SectionContext, title: string, name: string, fill: () => Promise<readonly Node[]>): Section {
  const { words, talk } = context;
  const heading = make('h3', { id: `settings-${name}` }, title);
  const body = make('div', { className: 'settings-content' }, make('p', { className: 'quiet' }, words('loading')));
  const element = make('section', { className: 'settings-section', data: { testid: `settings-${name}` } }, heading, body);
  element.setAttribute('aria-labelledby', heading.id);
  let latest = 0;

  const load = async (): Promise<void> => {
    const turn = ++latest;
    try {
      const parts = await fill();
      if (turn === latest) body.replaceChildren(...parts);
    } catch (error) {
      if (turn !== latest) return;
      const again = make('button', { type: 'button', className: 'text-button' }, words('retry'));
      again.addEventListener('click', () => void load());
      body.replaceChildren(make('p', { className: 'quiet' }, words('failed', { reason: reasonOf(error, talk) })), again);
    }
  };

  return { element, load };
}
