import { describe, expect, it, vi } from 'vitest';
import { loadCore } from '../../src/live2d/script';
import { ManualClock } from '../base/manualclock';
import { createCore, FakePage } from './fakes';

const url = 'http://127.0.0.1/models/_core/live2dcubismcore.min.js';

/** Runs what waits for promises, then moves the clock, until `done` is settled. */
async function until<T>(done: Promise<T>, clock: ManualClock): Promise<T> {
  let settled = false;
  done.then(() => { settled = true; }, () => { settled = true; });
  for (let i = 0; i < 2000 && !settled; i++) {
    for (let k = 0; k < 10; k++) await Promise.resolve();
    clock.advance(25);
  }
  return done;
}

const load = (page: FakePage, clock = new ManualClock()): ReturnType<typeof loadCore> => until(loadCore(url, page.document, clock), clock);

describe('the script of the Core', () => {
  it('is run once for all models', async () => {
    const page = new FakePage();
    const cores = await Promise.all([load(page), load(page)]);
    cores.push(await load(page));
    expect(new Set(cores)).toEqual(new Set([page.core]));
    expect(page.asked).toEqual([url]);
  });

  it('is not run where a Core is there already', async () => {
    const page = new FakePage();
    page.globals['Live2DCubismCore'] = page.core;
    expect(await load(page)).toBe(page.core);
    expect(page.asked).toEqual([]);
  });

  it('is named by an error where the hub has none, and asked for again later', async () => {
    const page = new FakePage();
    const { script } = page;
    page.script = null;
    await expect(load(page)).rejects.toMatchObject({ code: 'core_missing', file: url });
    page.script = script;
    expect(await load(page)).toBe(page.core);
  });

  it('may set another global of the same shape', async () => {
    const page = new FakePage();
    page.globals['Elsewhere'] = createCore();
    page.script = () => { page.globals['FreeCore'] = page.core; };
    expect(await load(page)).toBe(page.core);
  });

  it.each([
    ['is a promise', (core: unknown) => Promise.resolve(core)],
    ['has a promise that gives another one', (core: unknown) => ({ ready: Promise.resolve(core) })],
    ['has a promise that says when', (core: object) => {
      const made: Record<string, unknown> = {};
      made['ready'] = Promise.resolve().then(() => void Object.assign(made, core));
      return made;
    }],
  ])('may need time: the global %s', async (_, make) => {
    const page = new FakePage();
    page.script = () => { page.globals['FreeCore'] = make(page.core!); };
    expect((await load(page)).Moc).toBe(page.core!.Moc);
  });

  it('may throw until its memory is there', async () => {
    const page = new FakePage();
    const clock = new ManualClock();
    const version = vi.spyOn(page.core!.Version, 'csmGetVersion').mockImplementation(() => {
      if (clock.now() < start + 3000) throw new Error('abort: not initialized');
      return 5;
    });
    const start = clock.now();
    expect(await load(page, clock)).toBe(page.core);
    expect(version.mock.calls.length).toBeGreaterThan(10);
  });

  it.each([
    ['leaves nothing behind', () => {}, 'is no Cubism Core', 1000],
    ['is something else', (page: FakePage) => { page.globals['jQuery'] = { fn: {} }; }, 'is no Cubism Core', 10_000],
    ['never becomes ready', (page: FakePage) => {
      page.globals['Live2DCubismCore'] = { ...page.core, Version: { csmGetVersion: () => { throw new Error('abort'); } } };
    }, 'was not ready within 10000 ms', 10_000],
    ['has a promise that never comes', (page: FakePage) => {
      page.globals['Live2DCubismCore'] = { ready: new Promise(() => {}) };
    }, 'is no Cubism Core', 10_000],
  ] as const)('that %s is an error after a bounded time', async (_, run, text, within) => {
    const page = new FakePage();
    const clock = new ManualClock();
    const start = clock.now();
    page.script = () => run(page);
    await expect(load(page, clock)).rejects.toMatchObject({ code: 'core_broken', message: expect.stringContaining(text) as string });
    expect(clock.now() - start).toBeLessThan(within + 500);
  });

  it('is given as a trusted address where the page requires that', async () => {
    const page = new FakePage();
    const policies: string[] = [];
    page.globals['trustedTypes'] = {
      createPolicy: (name: string, rules: { createScriptURL(address: string): string }) => {
        policies.push(name);
        return { createScriptURL: (address: string) => `${rules.createScriptURL(address)}#trusted` };
      },
    };
    await load(page);
    expect(policies).toEqual(['kotodama-core']);
    expect(page.asked).toEqual([`${url}#trusted`]);
  });
});
