import { describe, expect, it } from 'vitest';
import type { Markdown } from '../../src/markdown/markdown';
import { startFormatting } from '../../src/view/formatting';
import { settled } from '../settled';

const part = {} as Markdown;

function rehearse(fixed: string | null = null): { formatting: ReturnType<typeof startFormatting>; loads: () => number; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  let loads = 0;
  const load = (): Promise<Markdown> => {
    loads++;
    return Promise.resolve(part);
  };
  const formatting = startFormatting(load, { read: (key) => kept.get(key) ?? null, write: (key, value) => void kept.set(key, value) }, fixed);
  return { formatting, loads: () => loads, kept };
}

describe('the part that reads Markdown', () => {
  it.each(['Hello!', '你好，世界。', '3.5 - 2', 'a (b) c!', 'One.\nTwo: three', '¥500'])('is not loaded for %j', (text) => {
    const { formatting, loads } = rehearse();
    expect(formatting.partFor(text)).toBeNull();
    expect(loads()).toBe(0);
  });

  it.each([
    '*a*', '__a__', '~~a~~', '`a`', '# A', '> a', '- a', '+ a', 'x\n1. a', '2) a', 'a | b', '[a](b)', '<https://a.b>', '&amp;', String.raw`\*`, 'A\n===', 'a\n\n---',
  ])('is loaded once for %j, and asked from then on', async (text) => {
    const { formatting, loads } = rehearse();
    let seen = 0;
    formatting.watch(() => seen++);
    expect(formatting.partFor(text)).toBeNull();
    expect(formatting.partFor(text)).toBeNull();
    await settled();
    expect(formatting.partFor(text)).toBe(part);
    expect([loads(), seen]).toEqual([1, 1]);
  });

  it('is not wanted where the address or the user says so, which is remembered', async () => {
    expect(rehearse('off').formatting.partFor('*a*')).toBeNull();
    const { formatting, kept } = rehearse();
    formatting.choose(false);
    expect([formatting.isOn(), formatting.partFor('*a*'), [...kept.values()]]).toEqual([false, null, ['off']]);
    formatting.choose(true);
    formatting.partFor('*a*');
    await settled();
    expect(formatting.partFor('*a*')).toBe(part);
  });
});
