import { describe, expect, it } from 'vitest';
import { startLazy } from '../../src/base/lazy';
import { settled } from '../settled';

describe('a part that is fetched later', () => {
  it('is fetched once, however often it is asked for, and brought up to date once', async () => {
    const loaded: string[] = [];
    let loads = 0;
    const lazy = startLazy(async () => `part ${++loads}`, (part) => void loaded.push(part));
    expect(lazy.part()).toBeNull();
    lazy.fetch();
    lazy.fetch();
    await settled();
    lazy.fetch();
    await settled();
    expect([lazy.part(), loaded, loads]).toEqual(['part 1', ['part 1'], 1]);
  });

  it('is fetched again after a failure', async () => {
    let loads = 0;
    const lazy = startLazy(() => (++loads === 1 ? Promise.reject(new Error('404')) : Promise.resolve('part')), () => {});
    lazy.fetch();
    await settled();
    expect(lazy.part()).toBeNull();
    lazy.fetch();
    await settled();
    expect([lazy.part(), loads]).toEqual(['part', 2]);
  });

  it('is never there where the page has no use for it', async () => {
    const lazy = startLazy<string>(null, () => expect.unreachable());
    lazy.fetch();
    await settled();
    expect(lazy.part()).toBeNull();
  });
});
