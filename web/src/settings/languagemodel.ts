import { partsOf, readModelChoice, textOf, type FoundServer, type ModelChoice } from '../talk/answers';
import { AskError } from '../talk/asks';
import { reasonOf } from '../talk/badge';
import { field, make, outcome, tell } from '../base/elements';
import { section, type Section, type SectionContext } from './section';

const chooseWithin = 120_000;

/** What stands for the built-in demo in place of an address. */
const demo = 'demo';

/** What answers, with the address: servers of one kind may have the same model. */
const named = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** The language model: what was found, and an address by hand. */
export function modelSection(context: SectionContext): Section {
  const { words, talk, asks } = context;
  const told = outcome();

  const choose = async (url: string, model: string, key: string, confirmed = false): Promise<void> => {
    tell(told, words('llm.busy'), 'busy');
    try {
      const wanted = { url, model, ...(key === '' ? {} : { key }), ...(confirmed ? { confirmed } : {}) };
      const chosen = partsOf(await asks.ask('choose_llm', wanted, chooseWithin));
      const name = named(textOf(chosen['model']) || model, textOf(chosen['server']), textOf(chosen['address']) || url);
      tell(told, url === demo ? '' : words('llm.done', { model: name }), 'good');
      await own.load();
    } catch (error) {
      if (error instanceof AskError && error.code === 'confirmation_needed' && !confirmed) askFirst(url, model, key);
      else tell(told, talk('demo.failed', { reason: reasonOf(error, talk) }), 'bad');
    }
  };

  /** What is said would leave this machine: the user sees where it would go, and decides. */
  const askFirst = (url: string, model: string, key: string): void => {
    tell(told, '', 'busy');
    const dialog = make('dialog', { className: 'question', data: { testid: 'llm-question' } });
    const title = make('h2', { className: 'question-title', id: 'llm-question-title' }, words('llm.askTitle'));
    dialog.setAttribute('aria-labelledby', title.id);
    const close = make('button', { type: 'button', className: 'text-button' }, words('llm.askCancel'));
    const agree = make('button', { type: 'button', className: 'button' }, words('llm.askAgree'));
    close.addEventListener('click', () => dialog.close());
    agree.addEventListener('click', () => {
      dialog.close();
      void choose(url, model, key, true);
    });
    dialog.addEventListener('close', () => dialog.remove());
    // Who runs the server stands apart: an address can be made to look like that of another one.
    dialog.append(
      title, make('p', { className: 'question-host' }, hostOf(url)), make('p', { className: 'question-address' }, url),
      make('p', { className: 'question-note' }, words('llm.askNote')), make('div', { className: 'question-answers' }, close, agree),
    );
    document.body.append(dialog);
    dialog.showModal();
  };

  const found = (choice: ModelChoice, one: FoundServer): HTMLElement => {
    const used = !choice.demo && one.url === choice.url;
    const options = one.models.map((model) => make('option', { value: model }, model));
    const models = make('select', { label: `${one.server}: ${words('llm.model')}` }, ...options);
    const wanted = used ? choice.model : one.model;
    if (one.models.includes(wanted)) models.value = wanted;
    const use = make('button', { type: 'button', className: 'button' });
    const draw = (): void => {
      const isNow = used && models.value === choice.model;
      use.textContent = words(isNow ? 'llm.used' : 'llm.use');
      use.disabled = isNow || one.models.length === 0;
    };
    models.addEventListener('change', draw);
    use.addEventListener('click', () => void choose(one.url, models.value, ''));
    draw();
    const name = make('span', { className: 'row-main' }, make('strong', {}, one.server), make('span', { className: 'quiet' }, one.url));
    return make('div', { className: 'row' }, name, models, use);
  };

  const byHand = (choice: ModelChoice): HTMLElement => {
    const url = make('input', {
      type: 'url', required: true, placeholder: 'http://localhost:11434/v1', value: choice.demo ? '' : choice.url, autocomplete: 'off',
    });
    const model = make('input', { type: 'text', placeholder: 'qwen3:8b', value: choice.demo ? '' : choice.model, autocomplete: 'off' });
    const key = make('input', { type: 'password', autocomplete: 'off' });
    // Another server has other models.
    url.addEventListener('input', () => {
      if (model.value === choice.model) model.value = '';
    });
    const form = make('form', { className: 'fields' },
      field(words('llm.url'), url), field(words('llm.model'), model), field(words('llm.key'), key),
      make('p', { className: 'quiet' }, words('llm.keyNote')),
      make('button', { type: 'submit', className: 'button' }, words('llm.connect')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void choose(url.value.trim(), model.value.trim(), key.value);
    });
    return make('details', { open: choice.demo && choice.found.length === 0 }, make('summary', {}, words('llm.byHand')), form);
  };

  const own = section(context, words('llm.title'), 'llm', async () => {
    const choice = readModelChoice(await asks.ask('llm'));
    const now = choice.demo ? words('llm.demo') : words('llm.now', { model: named(choice.model, choice.server, choice.url) });
    const servers = choice.found.map((one) => found(choice, one));
    const back = make('button', { type: 'button', className: 'text-button' }, words('llm.toDemo'));
    back.addEventListener('click', () => void choose(demo, '', ''));
    const none = servers.length === 0 && choice.demo ? [make('p', { className: 'quiet' }, words('llm.none'))] : [];
    return [
      make('p', {}, now), ...(choice.demo ? [] : [back]), make('p', { className: 'quiet' }, words('llm.everywhere')),
      ...servers, ...none, told, byHand(choice),
    ];
  });
  return own;
}
