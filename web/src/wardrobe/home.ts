import { make, outcome, tell } from '../base/elements';
import { button } from './chips';
import type { Context } from './context';
import { chosen } from './gathering';
import type { Gathered } from './parcels';
import { startPicker, type PickerOptions } from './picker';
import type { Shelf } from './reading';

export interface HomeOptions extends Omit<PickerOptions, 'getCore'> {
  readonly context: Context;
  /** Takes files that the user chose by a button. */
  readonly take: (files: readonly Gathered[]) => void;
  readonly arrange: () => void;
  /** null: for whichever model comes. */
  readonly getCore: (name: string | null) => void;
}

/** The first view of the panel: what can stand on the stage, and how more comes. */
export interface Home {
  readonly element: HTMLElement;
  fill(shelf: Shelf): void;
  fail(reason: string, again: () => void): void;
  /** Follows the stage. */
  draw(): void;
  /** Something did not work. */
  tell(text: string): void;
  /** The keyboard comes back from setting up a model. */
  focus(model: string | null): void;
}

export function startHome({ context, choose, setUp, onRemoved, take, getCore, arrange }: HomeOptions): Home {
  const { words } = context;
  const picker = startPicker({ context, choose, setUp, onRemoved, getCore });
  const told = outcome();
  const state = make('div', {}, make('p', { className: 'quiet' }, words('loading')));
  const empty = make('p', { className: 'empty', hidden: true }, words('add.empty'));
  const core = make('div', { className: 'core-line', hidden: true });

  const choosing = (className: string, text: string, folder: boolean): readonly HTMLElement[] => {
    const input = make('input', { type: 'file', multiple: true, hidden: true, webkitdirectory: folder });
    input.addEventListener('change', () => {
      const files = chosen(input.files ?? []);
      // The same choice once more is a choice too.
      input.value = '';
      if (files.length > 0) take(files);
    });
    return [input, button(className, text, () => input.click())];
  };

  const add = make('div', { className: 'add-zone' },
    make('p', {}, words('add.drop')),
    make('div', { className: 'add-acts' },
      ...choosing('button', words('add.folder'), true), ...choosing('button plain', words('add.files'), false)));

  const element = make('div', { className: 'home' },
    make('section', { data: { testid: 'wardrobe-picker' } }, make('h3', {}, words('pick.title')), state, picker.element, told,
      button('text-button arrange', words('pick.arrange'), arrange)),
    make('section', { data: { testid: 'wardrobe-add' } }, make('h3', {}, words('add.title')), empty, add, core));

  return {
    element, draw: picker.draw,
    fill(shelf) {
      state.replaceChildren();
      tell(told, '', 'good');
      picker.fill(shelf);
      empty.hidden = shelf.models.length > 0;
      core.hidden = false;
      core.dataset['state'] = shelf.core ? 'here' : 'missing';
      core.replaceChildren(
        make('span', {}, words(shelf.core ? 'core.is' : 'core.isNot')),
        ...(shelf.core ? [] : [button('text-button', words('core.get'), () => getCore(null))]),
      );
    },
    fail(reason, again) {
      state.replaceChildren(make('p', { className: 'quiet' }, words('failed', { reason })), button('text-button', words('retry'), again));
    },
    tell: (text) => tell(told, text, 'bad'),
    focus(model) {
      const item = [...element.querySelectorAll<HTMLElement>('.card')].find(({ dataset }) => dataset['name'] === model);
      const act = item?.closest('.model')?.querySelector<HTMLElement>('.model-acts button');
      (act ?? element.querySelector<HTMLElement>('input:checked'))?.focus();
    },
  };
}
