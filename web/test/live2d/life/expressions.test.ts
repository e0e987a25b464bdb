import { afterEach, describe, expect, it, vi } from 'vitest';
import { begin, holding, stage, type Stage } from './fakes';

afterEach(() => void vi.restoreAllMocks());

const parameters = { ParamAngleX: [-30, 0, 30], ParamMouthForm: [-1, 0, 1], ParamEyeLOpen: [0, 1, 2] } as const;
type Item = readonly [id: string, value: unknown, blend?: string];

const expression = (items: readonly Item[], fades: Record<string, unknown> = { FadeInTime: 0, FadeOutTime: 0 }): unknown =>
  ({ Type: 'Live2D Expression', ...fades, Parameters: items.map(([Id, Value, Blend]) => ({ Id, Value, Blend })) });

const expressions = {
  add: expression([['ParamAngleX', 10, 'Add']]),
  more: expression([['ParamAngleX', 4]]),
  double: expression([['ParamAngleX', 2, 'Multiply'], ['ParamEyeLOpen', 0.5, 'Multiply']]),
  fixed: expression([['ParamAngleX', -5, 'Overwrite']]),
  slow: expression([['ParamMouthForm', 1, 'Add']], { FadeInTime: 1, FadeOutTime: 2 }),
  plain: expression([['ParamMouthForm', 1, 'Add']], {}),
};

function shown(names: readonly string[], weight = 1): Stage {
  const at = stage({ parameters, expressions });
  at.life.express(names, weight);
  at.life.step(0);
  return at;
}

describe('expressions', () => {
  it('add where their file does not say how they blend, and their names have no case', () => {
    expect(shown(['ADD']).value('ParamAngleX')).toBe(10);
    expect(shown(['more']).value('ParamAngleX')).toBe(4);
  });

  it('show several at once, in whatever order they were asked for (pitfall 6)', () => {
    const values = (names: readonly string[]): readonly number[] => {
      const at = stage({ parameters, expressions });
      for (let k = 1; k <= names.length; k++) at.life.express(names.slice(0, k), 1);
      at.life.step(0);
      return [at.value('ParamAngleX'), at.value('ParamEyeLOpen')];
    };
    expect(values(['add', 'more', 'double'])).toEqual([28, 0.5]);
    expect(values(['double', 'more', 'add'])).toEqual([28, 0.5]);
    expect(values(['fixed', 'double', 'add'])).toEqual([10, 0.5]);
    expect(values(['add', 'double', 'fixed'])).toEqual([10, 0.5]);
  });

  it('start from what the motion says, and leave no trace in it (pitfall 6)', async () => {
    const at = stage({ parameters, expressions, motions: { turn: holding('ParamAngleX', 3) } });
    at.life.express(['add', 'double'], 1);
    await begin(at, 'turn');
    at.pass(0.5);
    expect(at.value('ParamAngleX')).toBe(26);
    at.life.express([], 1);
    at.life.step(16);
    expect(at.value('ParamAngleX')).toBe(3);
  });

  it('take the others back, and nothing else', () => {
    const at = shown(['add', 'fixed', 'unknown']);
    at.life.express(['add'], 1);
    at.life.step(16);
    expect(at.value('ParamAngleX')).toBe(10);
  });

  it('fade as half a cosine does, each in its own time', () => {
    const at = shown(['slow', 'add']);
    expect([at.value('ParamMouthForm'), at.value('ParamAngleX')]).toEqual([0, 10]);
    at.pass(0.25);
    expect(at.value('ParamMouthForm')).toBeCloseTo(0.5 - 0.5 * Math.cos(Math.PI / 4), 4);
    at.pass(0.75);
    expect(at.value('ParamMouthForm')).toBe(1);
    expect(at.life.step(16)).toBe(false);
    at.life.express([], 1);
    at.life.step(0);
    expect(at.life.step(1000)).toBe(true);
    expect(at.value('ParamMouthForm')).toBeCloseTo(0.5, 5);
    at.pass(1);
    expect(at.value('ParamMouthForm')).toBe(0);
    expect(at.life.step(16)).toBe(false);
  });

  it('fade in a second where their file does not say', () => {
    const at = shown(['plain']);
    at.pass(0.5);
    expect(at.value('ParamMouthForm')).toBeCloseTo(0.5, 4);
  });

  it('turn back from where they are', () => {
    const at = shown(['slow']);
    at.pass(0.5);
    at.life.express([], 1);
    at.life.step(16);
    expect(at.value('ParamMouthForm')).toBeCloseTo(0.5, 2);
  });

  it('show as strongly as they are asked to', () => {
    expect(shown(['add'], 0.4).value('ParamAngleX')).toBeCloseTo(4, 5);
    expect(shown(['double'], 0.5).value('ParamEyeLOpen')).toBeCloseTo(0.75, 5);
    expect(shown(['add'], 7).value('ParamAngleX')).toBe(10);
    expect(shown(['add'], Number.NaN).value('ParamAngleX')).toBe(10);
  });

  it('that only lie in the folder show like those that model3.json lists, and so do such motions (pitfall 21)', async () => {
    const manifest = {
      expressions: [{ name: 'star eyes', file: 'exp/%E6%98%9F.exp3.json' }],
      motions: [{ name: 'dance', group: null, file: 'dance.motion3.json', fadeIn: null, fadeOut: null, sound: null }],
    };
    const at = stage({
      parameters, manifest, expressions: { 'exp/%E6%98%9F.exp3.json': expressions.add }, motions: { dance: holding('ParamMouthForm', 0.5) },
    });
    expect([at.life.expressions, at.life.motions]).toEqual([['star eyes'], ['dance']]);
    at.life.express(['Star Eyes'], 1);
    await begin(at, 'Dance');
    expect([at.value('ParamAngleX'), at.value('ParamMouthForm')]).toEqual([10, 0.5]);
  });

  it('that are broken are told once and show nothing', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const half = { Parameters: [{ Id: 'ParamAngleX' }, 5, { Id: 'ParamAngleX', Value: 6 }] };
    const at = stage({ parameters, expressions: { bad: [1, 2], half } });
    at.life.express(['bad', 'half'], 1);
    at.pass(1.1);
    expect(at.value('ParamAngleX')).toBe(6);
    expect(warn.mock.calls).toEqual([['Model paper: bad.exp3.json cannot be used: it is no expression']]);
  });
});
