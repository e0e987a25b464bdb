import { takeFromFragment, type FragmentPage } from './fragment';

/** How long the server may take to say what a token is worth. */
export const exchangeWithin = 5_000;

/** What became of a token: `wait` says that too many wrong ones came before, `offline` that nothing answered. */
export type Exchanged = 'done' | 'wrong' | 'wait' | 'offline';

const form = /^kt_[a-z0-9]{8}_[\w-]{43}$/;

/** Exchanges a token for a cookie that no script can read, so that it is nowhere in the page and outlives a reload. */
export async function exchange(root: string, token: string, ask: typeof fetch = fetch): Promise<Exchanged> {
  if (!form.test(token)) return 'wrong';
  try {
    const { ok, status } = await ask(`${root}api/session`, {
      method: 'POST', headers: { Authorization: `Bearer ${token}` }, cache: 'no-store', signal: AbortSignal.timeout(exchangeWithin),
    });
    if (ok) return 'done';
    return status === 429 ? 'wait' : 'wrong';
  } catch {
    return 'offline';
  }
}

/** How the page is signed in. */
export interface Session {
  /** Settles when the token of the page's address has been exchanged; null: it has none. */
  readonly admitted: Promise<Exchanged> | null;
  /** The user gives a token; when it counts, the page connects with it. */
  signIn(token: string): Promise<Exchanged>;
}

/** Signs in with the token behind the page's address, now and whenever it gets another one. */
export function startSession(root: string, page: FragmentPage & Pick<Window, 'addEventListener'>, retry: () => void): Session {
  const given = takeFromFragment(page, 'token');

  const signIn = async (token: string): Promise<Exchanged> => {
    const exchanged = await exchange(root, token);
    if (exchanged === 'done') retry();
    return exchanged;
  };

  // Another address in the same tab differs in its end only, and loads nothing.
  page.addEventListener('hashchange', () => {
    const token = takeFromFragment(page, 'token');
    if (token !== null) void signIn(token);
  });
  return { admitted: given === null ? null : exchange(root, given), signIn };
}
