import type { OwnParameter } from '../avatar/avatar';
import type { Director } from '../avatar/director';
import type { ModelManifest, Placement } from '../avatar/manifest';
import type { Casting, Rehearsal } from '../avatar/rehearsal';
import { startRepertoire, type ModelRepertoire } from '../avatar/repertoire';
import { isLook, type Actor, type Troupe } from './troupe';

/** Why a character is not on the stage. What is not known is null. */
export interface CastingFailure {
  readonly name: string;
  /** The code of a `ModelError` or a `CastingError`; `failed` for what should not happen. */
  readonly code: string;
  readonly file: string | null;
  readonly need: number | null;
  readonly have: number | null;
}

export interface CastingOptions {
  /** `?avatar=`: this page shows it, whatever is chosen; null when absent. */
  readonly fixed: string | null;
  readonly troupe: Troupe;
  readonly director: Pick<Director, 'cast' | 'move' | 'rest'>;
  readonly after: (ms: number, call: () => void) => () => void;
  /** Where an avatar stands when it comes. */
  readonly placementOf: (avatar: string, own: Placement | null) => Placement;
  /** Another character has the stage. */
  readonly onCast: (avatar: string, own: Placement | null) => void;
  /** Chooses for all pages of the channel; false when there is no connection. */
  readonly choose: (name: string | null) => boolean;
  readonly warn: (text: string, error: unknown) => void;
}

/** Which character plays, for the whole page. */
export interface CastingRun extends Casting {
  readonly failure: CastingFailure | null;
  /** How the character that is on its way is called: its title, once that is known. */
  readonly loading: string | null;
  /** The hub tells what is chosen for the channel; null: as the character says. */
  chose(name: string | null): void;
  /** The companion's character has an avatar, or a look. */
  wish(avatar: string | null, look: unknown): void;
  stop(): void;
}

interface Wanted {
  readonly name: string;
  readonly look: unknown;
}

/** What the hub may have the next time: it was away, or has been given what was missing. */
const passing: readonly string[] = [
  'unreachable', 'not_found', 'core_missing', 'core_broken', 'moc_missing', 'file_missing', 'texture_failed',
];

const first: Wanted = { name: 'koto', look: null };
const same = (a: Wanted | null, b: Wanted | null): boolean =>
  a !== null && b !== null && a.name === b.name && JSON.stringify(a.look) === JSON.stringify(b.look);

/**
 * Brings the avatar that is wanted to the stage: the address of the page says which, or the channel, or the companion's character. The one
 * that is there plays on until the next is drawn, and if it cannot be drawn.
 */
export function startCasting(options: CastingOptions): CastingRun {
  const { fixed, troupe, director, after, placementOf, onCast, choose, warn } = options;
  const watchers = new Set<() => void>();
  let chosen: string | null = null;
  let wished: string | null = null;
  let look: unknown = null;
  let shown = first;
  let manifest: ModelManifest | null = null;
  let repertoire: ModelRepertoire | null = null;
  let parameters = (): readonly OwnParameter[] => [];
  let own: Rehearsal['own'] = null;
  let loading: Wanted | null = null;
  let failed: Wanted | null = null;
  let failure: CastingFailure | null = null;
  let stopped = false;

  const changed = (): void => {
    for (const see of watchers) see();
  };

  const wanted = (): Wanted => {
    const name = fixed ?? chosen ?? wished;
    if (name === null) return look === null ? first : { name: baseOf(look), look };
    // The look is that of the companion's character, not of every figure that could be drawn.
    return { name, look: isLook(name) && fixed === null && chosen === null ? look : null };
  };

  const bring = async (next: Wanted): Promise<void> => {
    loading = next;
    failure = failed = null;
    changed();
    try {
      const actor = await troupe.load(next.name, next.look);
      if (loading !== next) {
        actor.renderer.dispose();
        return;
      }
      const { renderer } = actor;
      const acts = repertoireOf(actor, after);
      const place = actor.manifest?.placement ?? null;
      director.cast(renderer, acts, placementOf(next.name, place));
      [shown, manifest, repertoire, own] = [next, actor.manifest, acts, renderer.own];
      parameters = () => renderer.own?.parameters?.() ?? [];
      onCast(next.name, place);
    } catch (error) {
      if (loading !== next) return;
      failed = next;
      failure = failureOf(next.name, error);
      warn(`The avatar "${next.name}" cannot be shown (${failure.code}); "${shown.name}" plays on.`, error);
    }
    loading = null;
    changed();
  };

  /** Loads what is wanted, unless it is there, on its way, or cannot be loaded. The hub spoke, perhaps again after it was away. */
  const follow = (): void => {
    if (stopped) return;
    if (failure !== null && passing.includes(failure.code)) failed = null;
    const next = wanted();
    if (same(next, shown)) loading = failed = failure = null;
    else if (!same(next, loading ?? failed)) return void bring(next);
    changed();
  };

  const rehearsal: Rehearsal = {
    get manifest() {
      return loading === null ? manifest : null;
    },
    get own() {
      return own;
    },
    parameters: () => parameters(),
    show: (trial) => repertoire?.try(trial),
    play: (name) => director.move(name, 'force'),
    stop: () => director.rest(),
  };

  return {
    get chosen() {
      return chosen;
    },
    get wished() {
      return wished;
    },
    get shown() {
      return shown.name;
    },
    get loading() {
      return loading?.name ?? null;
    },
    get failure() {
      return failure;
    },
    rehearsal,
    choose,
    chose(name) {
      chosen = name;
      follow();
    },
    wish(avatar, given) {
      [wished, look] = [avatar, given ?? null];
      follow();
    },
    reload() {
      if (!stopped) void bring(wanted());
    },
    watch(see) {
      watchers.add(see);
      see();
      return () => void watchers.delete(see);
    },
    stop() {
      stopped = true;
      loading = null;
      watchers.clear();
    },
  };
}

/** What a model can do, as its description says; a model whose description cannot be followed is given back. */
function repertoireOf({ renderer, manifest }: Actor, after: CastingOptions['after']): ModelRepertoire | null {
  try {
    return renderer.own === null || manifest === null ? null : startRepertoire(renderer.own, manifest, after);
  } catch (error) {
    renderer.dispose();
    throw error;
  }
}

/** The figure that a look begins with. */
function baseOf(look: unknown): string {
  const base = typeof look === 'object' && look !== null ? (look as { base?: unknown }).base : undefined;
  return typeof base === 'string' && isLook(base) ? base : 'koto';
}

function failureOf(name: string, error: unknown): CastingFailure {
  const { code, file, need, have } = (error ?? {}) as Partial<Record<'code' | 'file' | 'need' | 'have', unknown>>;
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return {
    name, code: typeof code === 'string' ? code : 'failed', file: typeof file === 'string' ? file : null,
    need: number(need), have: number(have),
  };
}
