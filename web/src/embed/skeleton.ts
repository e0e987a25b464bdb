import { make } from '../base/elements';

/** The elements inside `<kotodama-stage>`. */
export interface Skeleton {
  /** Holds all the others. */
  readonly box: HTMLElement;
  readonly bubble: HTMLElement;
  readonly words: HTMLElement;
  readonly avatar: HTMLElement;
  readonly status: HTMLElement;
  readonly soundPrompt: HTMLButtonElement;
  readonly replies: HTMLElement;
  readonly statuses: HTMLElement;
}

/** Builds them. They can be styled from outside as `::part(bubble)`, `::part(character)` and `::part(card)`. */
export function buildSkeleton(card: HTMLElement): Skeleton {
  const words = make('div', { className: 'bubble-text' });
  const bubble = part('bubble', make('section', { className: 'bubble', data: { testid: 'bubble', state: 'hidden' } }, words));
  const tail = make('span', { className: 'tail' });
  tail.setAttribute('aria-hidden', 'true');
  const avatar = part('character', make('div', { className: 'avatar' }));
  const status = make('p', { className: 'status', data: { testid: 'status', state: 'hidden' } });
  const soundPrompt = make('button', { type: 'button', className: 'button sound-prompt', hidden: true });
  const replies = live();
  const statuses = live();
  const box = make(
    'div', { className: 'embed', role: 'group' }, part('card', card), make('div', { className: 'talk' }, bubble, tail),
    make('div', { className: 'standing' }, avatar, soundPrompt, status), replies, statuses,
  );
  return { box, bubble, words, avatar, status, soundPrompt, replies, statuses };
}

/** What is put there is read by screen readers once they are done with what they read. */
function live(): HTMLElement {
  const region = make('div', { className: 'unseen' });
  region.setAttribute('aria-live', 'polite');
  return region;
}

function part<E extends HTMLElement>(name: string, element: E): E {
  element.setAttribute('part', name);
  return element;
}
