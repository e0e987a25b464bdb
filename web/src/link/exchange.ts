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
