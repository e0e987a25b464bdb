import { listOf, momentOf, partsOf, textOf } from '../talk/answers';
import { reasonOf } from '../talk/badge';
import { download, make, outcome, tell } from '../base/elements';
import { section, type Section, type SectionContext } from './section';

const joined = (...facts: readonly string[]): string => facts.filter((fact) => fact !== '').join(' · ');

interface Kept {
  readonly id: string;
  readonly title: string;
  /** The name of another character than the one who talks now; empty for this one. */
  readonly character: string;
  readonly lastAt: number | null;
  readonly messages: number;
}

/**
 * What was talked about: to go on with, to search, to save and to delete. `change`: another one is about to be asked for; what
 * it returns, that it is there.
 */
export function conversationsSection(context: SectionContext, change: () => () => void): Section {
  const { words, talk, asks, tag } = context;
  const told = outcome();
  let searched = '';

  const date = (at: number | null): string =>
    (at === null ? '' : new Date(at).toLocaleString(tag(), { dateStyle: 'medium', timeStyle: 'short' }));

  const act = async (what: () => Promise<void>): Promise<void> => {
    tell(told, '', 'busy');
    try {
      await what();
    } catch (error) {
      tell(told, reasonOf(error, talk), 'bad');
    }
  };

  const switchTo = (name: string, value?: unknown): void => void act(async () => {
    const changed = change();
    await asks.ask(name, value);
    changed();
    await own.load();
  });

  const save = (id: string, format: 'json' | 'markdown'): void => void act(async () => {
    const file = partsOf(await asks.ask('export', { id, format }));
    download(textOf(file['name']) || `conversation.${format === 'json' ? 'json' : 'md'}`, textOf(file['text']));
  });

  const button = (text: string, label: string, act: () => void): HTMLButtonElement => {
    const made = make('button', { type: 'button', className: 'text-button', label, title: label }, text);
    made.addEventListener('click', act);
    return made;
  };

  const deletion = (one: Kept, isCurrent: boolean): HTMLElement => {
    const ask = button(words('talks.deleteShort'), words('talks.delete', { title: one.title }), () => {
      const yes = button(words('talks.yes'), words('talks.delete', { title: one.title }), () => void act(async () => {
        const changed = change();
        await asks.ask('delete_conversation', { id: one.id });
        if (isCurrent) changed();
        await own.load();
      }));
      yes.classList.add('danger');
      const no = button(words('talks.no'), words('talks.no'), () => {
        place.replaceChildren(ask);
        ask.focus();
      });
      place.replaceChildren(make('span', { className: 'sure' }, words('talks.sure')), yes, no);
      no.focus();
    });
    const place = make('span', { className: 'deletion' }, ask);
    return place;
  };

  const item = (one: Kept, isCurrent: boolean): HTMLElement => {
    const open = make('button', {
      type: 'button', className: 'row-main link', label: words('talks.open', { title: one.title }), disabled: isCurrent,
    }, make('strong', {}, one.title));
    open.addEventListener('click', () => switchTo('choose_conversation', { id: one.id }));
    const all = [isCurrent ? words('talks.current') : '', one.character, words('talks.count', { count: one.messages }), date(one.lastAt)];
    const acts = make('span', { className: 'acts' },
      button('JSON', words('talks.json', { title: one.title }), () => save(one.id, 'json')),
      button('Markdown', words('talks.markdown', { title: one.title }), () => save(one.id, 'markdown')), deletion(one, isCurrent));
    return make('li', { data: isCurrent ? { current: '' } : {} }, open, make('span', { className: 'quiet' }, joined(...all)), acts);
  };

  const search = (hits: HTMLElement): HTMLElement => {
    const input = make('input', { type: 'search', placeholder: words('talks.search'), label: words('talks.search'), value: searched });
    const form = make('form', { className: 'search' }, input, make('button', { type: 'submit', className: 'button' }, words('talks.find')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      searched = input.value.trim();
      if (searched === '') hits.replaceChildren();
      else void act(async () => {
        const found = listOf(partsOf(await asks.ask('search', { text: searched }))['hits']).map(partsOf);
        hits.replaceChildren(...(found.length === 0 ? [make('p', { className: 'quiet' }, words('talks.nothing'))] : found.map((hit) => {
          const who = hit['role'] === 'user' ? words('talks.you') : '';
          const open = make('button', { type: 'button', className: 'hit' },
            make('span', { className: 'quiet' }, joined(who, date(momentOf(hit['at'])))),
            make('span', {}, textOf(hit['text'])));
          open.addEventListener('click', () => switchTo('choose_conversation', { id: textOf(hit['conversation']) }));
          return open;
        })));
      });
    });
    return form;
  };

  const own = section(context, words('talks.title'), 'talks', async () => {
    const [talks, cast] = await Promise.all([asks.ask('conversations'), asks.ask('characters').catch(() => null)]);
    const { current, conversations } = partsOf(talks);
    const { current: talking, characters } = partsOf(cast);
    const names = new Map(listOf(characters).map(partsOf).map(({ id, name }) => [textOf(id), textOf(name)]));
    const all = listOf(conversations).map(partsOf).filter(({ id, messages }) => textOf(id) !== '' && (messages !== 0 || id === current));
    const own = textOf(talking) || textOf(all.find(({ id }) => id === current)?.['character']);
    const list = all.map((one): Kept => {
      const lastAt = momentOf(one['lastAt']);
      const title = textOf(one['title']) || words('talks.untitled', { date: date(momentOf(one['startedAt']) ?? lastAt) });
      const character = textOf(one['character']);
      return {
        id: textOf(one['id']), title, character: character === own ? '' : names.get(character) || character, lastAt,
        messages: typeof one['messages'] === 'number' ? one['messages'] : 0,
      };
    });
    const fresh = make('button', { type: 'button', className: 'button' }, words('talks.new'));
    fresh.addEventListener('click', () => switchTo('new_conversation'));
    const hits = make('div', { className: 'hits' });
    const shown = list.length === 0
      ? make('p', { className: 'quiet' }, words('talks.none'))
      : make('ul', { className: 'talks' }, ...list.map((one) => item(one, one.id === current)));
    return [fresh, told, search(hits), hits, shown];
  });
  return own;
}
