import './wardrobe.css';
import type { AvatarRenderer } from '../avatar/avatar';
import type { Casting } from '../avatar/rehearsal';
import type { Clock } from '../base/clock';
import type { I18n } from '../base/i18n';
import { startAdding, type AddingOptions } from './adding';
import { reasonOf, sizeIn, type Context } from './context';
import { gather } from './gathering';
import { modelsOf, type Models } from './models';
import type { Shelf } from './reading';
import { send } from './sending';
import { startViews } from './views';
import { wordsForWardrobe } from './wardrobewords';

export interface WardrobeOptions {
  readonly panel: HTMLElement;
  /** Where the hub's API lives, with a closing slash. */
  readonly root: string;
  readonly i18n: I18n;
  readonly clock: Clock;
  readonly casting: Casting;
  /** A drawn character to be seen small; null for a look that the page does not have. */
  readonly portrait: (look: string) => Promise<AvatarRenderer | null>;
  /** The user wants to move and scale the figure; the panel is in the way then. */
  readonly arrange: () => void;
}

/** The avatar panel: what stands on the stage, models to add, and how each of them is set up. */
export interface Wardrobe {
  open(): void;
  closed(): void;
  dragged(over: boolean): void;
  dropped(entries: readonly FileSystemEntry[]): void;
}

const nothing: Shelf = { looks: [], models: [], core: false, core2: false, limits: { bytes: Infinity, files: Infinity } };

/** What adding a model needs of the hub and of the panel's words. */
const addingWith = ({ words, models, clock, tag }: Context, root: string, parts: Pick<AddingOptions, 'limits' | 'onAdded' | 'draw'>): AddingOptions => ({
  ...parts,
  send: (parcel, progress) => send(root, parcel, clock, progress),
  async look(name) {
    const [model, findings] = await Promise.all([models.parts(name), models.check(name)]);
    return { title: model.title, findings };
  },
  size: (bytes) => sizeIn(tag(), bytes),
  reason: (error) => reasonOf(error, words),
});

export function startWardrobe({ panel, root, i18n, clock, casting, portrait, arrange }: WardrobeOptions): Wardrobe {
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
    casting.reload();
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
    context, panel, watchLanguage: i18n.watch, arrange, choose: (name) => void choose(name), load: () => void load(), adding,
    kindOf: (name) => shelf.models.find((one) => one.name === name)?.kind ?? 'cubism',
    onFetched() {
      came('core');
      void load();
    },
  });

  return {
    open: () => void load(),
    closed: views.rest,
    dragged: views.dragged,
    dropped: (entries) => adding.take(() => gather(entries, shelf.limits.files)),
  };
}
