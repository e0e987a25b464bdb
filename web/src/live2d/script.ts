import { ModelError } from '../avatar/modelerror';
import { browserClock, type Clock } from '../base/clock';
import type { Core } from './core';

/** A Core that compiles itself must be ready after this time, in milliseconds. */
const readyWithin = 10_000;
/** A script that has left nothing behind by then was something else. */
const thereWithin = 1_000;
const askAgainAfter = 25;
const official = 'Live2DCubismCore';

const loaded = new WeakMap<Document, Map<string, Promise<Core>>>();

/**
 * Loads the user's Core from a classic script, once for each document and address; what failed is tried again by the next call.
 * The Core may stand under its official name or under any other that the script adds, and may need time to become ready.
 * @throws ModelError `core_missing` or `core_broken`
 */
export function loadCore(url: string, document: Document, clock: Clock = browserClock): Promise<Core> {
  const cores = loaded.get(document) ?? new Map<string, Promise<Core>>();
  loaded.set(document, cores);
  let core = cores.get(url);
  if (!core) {
    core = fetchCore(url, document, clock);
    cores.set(url, core);
    core.catch(() => cores.delete(url));
  }
  return core;
}

/**
 * Looks whether the hub has a newer Core by now than the one that runs in the page: the user was told to get it. Models of the older one
 * keep theirs.
 * @returns null if there is none that reads newer models
 */
export async function newerCore(old: Core, url: string, document: Document, clock: Clock = browserClock): Promise<Core | null> {
  const globals = document.defaultView as unknown as Record<string, unknown>;
  const before = globals[official];
  // A Core puts its parts into the global that is there, and would change the old one under its models.
  globals[official] = undefined;
  try {
    const core = await fetchCore(url, document, clock);
    if (newestMoc(core) > newestMoc(old)) {
      loaded.get(document)?.set(url, Promise.resolve(core));
      return core;
    }
  } catch (error) {
    console.warn('The hub has no newer Cubism Core:', error);
  }
  globals[official] = before;
  return null;
}

/** The newest format of a model file that a Core reads, 0 where it does not say. */
export const newestMoc = ({ Version }: Core): number => Version.csmGetLatestMocVersion?.() ?? 0;

async function fetchCore(url: string, document: Document, clock: Clock): Promise<Core> {
  const globals = document.defaultView as unknown as Record<string, unknown>;
  if (isReady(globals[official])) return globals[official];
  const before = new Set(Object.getOwnPropertyNames(globals));
  before.delete(official);
  await runScript(url, document);

  const start = clock.now();
  const deadline = start + readyWithin;
  for (;;) {
    const names = [official, ...Object.getOwnPropertyNames(globals).filter((name) => !before.has(name))];
    const found = await firstReady(names.map((name) => globals[name]), clock, deadline);
    if (found) return found;
    const some = names.some((name) => typeof globals[name] === 'object' && globals[name] !== null);
    if (clock.now() >= (some ? deadline : start + thereWithin)) {
      const text = names.some((name) => hasShape(globals[name])) ? `was not ready within ${readyWithin} ms` : 'is no Cubism Core';
      throw new ModelError('core_broken', `${url} ${text}`, { file: url });
    }
    await new Promise<void>((done) => clock.after(askAgainAfter, done));
  }
}

/** Runs a script by its address. The page requires Trusted Types; this policy knows one address. */
export function runScript(url: string, document: Document): Promise<void> {
  interface Policy { createScriptURL(address: string): string }
  const view = document.defaultView as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } } | null;
  const policy = view?.trustedTypes?.createPolicy('kotodama-core', { createScriptURL: () => url });
  const script = document.createElement('script');
  return new Promise<void>((done, fail) => {
    script.onload = () => done();
    script.onerror = () => fail(new ModelError('core_missing', `the hub has no Cubism Core at ${url}`, { file: url }));
    script.async = true;
    script.src = policy?.createScriptURL(url) ?? url;
    document.head.append(script);
  }).finally(() => script.remove());
}

async function firstReady(candidates: readonly unknown[], clock: Clock, deadline: number): Promise<Core | null> {
  for (const candidate of candidates) {
    if (isReady(candidate)) return candidate;
    const waiting = promiseOf(candidate);
    if (!waiting) continue;
    const result = await inTime(waiting, clock, deadline);
    for (const value of [result, candidate]) if (isReady(value)) return value;
  }
  return null;
}

/** Some Cores are a promise, some have one that is called `ready`. */
function promiseOf(candidate: unknown): PromiseLike<unknown> | null {
  if (typeof candidate !== 'object' || candidate === null) return null;
  if ('then' in candidate && typeof candidate.then === 'function') return candidate as PromiseLike<unknown>;
  return 'ready' in candidate ? promiseOf(candidate.ready) : null;
}

function inTime(waiting: PromiseLike<unknown>, clock: Clock, deadline: number): Promise<unknown> {
  return new Promise((done) => {
    const stop = clock.after(Math.max(0, deadline - clock.now()), () => done(null));
    const end = (value: unknown): void => {
      stop();
      done(value);
    };
    waiting.then(end, () => end(null));
  });
}

function hasShape(value: unknown): value is Core {
  const core = value as Partial<Core> | null | undefined;
  return typeof core?.Moc?.fromArrayBuffer === 'function' && typeof core.Model?.fromMoc === 'function'
    && typeof core.Version?.csmGetVersion === 'function';
}

function isReady(value: unknown): value is Core {
  if (!hasShape(value)) return false;
  try {
    return value.Version.csmGetVersion() > 0;
  } catch {
    // Its functions throw until its own memory is there.
    return false;
  }
}
