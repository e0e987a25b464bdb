import { describe, expect, it } from 'vitest';
import { startProbe } from '../../src/link/probe';
import { ManualClock } from '../base/manualclock';
import { settled } from '../settled';

describe('the probe', () => {
  async function probed(answers: readonly boolean[], wanted = true) {
    const clock = new ManualClock();
    let asked = 0;
    let found = 0;
    const stop = startProbe(clock, () => wanted, () => Promise.resolve(answers[asked++] ?? true), () => found++);
    for (let i = 0; i < answers.length; i++) {
      clock.advance(1_000);
      await settled();
    }
    return { clock, stop, asked: () => asked, found: () => found };
  }

  it('reports a server that answers again, once', async () => {
    expect((await probed([false, false, true, true, true])).found()).toBe(1);
  });

  it('says nothing about a server that answers all the time: something else is wrong', async () => {
    expect((await probed([true, true, true])).found()).toBe(0);
  });

  it('asks nothing while it is not wanted', async () => {
    expect((await probed([true, true], false)).asked()).toBe(0);
  });

  it('ends', async () => {
    const probe = await probed([false]);
    probe.stop();
    expect(probe.clock.waits).toEqual([]);
  });
});
