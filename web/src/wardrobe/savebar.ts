import { make, outcome, tell } from '../base/elements';
import { show } from '../base/shown';
import { button } from './chips';
import { reasonOf, type Context } from './context';
import type { Desk } from './desk';

export interface SaveBar {
  readonly element: HTMLElement;
  /** Calls `then` at once where everything is saved, else once the user saved or discarded; never where the user stays. */
  leave(then: () => void): void;
}

/** Says that there are changes, and saves them. `save` rejects where the hub refuses. */
export function startSaveBar({ words }: Context, desk: Desk, save: () => Promise<void>, discard: () => void): SaveBar {
  const line = make('p', { role: 'status' });
  const told = outcome();
  let then: (() => void) | null = null;
  let busy = false;

  const leaveIfAsked = (): void => {
    const go = then;
    then = null;
    go?.();
  };

  const saver = button('button', words('edit.save'), () => void run());
  const discarder = button('text-button', words('edit.discard'), () => {
    tell(told, '', 'good');
    discard();
    leaveIfAsked();
  });
  const stay = button('text-button', words('edit.stay'), () => {
    then = null;
    draw();
  });

  const run = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    draw();
    tell(told, words('edit.saving'), 'busy');
    try {
      await save();
      tell(told, words('edit.saved'), 'good');
    } catch (error) {
      // What the user made stays on the desk.
      then = null;
      tell(told, words('edit.refused', { reason: reasonOf(error, words) }), 'bad');
    }
    busy = false;
    draw();
    if (!desk.isChanged()) leaveIfAsked();
  };

  const draw = (): void => {
    const changed = desk.isChanged();
    if (changed && !busy && told.dataset['state'] === 'good') tell(told, '', 'good');
    show(line, !changed ? '' : then === null ? words('edit.unsaved') : words('edit.leave'));
    saver.disabled = busy || !changed;
    discarder.disabled = busy;
    stay.hidden = then === null;
    acts.hidden = !changed;
    element.hidden = !changed && told.textContent === '';
    element.toggleAttribute('data-asks', then !== null);
  };

  const acts = make('div', { className: 'save-acts' }, saver, discarder, stay);
  const element = make('div', { className: 'save-bar' }, line, acts, told);
  desk.watch(draw);
  draw();

  return {
    element,
    leave(go) {
      if (!desk.isChanged()) return go();
      then = go;
      draw();
      saver.focus();
    },
  };
}
