import { describe, expect, it, vi } from 'vitest';
import { exchange, splitFragment, takeToken } from '../../src/link/session';

const token = `kt_abcdefgh_${'A'.repeat(43)}`;

describe('the token behind the address', () => {
  it('is taken, and what else stands there stays', () => {
    expect(splitFragment(`#token=${token}`)).toEqual({ token, rest: '' });
    expect(splitFragment(`#k=abc&token=${token}`)).toEqual({ token, rest: '#k=abc' });
    expect(splitFragment(`#token=${token}&k=a=b`)).toEqual({ token, rest: '#k=a=b' });
    expect(splitFragment('#token=')).toEqual({ token: '', rest: '' });
    for (const none of ['', '#', '#k=abc', '#mytoken=x']) expect(splitFragment(none)).toBeNull();
  });

  it('leaves the address and the history at once', () => {
    const replaceState = vi.fn();
    const place = { hash: `#token=${token}`, pathname: '/avatar/', search: '?channel=left' } as Location;
    expect(takeToken(place, { state: 7, replaceState } as unknown as History)).toBe(token);
    expect(replaceState).toHaveBeenCalledWith(7, '', '/avatar/?channel=left');
    expect(takeToken({ ...place, hash: '' }, { state: 7, replaceState } as unknown as History)).toBeNull();
    expect(replaceState).toHaveBeenCalledTimes(1);
  });
});

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
