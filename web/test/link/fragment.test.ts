import { describe, expect, it } from 'vitest';
import { takeFromFragment } from '../../src/link/fragment';

describe('a secret behind the # of the address', () => {
  function page(hash: string) {
    const shown: string[] = [];
    const history = { state: { kept: 1 }, replaceState: (_: unknown, __: string, url: string) => void shown.push(url) };
    return { shown, page: { location: { hash, pathname: '/p/', search: '?channel=left' }, history } };
  }

  it('is taken, and only the rest of the address stays', () => {
    const { page: one, shown } = page('#k=abc_-9');
    expect(takeFromFragment(one, 'k')).toBe('abc_-9');
    expect(shown).toEqual(['/p/?channel=left']);
  });

  it.each([['#token=x&k=abc&y', '/p/?channel=left#token=x&y'], ['#k=1&k=abc', '/p/?channel=left']])('leaves the others of %s', (hash, rest) => {
    const { page: one, shown } = page(hash);
    expect(takeFromFragment(one, 'k')).toBe('abc');
    expect(shown).toEqual([rest]);
  });

  it.each(['', '#', '#token=k', '#kk=1', '#K=1', '#about'])('is not in %j, and the address stays', (hash) => {
    const { page: one, shown } = page(hash);
    expect(takeFromFragment(one, 'k')).toBeNull();
    expect(shown).toEqual([]);
  });
});
