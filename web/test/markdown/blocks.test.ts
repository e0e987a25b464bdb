import { describe, expect, it } from 'vitest';
import { readMarkdown } from '../../src/markdown/reader';
import { show, showBlocks } from './show';

describe('blocks', () => {
  it.each<readonly [string, readonly string[]]>([
    ['# One\n## Two ##\n### Three #3\n####### seven', ['h1: One', 'h2: Two', 'h3: Three #3', '####### seven']],
    ['Title\n===\n\nSub\n---\ntext', ['h1: Title', 'h2: Sub', 'text']],
    ['a\n\n---\n\nb\n***\n_ _ _', ['a', '---', 'b', '---', '---']],
    ['- a\n- b\n  - c\n    - d\n- e', ['list[- a, - b / list[- c / list[- d]], - e]']],
    ['* a\n\n  more\n\n* b', ['list[- a / more, - b]']],
    ['1. a\n2. b\n   - c\n3. d', ['list[1 a, 2 b / list[- c], 3 d]']],
    ['3) c\n4) d', ['list[3 c, 4 d]']],
    ['1. a\n1. b\n1. c', ['list[1 a, 2 b, 3 c]']],
    ['3. c\n2. b\n1. a', ['list[3 c, 2 b, 1 a]']],
    ['- a\n+ b', ['list[- a]', 'list[- b]']],
    ['Intro:\n- a\n- b', ['Intro:', 'list[- a, - b]']],
    ['The number is\n14. Right.', ['The number is\n14. Right.']],
    ['- a\nlazy\n\nnext', ['list[- a\nlazy]', 'next']],
    ['1. a\n\n   ```sh\n   ls\n   ```\n2. b', ['list[1 a / code(sh): ls, 2 b]']],
    ['> a\n> b\n\nc', ['quote[a\nb]', 'c']],
    ['> a\nlazy', ['quote[a\nlazy]']],
    ['>quote', ['quote[quote]']],
    ['> > deep\n> - x', ['quote[quote[deep] / list[- x]]']],
    ['```python\nprint(1)\n\n  x *y*\n```\nend', ['code(python): print(1)\n\n  x *y*', 'end']],
    ['~~~\na\n```\n~~~', ['code(): a\n```']],
    ['````\n```\n````', ['code(): ```']],
    ['```\nunclosed\n', ['code(): unclosed']],
    ['```ls -l``` lists files.\nIt is safe.', ['{ls -l} lists files.\nIt is safe.']],
    ['| a | b |\n|:--|--:|\n| 1 | `x` |\n| *2* |', ['table(left right)[a | b, 1 | {x}, <em>2</em>]']],
    ['a | b\n--- | :-:\n1 | 2\n\nend', ['table(- center)[a | b, 1 | 2]', 'end']],
    [String.raw`| a \| b | c |` + '\n|---|---|', ['table(- -)[a | b | c]']],
    ['a | b\n---', ['h2: a | b']],
    ['| a |\n| b |', ['| a |\n| b |']],
    ['-\n- a\n-\n- b', ['-', 'list[- a, - , - b]']],
    ['a\n    - b', ['a\n    - b']],
    ['1986\\. A great year', ['1986. A great year']],
    ['>_< oh\n>.<', ['>_< oh\n>.<']],
    ['- [ ] to do\n- [x] done', ['list[- [ ] to do, - [x] done]']],
    ['**1. Title**\n\n- x: *y*', ['<b>1. Title</b>', 'list[- x: <em>y</em>]']],
    ['&nbsp;\n\n    - not a list', ['\u00a0', '    - not a list']],
    ['', []],
    ['\n\n', []],
  ])('%j', (text, blocks) => {
    expect(show(text)).toEqual(blocks);
  });

  it('does not take a line that grows for what it may not become', () => {
    expect(showBlocks(readMarkdown('Intro:\n---', true))).toEqual(['Intro:\n---']);
    expect(showBlocks(readMarkdown('***', true))).toEqual(['***']);
    expect(showBlocks(readMarkdown('a | b\n--|--', true))).toEqual(['a | b\n--|--']);
    expect(showBlocks(readMarkdown('Intro:\n---\n', true))).toEqual(['h2: Intro:']);
  });

  it('takes an unclosed fence for begun while it grows', () => {
    expect(showBlocks(readMarkdown('Look:\n```py\nprint(', true))).toEqual(['Look:', 'code(py): print(']);
  });
});
