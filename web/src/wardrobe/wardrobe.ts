import './wardrobe.css';
import type { AvatarRenderer } from '../avatar/avatar';
import type { Casting } from '../avatar/rehearsal';
import type { Clock } from '../base/clock';
import type { I18n } from '../base/i18n';
import type { Panel } from '../view/panel';
import { startAdding, type AddingOptions } from './adding';
import { reasonOf, sizeIn, type Context } from './context';
import { filesLimit, gather } from './gathering';
import { modelsOf, type Models } from './models';
import type { Shelf } from './reading';
import { send } from './sending';
import { startViews } from './views';
import { wordsForWardrobe } from './wardrobewords';

export interface WardrobeOptions {
  readonly page: Document;
  /** The panel's place on the page, which opens and closes it. */
  readonly panel: Panel;
  /** Where the hub's API lives, with a closing slash. */
  readonly root: string;
  readonly i18n: I18n;
  readonly clock: Clock;
  readonly casting: Casting;
  /** A drawn character to be seen small; null for a look that the page does not have. */
  readonly portrait: (look: string) => Promise<AvatarRenderer | null>;
  /** Lets the user move and scale the figure. */
  readonly arrange: (on: boolean) => void;
  /** The panel opens, where something else may be in its place. */
  readonly onOpen: () => void;
}

/** The avatar panel: what stands on the stage, models to add, and how each of them is set up. */
export interface Wardrobe {
  /** The panel was opened: everything is asked for anew. */
  open(): void;
  closed(): void;
  /** Files are dragged over the page: null, or what was dropped. */
  dragged(entries: readonly FileSystemEntry[] | null): void;
}

const nothing: Shelf = { looks: [], models: [], core: false, core2: false, limits: { bytes: Infinity, files: Infinity } };

/** What adding a model needs of the hub and of the panel's words. */
const addingWith = (
  { words, models, clock, tag }: Context, root: string, parts: Pick<AddingOptions, 'limits' | 'onAdded' | 'draw'>,
): AddingOptions => ({
  ...parts,
  send: (parcel, progress) => send(root, parcel, clock, progress),
  async look(name) {
    const [model, findings] = await Promise.all([models.parts(name), models.check(name)]);
    return { title: model.title, findings };
  },
  size: (bytes) => sizeIn(tag(), bytes),
  reason: (error) => reasonOf(error, words),
});

export function startWardrobe({ page, panel, root, i18n, clock, casting, portrait, arrange, onOpen }: WardrobeOptions): Wardrobe {
  const words = wordsForWardrobe(i18n);
  const models: Models = modelsOf(root);
  const context: Context = { words, language: i18n.language, tag: i18n.tag, models, casting, clock, portrait };
  let shelf = nothing;

  const load = async (): Promise<void> => {
    try {
      shelf = await models.shelf();
      views.fill(shelf);
    } catch (error) {
      views.fail(reasonOf(error, words), () => void load());
    }
  };

  const came = (core: 'core' | 'core2'): void => {
    shelf = { ...shelf, [core]: true };
    views.came(core);
    // Whatever could not be shown may have waited for it.
    if (casting.failure !== null) casting.reload();
  };

  const adding = startAdding(addingWith(context, root, {
    limits: () => shelf.limits,
    onAdded({ core }) {
      if (core !== null) came(core);
      void load();
    },
    draw: (state) => views.adding(state),
  }));

  /** Puts a model or a look on the stage, once the program is there that draws it. */
  const choose = async (name: string | null): Promise<void> => {
    const isKnown = (): boolean => name === null || shelf.looks.includes(name) || shelf.models.some((one) => one.name === name);
    // A model that was just added may be faster than the list.
    if (!isKnown()) await load();
    const kind = shelf.models.find((one) => one.name === name)?.kind ?? null;
    const put = (): void => {
      if (!casting.choose(name)) views.tell(words('offline'));
    };
    if (kind === null || shelf[kind === 'cubism' ? 'core' : 'core2']) put();
    else views.ask(kind, put);
  };

  const views = startViews({
    context, panel: page.querySelector<HTMLElement>('#wardrobe')!, watchLanguage: i18n.watch,
    choose: (name) => void choose(name), load: () => void load(), adding,
    kindOf: (name) => shelf.models.find((one) => one.name === name)?.kind ?? 'cubism',
    onFetched() {
      came('core');
      void load();
    },
    arrange() {
      // The panel would be in the way.
      panel.close();
      arrange(true);
    },
  });

  const open = (): Promise<void> => {
    onOpen();
    page.querySelector<HTMLElement>('#settings .panel-close')!.click();
    return load();
  };

  // One panel is in this place at a time.
  page.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('#settings-button, .companion-connect, #help-button') !== null) panel.close();
  });
  page.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget === null && views.dragged(false));

  return {
    open: () => void open(),
    closed: views.rest,
    dragged(entries) {
      views.dragged(entries === null);
      if (entries === null) return;
      panel.open('quietly');
      const opened = open();
      // The hub tells its limits with the list.
      adding.take(async () => {
        await opened;
        return gather(entries, Math.min(filesLimit, shelf.limits.files));
      });
    },
  };
}
