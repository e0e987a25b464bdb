import { describe, expect, it } from 'vitest';
import type { MotionEnd } from '../../src/avatar/motionplayer';
import type { Rehearsal } from '../../src/avatar/rehearsal';
import { startTrial } from '../../src/wardrobe/trial';
import { settled } from '../settled';

function stage() {
  const shown: unknown[] = [];
  const ends: ((end: MotionEnd) => void)[] = [];
  const now = { name: 'mao' as string | null, stops: 0 };
  const rehearsal: Rehearsal = {
    get manifest() {
      return now.name === null ? null : { name: now.name } as Rehearsal['manifest'];
    },
    own: null, parameters: () => [],
    show: (trial) => void shown.push(trial),
    play: () => new Promise((end) => void ends.push(end)),
    stop: () => void now.stops++,
  };
  const trial = startTrial(rehearsal, 'mao');
  let seen = 0;
  trial.watch(() => seen++);
  return { trial, shown, ends, now, seen: () => seen };
}

describe('a trial', () => {
  it('grows piece by piece and is seen on the stage', () => {
    const { trial, shown } = stage();
    trial.toggle('smile');
    trial.toggle('blush');
    trial.hold('A', 0.5);
    trial.hold('A', 0.7);
    trial.toggle('smile');
    expect(shown.at(-1)).toEqual({ expressions: ['blush'], parameters: { A: 0.7 } });
    expect(trial.shown()).toEqual({ expressions: ['blush'], parameters: { A: 0.7 } });
  });

  it('gives the stage back once nothing of it is left', () => {
    const { trial, shown } = stage();
    trial.toggle('smile');
    trial.toggle('smile');
    trial.hold('A', 1);
    trial.hold('A', null);
    expect(shown).toEqual([{ expressions: ['smile'], parameters: {} }, null, { expressions: [], parameters: { A: 1 } }, null]);
  });

  it('knows which motion plays, and keeps it for the act', async () => {
    const { trial, ends } = stage();
    trial.play('wave');
    trial.play('wave');
    ends[0]!('interrupted');
    await settled();
    expect(trial.playing()).toBe('wave');
    ends[1]!('done');
    await settled();
    expect([trial.playing(), trial.shown()]).toEqual([null, { motion: 'wave' }]);
  });

  it('shows an act in the place of what was tried', () => {
    const { trial, shown, now, ends } = stage();
    trial.toggle('smile');
    trial.show({ expressions: ['blush'], motion: 'wave', parameters: { B: 1 } });
    expect([shown.at(-1), now.stops, ends.length]).toEqual([{ expressions: ['blush'], parameters: { B: 1 } }, 1, 1]);
    trial.clear();
    expect([shown.at(-1), now.stops, trial.shown(), trial.playing()]).toEqual([null, 2, {}, null]);
  });

  it('asks nothing of a stage that shows another avatar', () => {
    const { trial, shown, ends, now } = stage();
    now.name = null;
    trial.toggle('smile');
    trial.play('wave');
    trial.clear();
    now.name = 'other';
    trial.show({ motion: 'wave' });
    expect([trial.isLive(), shown, ends.length, now.stops]).toEqual([false, [], 0, 0]);
  });

  it('ends when its model leaves the stage', () => {
    const { trial, seen } = stage();
    trial.toggle('smile');
    trial.lost();
    expect([trial.shown(), seen()]).toEqual([{}, 2]);
  });
});
