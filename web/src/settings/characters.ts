import { listOf, partsOf, textOf } from '../talk/answers';
import { reasonOf } from '../talk/badge';
import { make, outcome, tell } from '../base/elements';
import { section, type Section, type SectionContext } from './section';

/** Who one talks with. */
export function charactersSection(context: SectionContext, change: () => () => void): Section {
  const { words, talk, asks } = context;
  const told = outcome();

  const choose = async (id: string): Promise<void> => {
    tell(told, '', 'busy');
    const changed = change();
    try {
      await asks.ask('choose_character', { id });
      changed();
    } catch (error) {
      tell(told, reasonOf(error, talk), 'bad');
      await own.load();
    }
  };

  const own = section(context, words('characters.title'), 'characters', async () => {
    const { current, characters } = partsOf(await asks.ask('characters'));
    const list = listOf(characters).map(partsOf).filter(({ id }) => textOf(id) !== '');
    const choices = list.map(({ id, name, language, description }) => {
      const radio = make('input', { type: 'radio', name: 'character', value: textOf(id), checked: id === current });
      radio.addEventListener('change', () => void choose(textOf(id)));
      const words = make('span', { className: 'row-main', lang: textOf(language) },
        make('strong', {}, textOf(name) || textOf(id)), make('span', { className: 'quiet' }, textOf(description)));
      return make('label', { className: 'row choice' }, radio, words, make('span', { className: 'quiet' }, textOf(language)));
    });
    const group = make('fieldset', {}, make('legend', { className: 'unseen' }, words('characters.title')), ...choices);
    const alone = list.length < 2 ? [make('p', { className: 'quiet' }, words('characters.none'))] : [];
    return [group, ...alone, told];
  });
  return own;
}
