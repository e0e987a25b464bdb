import type { AvatarRenderer } from '../avatar/avatar';
import type { ModelManifest } from '../avatar/manifest';
import { createKoto } from '../avatar/vector/koto';
import type { ModelEnvironment } from '../live2d/live2d';

/** A character that can take the part. */
export interface Actor {
  readonly renderer: AvatarRenderer;
  /** null for a drawn one. */
  readonly manifest: ModelManifest | null;
}

/** All the characters there are, each loaded when it is wanted. */
export interface Troupe {
  /** @param look Of a drawn character: what a character's file says about it; null: as usual. @throws CastingError or a ModelError. */
  load(name: string, look: unknown): Promise<Actor>;
}

/** A character is not to be had. The message is for developers; users read a text that is chosen by `code`. */
export class CastingError extends Error {
  override readonly name = 'CastingError';

  /** `not_found`: the hub has no such model. `unreachable`: the hub does not answer, or has other files than the page knows. */
  constructor(readonly code: 'not_found' | 'unreachable', message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** The drawn characters. */
export const lookNames = ['koto', 'kitsu', 'nagi'] as const;
type LookName = (typeof lookNames)[number];

export const isLook = (name: string): name is LookName => (lookNames as readonly string[]).includes(name);

export interface TroupeOptions {
  readonly environment: ModelEnvironment;
  /** The hub's address, with a closing slash. */
  readonly root: string;
  readonly fetch: (url: string) => Promise<Response>;
}

export function startTroupe({ root, fetch, environment }: TroupeOptions): Troupe {
  let drawn = 0;

  const draw = async (name: LookName, look: unknown): Promise<Actor> => {
    // Two figures share the page for a moment: what they paint with has names of its own.
    const prefix = `drawn${++drawn}`;
    if (name === 'koto' && look === null) return { renderer: createKoto(prefix), manifest: null };
    const { createDrawn, lookOf, readLook } = await part(import('../avatar/vector/looks'));
    return { renderer: createDrawn(look === null ? lookOf(name) : readLook(look, name), prefix), manifest: null };
  };

  const describe = async (name: string): Promise<ModelManifest> => {
    const response = await fetch(`${root}api/models/${encodeURIComponent(name)}`).catch((error: unknown) => {
      throw new CastingError('unreachable', 'The hub does not answer.', error);
    });
    if (response.status === 404) throw new CastingError('not_found', `The hub has no model "${name}".`);
    if (!response.ok) throw new CastingError('unreachable', `The hub answers ${response.status} for the model "${name}".`);
    const manifest = await response.json() as ModelManifest;
    return { ...manifest, base: new URL(manifest.base, root).href };
  };

  return {
    async load(name, look) {
      if (isLook(name)) return draw(name, look);
      const manifest = await describe(name);
      const { loadModel } = manifest.kind === 'cubism2'
        ? await part(import('../cubism2/cubism2'))
        : await part(import('../live2d/live2d'));
      return { renderer: await loadModel(manifest, environment), manifest };
    },
  };
}

/** A part of the page that is loaded now. */
async function part<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    // A hub of another version has other files.
    throw new CastingError('unreachable', 'A part of the page cannot be loaded.', error);
  }
}
