import { make } from '../base/elements';
import type { Adding, AddingState } from './adding';
import { startAddingView, type AddingView } from './addingview';
import { button } from './chips';
import { reasonOf, type Context } from './context';
import { startCoreDialog, type CoreDialog } from './coredialog';
import type { Desk } from './desk';
import { loadDesk, startEditor, type Editor } from './editor';
import { drawFindings } from './findings';
import { startHome, type Home } from './home';
import { HubError } from './models';
import type { Gathered } from './parcels';
import type { Finding, ModelParts, Shelf } from './reading';

type ModelKind = ModelParts['kind'];

export interface ViewsOptions {
  readonly context: Context;
  readonly panel: HTMLElement;
  readonly watchLanguage: (see: () => void) => void;
  readonly adding: Adding;
  readonly choose: (name: string | null) => void;
  /** Asks anew for what there is. */
  readonly load: () => void;
  readonly kindOf: (name: string) => ModelKind;
  readonly arrange: () => void;
  /** The hub fetched the Core. */
  readonly onFetched: () => void;
}

/** What the panel shows: the list or a model that is set up, above them what is being added, before them the question for the Core. */
export interface Views {
  fill(shelf: Shelf): void;
  fail(reason: string, again: () => void): void;
  tell(text: string): void;
  adding(state: AddingState): void;
  dragged(over: boolean): void;
  /** Asks for the program of a kind of models; `then` once it is there. */
  ask(kind: ModelKind, then: () => void): void;
  came(core: 'core' | 'core2'): void;
  /** The panel is closed: nothing is tried any more. What was changed stays. */
  rest(): void;
}

/** What is made anew for each language of the page. */
interface Built {
  readonly home: Home;
  readonly above: AddingView;
  readonly core: CoreDialog;
}

/** The hub's word for a folder that holds no model. */
function nothingToSetUp(error: unknown): null {
  if (error instanceof HubError && error.code === 'bad_model') return null;
  throw error;
}

export function startViews({ context, panel, watchLanguage, adding, choose, load, kindOf, arrange, onFetched }: ViewsOptions): Views {
  const { words, models, casting } = context;
  const body = panel.querySelector<HTMLElement>('.wardrobe-body')!;
  const place = make('div', {});
  const veil = make('div', { className: 'drop-veil', hidden: true });
  let shelf: Shelf | null = null;
  let editor: Editor | null = null;
  let findings: readonly Finding[] | null = null;
  let latest = 0;

  const toHome = (): void => {
    const name = editor?.name ?? null;
    editor = null;
    place.replaceChildren(built.home.element);
    built.home.focus(name);
  };

  const showEditor = (desk: Desk): void => {
    editor = startEditor({
      context, desk, findings, onBack: () => editor?.leave(toHome), put: () => choose(desk.parts().name), onSaved: load,
    });
    place.replaceChildren(editor.element);
  };

  /** Of a folder that holds no model it can only be said why. */
  const showFindings = (name: string): void => {
    const back = button('text-button back', words('edit.back'), () => {
      place.replaceChildren(built.home.element);
      built.home.focus(name);
    });
    const heading = make('h3', { tabIndex: -1, className: 'editor-title' }, name);
    place.replaceChildren(make('div', { className: 'editor' }, back, heading, ...drawFindings(context, findings ?? [])));
  };

  const setUp = async (name: string): Promise<void> => {
    const mine = ++latest;
    try {
      const [desk, found] = await Promise.all([loadDesk(context, name).catch(nothingToSetUp), models.check(name).catch(() => null)]);
      if (mine !== latest) return;
      findings = found;
      if (desk === null) showFindings(name);
      else showEditor(desk);
      body.scrollTop = 0;
      place.querySelector<HTMLElement>('.editor-title')?.focus();
    } catch (error) {
      if (mine === latest) built.home.tell(reasonOf(error, words));
    }
  };

  const leaveFor = (name: string): void => {
    if (editor === null) void setUp(name);
    else editor.leave(() => void setUp(name));
  };

  const build = (): Built => {
    const take = (files: readonly Gathered[]): void => adding.take(() => Promise.resolve(files));
    const core = startCoreDialog({ context, take, onFetched });
    const getCore = (name: string | null): void => core.ask(name === null ? 'cubism' : kindOf(name), () => {});
    return {
      core, home: startHome({ context, choose, setUp: leaveFor, onRemoved: load, getCore, take, arrange }),
      above: startAddingView({ context, adding, show: choose, setUp: leaveFor }),
    };
  };

  const draw = (): void => {
    panel.querySelector('#wardrobe-title')!.textContent = words('title');
    veil.replaceChildren(make('p', {}, words('add.let')));
    body.replaceChildren(built.above.element, place);
    built.above.draw(adding.state());
    if (shelf !== null) built.home.fill(shelf);
    if (editor === null) place.replaceChildren(built.home.element);
    else showEditor(editor.desk);
  };

  let built = build();
  document.body.append(veil);
  // As long as the page lives, like the panel.
  watchLanguage(() => {
    built.core.close();
    editor?.rest();
    built = build();
    draw();
  });
  casting.watch(() => {
    built.home.draw();
    editor?.draw();
  });
  addEventListener('beforeunload', (event) => {
    if (editor?.isChanged() === true) event.preventDefault();
  });

  return {
    fill(now) {
      shelf = now;
      built.home.fill(now);
    },
    fail: (reason, again) => built.home.fail(reason, again),
    tell(text) {
      // What was picked and not sent is not what is chosen.
      built.home.draw();
      built.home.tell(text);
    },
    adding(state) {
      built.above.draw(state);
      built.core.follow(state);
    },
    dragged(over) {
      veil.hidden = !over;
    },
    ask(kind, then) {
      // Until then the stage stays as it is, and the list says so.
      built.home.draw();
      built.core.ask(kind, then);
    },
    came: (core) => built.core.came(core === 'core' ? 'cubism' : 'cubism2'),
    rest: () => editor?.rest(),
  };
}
