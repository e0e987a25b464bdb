/** A small store of texts that never fails: where a browser refuses one, everything is forgotten. */
export interface TextStorage {
  read(key: string): string | null;
  write(key: string, value: string): void;
}

/** Takes a function because a browser with cookies switched off throws on the mere access to `localStorage`. */
export function textStorage(open: () => Storage): TextStorage {
  return {
    read(key) {
      try {
        return open().getItem(key);
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        open().setItem(key, value);
      } catch {
        // Full or forbidden: the page works without.
      }
    },
  };
}
