/** A part of the page that is fetched only when it is needed. */
export interface Lazy<T> {
  /** null until it is there. */
  part(): T | null;
  /** Fetches the part, unless it is there or on its way. */
  fetch(): void;
}

/** @param load null where the page has no use for the part. @param onLoaded Brings the part up to date; called once. */
export function startLazy<T>(load: (() => Promise<T>) | null, onLoaded: (part: T) => void): Lazy<T> {
  let part: T | null = null;
  let loading = false;

  const fetch = async (): Promise<void> => {
    if (load === null || loading || part !== null) return;
    loading = true;
    try {
      part = await load();
    } catch {
      // A server of another version has other files: the next call is another attempt.
      return;
    } finally {
      loading = false;
    }
    onLoaded(part);
  };

  return { part: () => part, fetch: () => void fetch() };
}
