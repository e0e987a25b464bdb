import { field, make } from '../base/elements';
import { show } from '../base/shown';
import { clean } from '../base/text';
import { actList, idleList } from './acts';
import { button } from './chips';
import type { Context } from './context';
import { saveDesk, startDesk, type Desk } from './desk';
import { drawFindings } from './findings';
import { isEmpty, textIn, withText, type Mapping } from './mapping';
import type { Finding, ModelParts } from './reading';
import { startSaveBar } from './savebar';
import { startTrial } from './trial';
import { startTrying, tables } from './trying';

/** A model that is being set up. */
export interface Editor {
  readonly element: HTMLElement;
  readonly name: string;
  /** Follows the stage. */
  draw(): void;
  /** Nothing is tried any more; what was changed stays. */
  rest(): void;
  /** Whether something is not saved. */
  isChanged(): boolean;
  /** Calls `then` once the user may go, see `SaveBar`. */
  leave(then: () => void): void;
  /** What is on the desk, to build another editor of it: the language of the page changed. */
  readonly desk: Desk;
}

export interface EditorOptions {
  readonly context: Context;
  readonly desk: Desk;
  readonly findings: readonly Finding[] | null;
  readonly onBack: () => void;
  /** The user wants this model on the stage. */
  readonly put: () => void;
  /** It was saved: the list of models may name it otherwise. */
  readonly onSaved: () => void;
}

/** What is asked of the hub before a model can be set up. */
export async function loadDesk({ models }: Context, name: string): Promise<Desk> {
  const [parts, saved] = await Promise.all([models.parts(name), models.mapping(name)]);
  return startDesk(parts, saved);
}

/** The fields of a mapping that "everything back to automatic" takes back. */
const automatic: readonly string[] = [...tables, 'idle'];

const withoutActs = (mapping: Mapping): Mapping => Object.fromEntries(Object.entries(mapping).filter(([key]) => !automatic.includes(key)));

export function startEditor({ context, desk, findings, onBack, put, onSaved }: EditorOptions): Editor {
  const { words, models, casting } = context;
  desk.hand();
  const { name } = desk.parts();
  const trial = startTrial(casting.rehearsal, name);
  const trying = startTrying(context, desk, trial, put);
  const rest = (): void => {
    if (!isEmpty(trial.shown())) trial.clear();
  };

  const save = async (): Promise<void> => {
    await saveDesk(models, desk);
    onSaved();
    if (casting.rehearsal.manifest?.name !== name) return;
    rest();
    casting.reload();
  };

  const fold = (title: string, id: string, content: readonly Node[], open = false): HTMLElement =>
    make('details', { className: 'fold', open, data: { testid: `wardrobe-${id}` } }, make('summary', {}, title), ...content);

  const textField = (which: 'title' | 'credit', label: string): HTMLInputElement => {
    const input = make('input', { type: 'text', maxLength: which === 'title' ? 64 : 2000, value: textIn(desk.mapping(), which), label });
    input.addEventListener('input', () => desk.change(withText(desk.mapping(), which, input.value)));
    desk.watch(() => {
      const text = textIn(desk.mapping(), which);
      if (input.value.trim() !== text) input.value = text;
    });
    return input;
  };

  const names = (parts: ModelParts): readonly HTMLElement[] => {
    const title = textField('title', words('edit.titleField'));
    title.placeholder = clean(textIn(desk.saved(), 'title') === '' ? parts.title : parts.name);
    const credit = textField('credit', words('edit.creditField'));
    return [make('div', { className: 'fields' }, field(words('edit.titleField'), title), field(words('edit.creditField'), credit),
      make('p', { className: 'quiet' }, words('edit.creditNote')))];
  };

  const saveBar = startSaveBar(context, desk, save, () => desk.change(desk.saved()));
  const parts = desk.parts();
  const heading = make('h3', { tabIndex: -1, className: 'editor-title' }, parts.title);
  const counts = { expressions: parts.expressions.length, motions: parts.motions.length };
  const facts = [words(`kind.${parts.kind}`), words('edit.facts', counts)];
  const back = button('text-button back', words('edit.back'), onBack);
  const allAuto = button('text-button', words('edit.allToAuto'), () => desk.change(withoutActs(desk.mapping())));
  const worst = findings?.some(({ severity }) => severity === 'error' || severity === 'warning') ?? false;
  const acts = tables.map((table) => fold(words(`act.${table}`), table, [actList(context, desk, table, trial)]));
  const drawAuto = (): void => {
    allAuto.hidden = !automatic.some((key) => Object.hasOwn(desk.mapping(), key));
  };
  desk.watch(drawAuto);
  drawAuto();
  desk.watch(() => {
    show(heading, textIn(desk.mapping(), 'title') || (textIn(desk.saved(), 'title') === '' ? desk.parts().title : name));
  });

  const element = make('div', { className: 'editor', data: { testid: 'wardrobe-editor' } },
    back, heading, make('p', { className: 'quiet' }, facts.join(' · ')),
    ...(findings === null ? [] : [fold(words('check.title'), 'check', drawFindings(context, findings), worst)]),
    fold(words('try.title'), 'try', [trying.element], true), ...acts,
    fold(words('act.idle'), 'idle', [idleList(context, desk)]),
    fold(words('edit.name'), 'names', names(parts)), allAuto, saveBar.element);

  return {
    element, name, desk,
    draw: trying.draw,
    rest,
    isChanged: desk.isChanged,
    leave(then) {
      saveBar.leave(() => {
        rest();
        then();
      });
    },
  };
}
