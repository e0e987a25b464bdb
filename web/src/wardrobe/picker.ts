import { make, outcome } from '../base/elements';
import { show } from '../base/shown';
import { button } from './chips';
import type { Context } from './context';
import { cardContent, removal } from './modelcard';
import type { ModelCard, Shelf } from './reading';
import { wordFor } from './wardrobewords';

export interface PickerOptions {
  readonly context: Context;
  /** The user wants this on the stage; null: as the character says. */
  readonly choose: (name: string | null) => void;
  readonly setUp: (name: string) => void;
  /** A model was removed. */
  readonly onRemoved: () => void;
  /** The model on the stage needs its Core. */
  readonly getCore: (name: string) => void;
}

export interface Picker {
  readonly element: HTMLElement;
  /** Shows what there is. */
  fill(shelf: Shelf): void;
  /** Follows the stage. */
  draw(): void;
}

/** The value of the choice that is none. */
const automatic = '';

/** What is told about a choice: what became of it on the stage. */
interface Choice {
  readonly radio: HTMLInputElement;
  readonly note: HTMLElement;
  readonly title: string;
}

/** All that can stand on the stage, one of it chosen. */
export function startPicker({ context, choose, setUp, onRemoved, getCore }: PickerOptions): Picker {
  const { words, casting, portrait } = context;
  const told = outcome();
  const element = make('div', { className: 'picker' });
  const portraits = new Map<string, HTMLElement>();
  let choices = new Map<string, Choice>();

  const choice = (name: string, title: string, ...shown: readonly Node[]): HTMLLabelElement => {
    const radio = make('input', { type: 'radio', name: 'avatar', value: name, className: 'unseen' });
    radio.addEventListener('change', () => choose(name === automatic ? null : name));
    const note = make('span', { className: 'card-note' });
    choices.set(name, { radio, note, title });
    return make('label', { className: 'card', data: { name } }, radio, ...shown, note);
  };

  /** Drawn once: the list is filled again and again. */
  const portraitOf = (look: string): HTMLElement => {
    const host = make('span', { className: 'portrait' });
    host.setAttribute('aria-hidden', 'true');
    portrait(look).then((renderer) => {
      if (renderer === null) return;
      const figure = make('span', { className: 'portrait-figure' });
      host.append(figure);
      renderer.mount(figure);
      // Hair and cloth settle before the picture is seen.
      for (let i = 0; i < 8; i++) renderer.step(100);
    }, () => void portraits.delete(look));
    return host;
  };

  const lookCard = (look: string): HTMLElement => {
    const host = portraits.get(look) ?? portraitOf(look);
    portraits.set(look, host);
    const title = wordFor(words, 'look', look) ?? look;
    const card = choice(look, title, host, make('strong', {}, title));
    card.classList.add('look');
    return card;
  };

  const modelCard = (model: ModelCard): HTMLElement => {
    const card = choice(model.name, model.title, ...cardContent(context, model));
    choices.get(model.name)!.radio.disabled = model.kind === null;
    const set = button('text-button', words('pick.detailsShort'), () => setUp(model.name), words('pick.details', { title: model.title }));
    const acts = make('div', { className: 'model-acts' }, set, removal(context, model, told, onRemoved));
    return make('li', { className: 'model' }, card, acts);
  };

  const draw = (): void => {
    const chosen = casting.chosen ?? automatic;
    for (const [name, { radio, note }] of choices) {
      radio.checked = name === chosen;
      const failed = casting.failure !== null && casting.failure.name === name ? casting.failure.code : null;
      note.dataset['state'] = failed !== null ? 'bad' : casting.loading === name ? 'busy' : '';
      if (failed !== null) {
        const text = wordFor(words, 'failure', failed) ?? words('failure.other', { code: failed.slice(0, 40) });
        const get = make('button', { type: 'button', className: 'text-button' }, words('failure.core'));
        get.addEventListener('click', (event) => {
          event.preventDefault();
          getCore(name);
        });
        note.replaceChildren(text, ...(failed.startsWith('core_') ? [get] : []));
      } else if (name === automatic) {
        const wished = casting.wished;
        show(note, wished === null
          ? words('pick.autoNone')
          : words('pick.autoNow', { name: choices.get(wished)?.title ?? wordFor(words, 'look', wished) ?? wished }));
      } else {
        show(note, casting.loading === name ? words('pick.loading') : '');
      }
    }
  };

  return {
    element, draw,
    fill(shelf) {
      const active = element.contains(document.activeElement) ? document.activeElement : null;
      // A button of a model that is gone, or of one that is drawn anew, leaves the keyboard at what is chosen.
      const focused = active instanceof HTMLInputElement ? active.value : active === null ? null : casting.chosen ?? automatic;
      choices = new Map();
      const auto = choice(automatic, words('pick.auto'), make('strong', {}, words('pick.auto')));
      auto.classList.add('auto');
      const looks = make('div', { className: 'looks' }, ...shelf.looks.map(lookCard));
      const own = shelf.models.length === 0 ? [] : [
        make('h4', {}, words('pick.models')), make('ul', { className: 'models' }, ...shelf.models.map(modelCard)),
      ];
      const all = make('fieldset', {}, make('legend', { className: 'unseen' }, words('pick.title')), auto, looks, ...own);
      element.replaceChildren(all, told, make('p', { className: 'quiet' }, words('everywhere')));
      draw();
      if (focused !== null) (choices.get(focused) ?? choices.get(automatic))?.radio.focus();
    },
  };
}
