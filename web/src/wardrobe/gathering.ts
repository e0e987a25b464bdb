import type { Gathered } from './parcels';

/** A folder with more files than this holds more than a model. */
export const filesLimit = 5_000;

/** Deeper folders hold no model; a folder that holds itself ends here. */
const depthLimit = 16;

/** Why what was dropped could not be read: a text of `add`. */
export class GatheringError extends Error {
  constructor(readonly why: 'unreadable' | 'tooMany', readonly of: string, readonly limit = filesLimit) {
    super(`${why}: ${of}`);
  }
}

const filesIn = (folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> => new Promise((done, fail) => {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  // Browsers give a hundred at a time, and an empty list after the last ones.
  const next = (): void => reader.readEntries((some) => {
    if (some.length === 0 || all.length > filesLimit) return done(all);
    all.push(...some);
    next();
  }, fail);
  next();
});

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((done, fail) => entry.file(done, fail));

/**
 * All files below what was dropped, each with its way from there. Rejects with a {@link GatheringError}.
 * @param limit Most files that are read.
 */
export async function gather(entries: readonly FileSystemEntry[], limit = filesLimit): Promise<readonly Gathered[]> {
  const found: Gathered[] = [];

  const walk = async (entry: FileSystemEntry, folder: string, top: string, depth: number): Promise<void> => {
    const path = `${folder}${entry.name}`;
    try {
      if (entry.isFile) found.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
      else if (entry.isDirectory && depth < depthLimit) {
        for (const inner of await filesIn(entry as FileSystemDirectoryEntry)) await walk(inner, `${path}/`, top, depth + 1);
      }
    } catch (error) {
      throw error instanceof GatheringError ? error : new GatheringError('unreadable', path);
    }
    if (found.length > limit) throw new GatheringError('tooMany', top, limit);
  };

  for (const entry of entries) await walk(entry, '', entry.name, 0);
  return found;
}

/** The files that the user chose by a button; those of a folder know their way. */
export const chosen = (files: Iterable<File>): readonly Gathered[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
