import { make, tell } from '../base/elements';
import { button } from './chips';
import { reasonOf, type Context } from './context';
import type { ModelCard } from './reading';

/** What a model's picture is until it is on the stage: the first sign of its name. */
export function cardContent({ words }: Context, model: ModelCard): readonly HTMLElement[] {
  const mark = make('span', { className: 'initial' }, [...model.title][0] ?? '?');
  mark.setAttribute('aria-hidden', 'true');
  const [state, text] = model.problems === 0 ? ['fine', words('pick.fine')]
    : ['problem', model.problems === 1 ? words('pick.problem') : words('pick.problems', { count: model.problems })];
  const health = make('span', { className: 'health', data: { state } }, text);
  const facts = make('span', { className: 'facts' }, make('span', {}, words(`kind.${model.kind ?? 'none'}`)), health);
  return [mark, make('span', { className: 'card-words' }, make('strong', {}, model.title), facts)];
}

/** A button that removes a model, and asks first. */
export function removal({ words, models, casting }: Context, model: ModelCard, told: HTMLElement, onRemoved: () => void): HTMLElement {
  const label = words('pick.remove', { title: model.title });

  const remove = async (): Promise<void> => {
    tell(told, '', 'busy');
    try {
      await models.remove(model.name);
      if (casting.chosen === model.name) casting.choose(null);
      tell(told, words('pick.removed', { title: model.title }), 'good');
      onRemoved();
    } catch (error) {
      tell(told, reasonOf(error, words), 'bad');
    }
  };

  const ask = button('text-button', words('pick.removeShort'), () => {
    const yes = button('text-button danger', words('pick.yes'), () => void remove(), label);
    const no = button('text-button', words('pick.no'), () => {
      place.replaceChildren(ask);
      ask.focus();
    });
    place.replaceChildren(make('span', { className: 'sure' }, words('pick.sure')), yes, no);
    no.focus();
  }, label);
  const place = make('span', { className: 'removal' }, ask);
  return place;
}
