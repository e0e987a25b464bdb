import { make } from '../base/elements';
import { show } from '../base/shown';
import type { Adding, AddingState, Busy, Notice } from './adding';
import { button, signButton } from './chips';
import { sizeIn, type Context } from './context';
import { drawFindings } from './findings';

export interface AddingView {
  readonly element: HTMLElement;
  draw(state: AddingState): void;
}

export interface AddingViewOptions {
  readonly context: Context;
  readonly adding: Adding;
  readonly show: (name: string) => void;
  readonly setUp: (name: string) => void;
}

/** Where the user sees how far adding is and what became of it. It stands above whatever the panel shows. */
export function startAddingView({ context, adding, show: put, setUp }: AddingViewOptions): AddingView {
  const { words, tag } = context;
  const bar = make('progress', { max: 1, label: words('add.title') });
  const line = make('p', { className: 'adding-line' });
  const cancel = make('button', { type: 'button', className: 'text-button' }, words('add.cancel'));
  const busy = make('div', { className: 'adding-busy', hidden: true }, make('div', { className: 'adding-words' }, line, cancel), bar);
  const notices = make('div', { className: 'notices', role: 'status' });
  const element = make('div', { className: 'adding', data: { testid: 'wardrobe-adding' } }, busy, notices);
  const drawn = new Map<Notice, HTMLElement>();
  cancel.addEventListener('click', () => adding.cancel());

  const sentence = ({ number, count, name, done, all }: Busy): string => {
    if (name === null) return words('add.reading');
    const which = count > 1 ? words('add.several', { number, count }) : '';
    const state = done >= all ? words('add.unpacking') : words('add.sending', { done: sizeIn(tag(), done), all: sizeIn(tag(), all) });
    return `${which}${name} – ${state}`;
  };

  const drawNotice = (notice: Notice): HTMLElement => {
    const close = signButton('notice-close', 'close', () => adding.dismiss(notice), words('add.close'));
    if (notice.kind !== 'model') {
      const text = words(notice.text.key, notice.text.values);
      return make('div', { className: 'notice', data: { kind: notice.kind } }, make('p', {}, text), close);
    }
    const { name, title, findings } = notice;
    const acts = make('div', { className: 'notice-acts' },
      button('button', words('add.show'), () => {
        put(name);
        adding.dismiss(notice);
      }),
      button('text-button', words('pick.detailsShort'), () => {
        setUp(name);
        adding.dismiss(notice);
      }));
    return make('div', { className: 'notice', data: { kind: 'model' } },
      make('p', {}, make('strong', {}, words('add.done', { title }))), close,
      ...(findings.length === 0 ? [] : [make('div', { className: 'notice-findings' }, ...drawFindings(context, findings))]), acts);
  };

  return {
    element,
    draw(state) {
      busy.hidden = state.busy === null;
      if (state.busy !== null) {
        show(line, sentence(state.busy));
        const { name, done, all } = state.busy;
        // Without a value the bar runs: nothing can be told of how far it is.
        if (name === null || done >= all) bar.removeAttribute('value');
        else bar.value = all === 0 ? 0 : done / all;
      }
      for (const [notice, made] of drawn) {
        if (state.notices.includes(notice)) continue;
        made.remove();
        drawn.delete(notice);
      }
      for (const notice of state.notices) {
        if (drawn.has(notice)) continue;
        const made = drawNotice(notice);
        drawn.set(notice, made);
        notices.append(made);
      }
    },
  };
}
