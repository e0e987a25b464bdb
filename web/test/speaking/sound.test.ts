import { afterEach, describe, expect, it, vi } from 'vitest';
import { startSound, type Sound } from '../../src/speaking/sound';

vi.mock('../../src/speaking/ring.worklet.ts?worker&url', () => ({ default: 'ring.js' }));

/** A page with a loudspeaker that starts when the test says so; timers run by hand. */
function page() {
  const timers: (() => void)[] = [];
  let loaded = (): void => {};
  const context = {
    state: 'suspended',
    onstatechange: (): void => {},
    destination: {},
    audioWorklet: { addModule: () => new Promise<void>((resolve) => void (loaded = resolve)) },
    createGain: () => ({ gain: { value: 1 }, connect() {} }),
  };
  vi.stubGlobal('AudioContext', function audioContext() {
    return context;
  });
  const after = (_: number, call: () => void) => {
    timers.push(call);
    return () => {};
  };
  const sound: Sound = startSound({ storage: null, never: false, page: new EventTarget(), after });
  let changes = 0;
  sound.watch(() => void changes++);
  sound.prepare();
  return {
    sound,
    changes: () => changes,
    load: async () => {
      const before = changes;
      loaded();
      await vi.waitFor(() => expect(changes).toBe(before + 1));
    },
    /** The page runs for a step; false: it waits for nothing. */
    step: () => {
      const due = timers.splice(0);
      for (const call of due) call();
      return due.length > 0;
    },
    run() {
      context.state = 'running';
      context.onstatechange();
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

describe('a loudspeaker that was just opened', () => {
  it('is starting while its program is loading, for thirty steps', () => {
    const { sound, step } = page();
    for (let i = 0; i < 30; i++) {
      expect([sound.state(), sound.isStarting()]).toEqual(['blocked', true]);
      expect(step()).toBe(true);
    }
    expect([sound.state(), sound.isStarting(), step()]).toEqual(['blocked', false, false]);
  });

  it('waits for a click when the page ran for six steps with its program and it did not begin', async () => {
    const { sound, load, step, changes } = page();
    await load();
    for (let i = 0; i < 5; i++) {
      step();
      expect(sound.isStarting()).toBe(true);
    }
    const before = changes();
    step();
    expect([sound.state(), sound.isStarting(), changes()]).toEqual(['blocked', false, before + 1]);
    expect(step()).toBe(false);
  });

  it('is on as soon as it runs, also after a long wait', async () => {
    const { sound, load, step, run } = page();
    await load();
    for (let i = 0; i < 6; i++) step();
    run();
    expect([sound.state(), sound.isStarting()]).toEqual(['on', false]);
  });
});
