import { describe, expect, test } from 'vitest';
import { findMotion, idleMotions, motions, sample, type Key, type Motion } from '../../src/avatar/motions';
import { parameters, type ParameterId } from '../../src/avatar/parameters';
import { learnReactions } from '../../src/avatar/reactions';

describe('motions', () => {
  const early = findMotion('purr');
  learnReactions();
  const all = Object.entries(motions) as [string, Motion][];

  test.each(all)('%s has rising times within its duration and starts and ends its additions at zero', (_, motion) => {
    for (const tracks of [motion.add, motion.set]) {
      for (const keys of Object.values(tracks ?? {}) as (readonly Key[])[]) {
        keys.forEach(([ms], i) => expect(ms).toBeGreaterThan(keys[i - 1]?.[0] ?? -1));
        expect(keys[keys.length - 1]?.[0]).toBeLessThanOrEqual(motion.durationMs);
      }
    }
    for (const keys of Object.values(motion.add ?? {}) as (readonly Key[])[]) {
      expect(keys[0]?.[1]).toBe(0);
      expect(keys[keys.length - 1]?.[1]).toBe(0);
    }
  });

  test.each(all)('%s knows only parameters that there are, and takes none out of its range', (_, motion) => {
    for (const [id, keys] of Object.entries(motion.set ?? {}) as [ParameterId, readonly Key[]][]) {
      for (const [, value] of keys) {
        expect(value, id).toBeGreaterThanOrEqual(parameters[id].min);
        expect(value, id).toBeLessThanOrEqual(parameters[id].max);
      }
    }
    for (const id of Object.keys(motion.add ?? {})) expect(parameters).toHaveProperty(id);
  });

  test('reactions have names once they are learned', () => {
    expect(early).toBeUndefined();
    expect([findMotion('purr'), findMotion('Pat'), findMotion('お辞儀'), findMotion('打哈欠')]).toEqual(['purr', 'purr', 'bow', 'yawn']);
    expect(findMotion('constructor')).toBeUndefined();
  });

  test('a stroke closes the eyes in a smile and moves what stands on the head', () => {
    const { add } = motions.purr;
    expect(sample(add?.ParamEyeLOpen ?? [], 1000)).toBe(-1);
    expect(sample(add?.ParamEyeRSmile ?? [], 1000)).toBe(1);
    const ahoge = (add?.ParamAhoge ?? []).map(([, value]) => value);
    expect([Math.min(...ahoge) < 0, Math.max(...ahoge) > 0.5]).toEqual([true, true]);
  });

  test('a wave lifts the arm and moves it to and fro', () => {
    const forearm = motions.wave.set.ParamArmRB;
    const turns = forearm.filter(([, value], i) => {
      const before = forearm[i - 1]?.[1];
      const after = forearm[i + 1]?.[1];
      return before !== undefined && after !== undefined && (value - before) * (after - value) < 0;
    });
    expect(turns.length).toBeGreaterThanOrEqual(5);
    expect(sample(motions.wave.set.ParamArmRA, 1000)).toBeGreaterThan(90);
  });

  test('idle motions exist and names have aliases', () => {
    for (const name of idleMotions) expect(motions).toHaveProperty(name);
    expect(findMotion('挥手')).toBe('wave');
    expect(findMotion(' Nod ')).toBe('nod');
    expect(findMotion('constructor')).toBeUndefined();
  });

  test('a track holds its ends and eases between', () => {
    const keys: readonly Key[] = [[0, 0], [100, 10]];
    expect([sample(keys, -5), sample(keys, 50), sample(keys, 500), sample([], 10)]).toEqual([0, 5, 10, 0]);
  });
});
