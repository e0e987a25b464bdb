import { describe, expect, it } from 'vitest';
import { nothingSent, readSent, recalled, roomIn, sentAlso, strokeOf, type Key } from '../../src/talk/composing';

const key = (name: string, more: Partial<Key> = {}): Key =>
  ({ key: name, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, isComposing: false, keyCode: 0, ...more });
const at = (text: string, place = text.length) => ({ text, start: place, end: place });

describe('a key', () => {
  it.each([
    ['Enter', {}, 'send'], ['Enter', { shiftKey: true }, 'write'],
    ['Enter', { isComposing: true }, 'write'], ['Enter', { keyCode: 229 }, 'write'],
    ['Escape', {}, 'stop'], ['Escape', { isComposing: true }, 'write'], ['a', {}, 'write'],
  ] as const)('%s with %j means %s', (name, more, stroke) => {
    expect(strokeOf(key(name, more), at('text'), false)).toBe(stroke);
  });

  it('up brings back what was sent only where it would do nothing else', () => {
    expect(strokeOf(key('ArrowUp'), at(''), false)).toBe('older');
    expect(strokeOf(key('ArrowUp'), at('being written'), false)).toBe('write');
    expect(strokeOf(key('ArrowUp'), at('brought back'), true)).toBe('older');
    expect(strokeOf(key('ArrowUp'), at('brought back', 3), true)).toBe('write');
    expect(strokeOf(key('ArrowUp', { shiftKey: true }), at(''), false)).toBe('write');
    expect(strokeOf(key('ArrowDown'), at('brought back'), true)).toBe('newer');
    expect(strokeOf(key('ArrowDown'), at(''), false)).toBe('write');
  });
});

describe('what was sent', () => {
  it('comes back newest first, and goes again', () => {
    let sent = sentAlso(sentAlso(nothingSent, 'one'), 'two');
    const texts = (['older', 'older', 'older', 'newer', 'newer'] as const).map((which) => {
      const next = recalled(sent, which);
      sent = next.sent;
      return next.text;
    });
    expect(texts).toEqual(['two', 'one', 'one', 'two', '']);
    expect(recalled(nothingSent, 'older').text).toBe('');
  });

  it('is kept once, and not without end', () => {
    let sent = nothingSent;
    for (let i = 0; i < 100; i++) sent = sentAlso(sentAlso(sent, 'same'), String(i));
    expect(sent.texts).toHaveLength(20);
    expect(sent.texts.filter((text) => text === 'same')).toHaveLength(1);
  });

  it.each([null, '', 'x', '{}', '7', '[null,1]'])('takes %j for nothing', (text) => {
    expect(readSent(text)).toEqual(nothingSent);
  });
});

describe('the room', () => {
  it('is told when it runs out', () => {
    expect([roomIn('x', 1_000), roomIn('x'.repeat(950), 1_000), roomIn('x'.repeat(1_004), 1_000), roomIn(' '.repeat(2_000), 1_000)])
      .toEqual([null, 50, -4, null]);
  });
});
