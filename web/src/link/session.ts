/** How long the server may take to say what a token is worth. */
export const exchangeWithin = 5_000;

/** What became of a token: `wait` says that too many wrong ones came before, `offline` that nothing answered. */
export type Exchanged = 'done' | 'wrong' | 'wait' | 'offline';

const form = /^kt_[a-z0-9]{8}_[\w-]{43}$/;

/** What a fragment says besides the token, and the token; null: it has none. */
export function splitFragment(hash: string): { readonly token: string; readonly rest: string } | null {
  const parts = hash.replace(/^#/, '').split('&');
  const found = parts.find((part) => part.startsWith('token='));
  if (found === undefined) return null;
  const rest = parts.filter((part) => part !== found && part !== '').join('&');
  return { token: found.slice('token='.length), rest: rest === '' ? '' : `#${rest}` };
}

/** Takes the token out of the page's address before it is seen there: the browser's history, a screen that is shared, a bookmark. */
export function takeToken(place: Location, history: History): string | null {
  const found = splitFragment(place.hash);
  if (found === null) return null;
  history.replaceState(history.state, '', place.pathname + place.search + found.rest);
  return found.token;
}

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
