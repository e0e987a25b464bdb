import { describe, expect, it } from 'vitest';
import { growingReader, readMarkdown } from '../../src/markdown/reader';
import { spokenText } from '../../src/markdown/spoken';
import { wordsIn, type Block, type Link } from '../../src/markdown/tree';

const pieces = [
  'word', 'of', 'a', 'I', '今日', 'は', '雨', 'é', '😀', ' ', ' ', ' ', '\n', '\n', '\n\n', '*', '*', '**', '**', '***', '_', '__', '~~', '~', '`', '`', '``', '```', '\n```\n',
  '\n```sh\n', '\n- ', '\n  - ', '\n1. ', '\n2) ', '\n> ', '>', '\n# ', '\n## ', '\n---\n', '\n***\n', '\n===\n', '[', ']', '](', ')', '(', '![', '](Z)', '](https://Z.Z "Z")', '<', '>',
  '&', '\\', '\\*', '|', '\n|-|-|\n', '\n| a | b |\n', ':', '(´・ω・`)', '(*^_^*)', '.', '!', '，', '：', '「', '」', '\t', '    ', '$', '<b>', '</b>', '-', '+', '=',
];

/** Chance by a seed, so that a failure can be played again. */
function chance(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e_37_79_b9;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

function textBy(next: (below: number) => number): string {
  return Array.from({ length: 2 + next(40) }, () => pieces[next(pieces.length)]!).join('');
}

const seeds = Array.from({ length: 1_000 }, (_, seed) => seed);

/** The letters and digits of a text that no words show. */
function lost(text: string, blocks: readonly Block[]): string {
  const shown = new Set<number>();
  for (const { from, to } of wordsIn(blocks)) for (let i = from; i < to; i++) shown.add(i);
  return [...text].reduce<[string, number]>(([found, at], character) => (
    [/[\p{L}\p{N}]/u.test(character) && !shown.has(at) ? found + character : found, at + character.length]
  ), ['', 0])[0];
}

describe('any text', () => {
  it('keeps each letter and digit but for targets of links and numbers of lists', () => {
    for (const seed of seeds) {
      const text = textBy(chance(seed));
      const blocks = readMarkdown(text);
      const left = [...lost(text, blocks).replaceAll(/\d/g, '')].sort().join('');
      expect(left, `${seed}: ${JSON.stringify(text)}`).toBe([...targets(blocks).replaceAll(/[^\p{L}]/gu, '')].sort().join(''));
    }
  });

  it('has its words in order, each in its place', () => {
    for (const seed of seeds) {
      const text = textBy(chance(seed));
      let past = 0;
      for (const words of wordsIn(readMarkdown(text))) {
        expect(words.from, `${seed}: ${JSON.stringify(text)}`).toBeGreaterThanOrEqual(past);
        expect(text.slice(words.from, words.to).replaceAll('\n', ' '), `${seed}: ${JSON.stringify(text)}`).toBe(words.text.replaceAll('\n', ' '));
        past = words.to;
      }
    }
  });

  it('is the same in pieces as whole, at each cut', () => {
    for (const seed of seeds) {
      const next = chance(seed);
      const text = textBy(next);
      const read = growingReader();
      for (let to = next(4); to < text.length; to += 1 + next(6)) {
        const part = text.slice(0, to);
        expect(read(part, true), `${seed}: ${JSON.stringify(part)}`).toEqual(readMarkdown(part, true));
      }
      expect(read(text, false), `${seed}: ${JSON.stringify(text)}`).toEqual(readMarkdown(text));
    }
  }, 60_000);
});

describe('a growing text', () => {
  it('keeps finished blocks as the same objects', () => {
    const read = growingReader();
    const before = read('# Title\n\n- a\n- b\n\nOne *word*\n\nTwo', true);
    const now = read('# Title\n\n- a\n- b\n\nOne *word*\n\nTwo more', true);
    expect(now[0]).toBe(before[0]);
    expect(now[1]).toBe(before[1]);
    expect(now[3]).not.toBe(before[3]);
  });
});

describe('a screen reader', () => {
  it('hears the words without their signs', () => {
    const text = '## Title\n\n**One** [link](https://example.org)\n\n1. a\n2. b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```sh\nls\n```';
    expect(spokenText(readMarkdown(text))).toBe('Title\nOne link\n1. a\n2. b\nx, y\n1, 2\nsh\nls');
  });
});

/** The addresses and titles of the links of some nodes, as far as they stand beside their texts. */
function targets(nodes: unknown): string {
  if (typeof nodes !== 'object' || nodes === null) return '';
  const own = 'kind' in nodes && (nodes.kind === 'link' || nodes.kind === 'image') ? `${(nodes as Link).address}${(nodes as Link).title}` : '';
  return own + Object.values(nodes).map(targets).join('');
}

const longest = 65_536;

describe('hostile texts', () => {
  it.each([
    '[', ']', '*', '_', '>', '`', '~', '<', '&', '\\', '!', '(', '|', '#', '-', '=', '$', '"', ' ', '\t', '\n', '> ', '- ', '* a ', '1. ', '**a ', '*a_ ', 'a*b c', '_a*', '[a](',
    '[a](b "', '![', '![a', '[a](b)', '[![a](b)', '<a ', '<a "', '<!--', '<https:', '`a``', '``` ', '(*', '(´・', '(´・ω・`)', '\\[', '\\(', '$a', '$$', 'https://a', '&#1', '&amp;', '^_',
    'a\n', '- a\n', '  - a\n', '> a\n>', '> > > ', '|a', '|-', 'a|b\n-|-\n', '# #', '```\n', '~~a~~', '*a**b***c', '***a** b* ', '“*', '* * ', '--- ', '\\*', 'a__b', '"*" ', 'C:\\',
    '一*', '：**', '<b>\n', '    a\n', '\n\n- ', '[a](<', 'x` y', '![[](', 'a*', '**a*',
  ])('%j, over and over, is read in time that grows with its length', (piece) => {
    const text = piece.repeat(Math.ceil(longest / piece.length)).slice(0, longest);
    expect(depthOf(readMarkdown(text))).toBeLessThan(30);
    // A tenth of a second at most; what grew with the square of the length would take minutes.
  }, 60_000);
});

const depthOf = (nodes: readonly unknown[]): number => nodes.reduce<number>((deepest, node) => {
  if (typeof node !== 'object' || node === null) return deepest;
  const inner = Array.isArray(node) ? node : Object.values(node).filter((value) => Array.isArray(value)).flat();
  return Math.max(deepest, 1 + depthOf(inner));
}, 0);
