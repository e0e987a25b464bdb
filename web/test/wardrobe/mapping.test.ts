import { describe, expect, it } from 'vitest';
import { actIn, idleIn, isSame, nameIn, textIn, withAct, withIdle, withName, withText } from '../../src/wardrobe/mapping';
import { readModelParts } from '../../src/wardrobe/reading';

const parts = readModelParts({ name: 'mao', emotions: { joy: { expressions: ['smile'] }, love: { expressions: ['heart'] } } });

describe('avatar.json', () => {
  it('keeps what the page does not know', () => {
    const mapping = { $schema: 'x', placement: { x: 1 }, eyeBlink: ['E'], names: { parts: { P: 'Part' }, parameters: { A: 'a' } } };
    const changed = withName(withText(withAct(mapping, 'touches', 'Hat', { motion: 'm' }), 'title', ' Mao '), 'B', 'b');
    expect(changed).toEqual({
      ...mapping, touches: { Hat: { motion: 'm' } }, title: 'Mao', names: { parts: { P: 'Part' }, parameters: { A: 'a', B: 'b' } },
    });
    expect(withName(withText(withAct(changed, 'touches', 'Hat', null), 'title', ' '), 'B', '')).toEqual(mapping);
    expect(mapping.names.parameters).toEqual({ A: 'a' });
  });

  it('says what the model does, or leaves it to what it is made of', () => {
    expect(actIn({}, {}, parts, 'emotions', 'joy')).toEqual({ act: { expressions: ['smile'] }, own: false });
    expect(actIn({}, {}, parts, 'emotions', 'sad')).toEqual({ act: {}, own: false });
    const own = withAct({}, 'emotions', 'joy', { motion: 'dance' });
    expect(actIn(own, {}, parts, 'emotions', 'joy')).toEqual({ act: { motion: 'dance' }, own: true });
  });

  it('does not take for a guess what was saved before', () => {
    const saved = { emotions: { love: { expressions: ['heart'] } } };
    expect(actIn(withAct(saved, 'emotions', 'love', null), saved, parts, 'emotions', 'love')).toEqual({ act: null, own: false });
  });

  it('has null for an act that is none of the model’s own', () => {
    const none = withAct({}, 'emotions', 'joy', {});
    expect(none).toEqual({ emotions: { joy: null } });
    expect(actIn(none, {}, parts, 'emotions', 'joy')).toEqual({ act: {}, own: true });
    expect(withAct(none, 'emotions', 'joy', null)).toEqual({});
  });

  it('tells no idle motions from those of the author', () => {
    expect(idleIn({})).toBeNull();
    expect(idleIn(withIdle({}, []))).toEqual([]);
    expect(withIdle({ idle: ['a'] }, null)).toEqual({});
    expect(idleIn({ idle: ['a', 7, null] })).toEqual(['a']);
  });

  it.each([7, 'x', null, [], { emotions: 7 }, { names: [], title: 3, idle: 'a' }])('that is %j harms nothing', (mapping) => {
    const odd = mapping as Readonly<Record<string, unknown>>;
    const read = typeof odd === 'object' && odd !== null ? odd : {};
    expect([textIn(read, 'title'), nameIn(read, 'A'), idleIn(read), actIn(read, read, parts, 'emotions', 'joy').own]).toEqual(['', '', null, false]);
    expect(withAct(read, 'emotions', 'joy', { motion: 'm' })['emotions']).toEqual({ joy: { motion: 'm' } });
  });

  it('is compared by what it says', () => {
    expect(isSame({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toBe(true);
    for (const [a, b] of [[{ a: 1 }, {}], [{ a: 1 }, { a: 2 }], [[1, 2], [2, 1]], [[1], [1, 2]], [{}, []], [null, {}], [{ a: undefined }, { b: 1 }]]) {
      expect([a, b, isSame(a, b)]).toEqual([a, b, false]);
    }
  });
});
