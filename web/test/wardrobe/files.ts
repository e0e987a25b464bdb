import type { Gathered } from '../../src/wardrobe/parcels';

export const file = (path: string, text = 'x'): Gathered => ({ path, file: new File([text], path.slice(path.lastIndexOf('/') + 1)) });

/** A file or folder as a browser gives it when it is dropped. */
export type Tree = { readonly [name: string]: Tree | string };

/** Entries of a browser over a tree: texts are files, objects folders. `atOnce` entries come with each reading of a folder. */
export function dropped(tree: Tree, atOnce = 100): readonly FileSystemEntry[] {
  return Object.entries(tree).map(([name, inner]): FileSystemEntry => {
    if (typeof inner === 'string') {
      const entry = { name, isFile: true, isDirectory: false, file: (done: (one: File) => void) => done(new File([inner], name)) };
      return entry as unknown as FileSystemFileEntry;
    }
    const createReader = (): object => {
      const rest = [...dropped(inner, atOnce)];
      return { readEntries: (done: (some: readonly FileSystemEntry[]) => void) => queueMicrotask(() => done(rest.splice(0, atOnce))) };
    };
    return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemDirectoryEntry;
  });
}

/** A file that cannot be read any more. */
export const gone = (name: string): FileSystemEntry => ({
  name, isFile: true, isDirectory: false, file: (_: unknown, fail: (error: Error) => void) => fail(new DOMException('gone', 'NotFoundError')),
}) as unknown as FileSystemFileEntry;
