import { describe, expect, it, vi } from 'vitest';
import { exchange } from '../../src/link/exchange';

const token = `kt_abcdefgh_${'A'.repeat(43)}`;

describe('the exchange', () => {
  const answering = (status: number) => vi.fn<typeof fetch>(async () => new Response(null, { status }));

  it('sends the token in a header, and says what became of it', async () => {
    const ask = answering(204);
    expect(await exchange('https://hub.test/avatar/', token, ask)).toBe('done');
    const [url, init] = ask.mock.calls[0]!;
    expect(url).toBe('https://hub.test/avatar/api/session');
    expect(init).toMatchObject({ method: 'POST', headers: { Authorization: `Bearer ${token}` } });
    expect(await exchange('/', token, answering(401))).toBe('wrong');
    expect(await exchange('/', token, answering(429))).toBe('wait');
    expect(await exchange('/', token, vi.fn<typeof fetch>(() => Promise.reject(new TypeError('offline'))))).toBe('offline');
  });

  it('does not send what cannot be a token', async () => {
    const ask = answering(204);
    for (const wrong of ['', 'x', `${token}=`, `${token}\nX: y`, 'https://hub.test/#token=x']) {
      expect(await exchange('/', wrong, ask)).toBe('wrong');
    }
    expect(ask).not.toHaveBeenCalled();
  });
});
