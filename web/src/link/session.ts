import type { Exchanged } from './exchange';
import { takeFromFragment, type FragmentPage } from './fragment';

/** How the page is signed in. */
export interface Session {
  /** Settles when the token of the page's address has been exchanged; null: it has none. */
  readonly admitted: Promise<Exchanged> | null;
  /** The user gives a token; when it counts, the page connects with it. */
  signIn(token: string): Promise<Exchanged>;
}

/**
 * Signs in with the token behind the page's address, now and whenever it gets another one.
 * @param exchange Loaded when there is a token: a page of this machine has none.
 */
export function startSession(
  exchange: (token: string) => Promise<Exchanged>, page: FragmentPage & Pick<Window, 'addEventListener'>, retry: () => void,
): Session {
  const given = takeFromFragment(page, 'token');

  const tryIt = async (token: string): Promise<Exchanged> => {
    try {
      return await exchange(token);
    } catch {
      // A server of another version has other files.
      return 'offline';
    }
  };

  const signIn = async (token: string): Promise<Exchanged> => {
    const exchanged = await tryIt(token);
    if (exchanged === 'done') retry();
    return exchanged;
  };

  // Another address in the same tab differs in its end only, and loads nothing.
  page.addEventListener('hashchange', () => {
    const token = takeFromFragment(page, 'token');
    if (token !== null) void signIn(token);
  });
  return { admitted: given === null ? null : tryIt(given), signIn };
}
