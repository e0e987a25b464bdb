import { describe, expect, it } from 'vitest';
import { readMarkdown } from '../../src/markdown/reader';
import { isPlain } from '../../src/markdown/tree';
import { show } from './show';

describe('emphasis', () => {
  it.each([
    ['*foo bar*', '<em>foo bar</em>'],
    ['**foo bar**', '<b>foo bar</b>'],
    ['_foo bar_', '<em>foo bar</em>'],
    ['__foo bar__', '<b>foo bar</b>'],
    ['***both***', '<em><b>both</b></em>'],
    ['~~gone~~', '<s>gone</s>'],
    ['**bold *and leaning* text**', '<b>bold <em>and leaning</em> text</b>'],
    ['*foo**bar**baz*', '<em>foo<b>bar</b>baz</em>'],
    ['*foo**bar*', '<em>foo**bar</em>'],
    ['un*frigging*believable', 'un<em>frigging</em>believable'],
    ['**foo*', '*<em>foo</em>'],
    ['*foo **bar*', '*foo *<em>bar</em>'],
    ['**Never** do that.', '<b>Never</b> do that.'],
    ['"*quoted*" (*n*)', '"<em>quoted</em>" (<em>n</em>)'],
    ['*(foo)*', '<em>(foo)</em>'],
    ['foo-_(bar)_', 'foo-<em>(bar)</em>'],
    ['*foo\nbar*', '<em>foo\nbar</em>'],
  ])('%j is %s', (text, shown) => {
    expect(show(text)).toEqual([shown]);
  });

  it.each([
    ['**重要：**请注意', '<b>重要：</b>请注意'],
    ['これは**「大事」**です', 'これは<b>「大事」</b>です'],
    ['这是**“重点”**的', '这是<b>“重点”</b>的'],
    ['共有3**个**苹果', '共有3<b>个</b>苹果'],
    ['원인은 **(주의)**입니다', '원인은 <b>(주의)</b>입니다'],
    ['*强调*和~~删除~~', '<em>强调</em>和<s>删除</s>'],
  ])('needs no spaces in scripts that have none: %s', (text, shown) => {
    expect(show(text)).toEqual([shown]);
  });
});

describe('plain text', () => {
  it.each([
    'a * foo bar*', '2 * 3 * 4', '2*3*4 = 24', 'a*b + c*d', 'a*b*c', 'x**2 + y**2', '2**10 and 2**3', 'f(*args, **kwargs)', '5* hotels and 4* hotels',
    '*Terms apply. *Conditions too.', 'a*"foo"*', '**foo bar **', '** foo**', 'snake_case_name', 'пристаням_стремятся_', 'a_"foo"_', '_foo_bar_baz_'.slice(1),
    'src/__init__.py and obj.__class__', 'a ~ b ~~ c', '好~ 好的~~ 再见', '1~2, 3~4', 'a < b > c', '7>5 and 5<7', '1 > 0', '#hashtag and C#', '#5',
    'I can`t believe it, you`re really here!', 'the 80`s and the 90`s', '`tis the season, `twas', 'one ` alone', 'a & b; AT&T; &unknown;', 'x = y - z', '-5 + 3',
    '50%-60%', '3.5 is not 4)', '(a) or (b)', '[joy] Hello', '[^1]', '[[Index]]', '[more][ref]', 'a | b | c', 'item 1. x', '10.5', '2024.5.3', '>5 people', '>=3', '*', '**',
    '***'.slice(2), '_', '---'.slice(1), '(*) one, (*) two', 'the "*" and the "_" sign', 'https://example.org/__a__/b_c_d*e*f', 'https://example.org/*a*',
    String.raw`C:\a\b`, String.raw`C:\.git\_x\*.txt`, String.raw`\\server\_share\#1`, String.raw`$\frac{7}{10}$ and $n_1^2 * m_1$`, String.raw`\(a_1 * b_1\) \[x^2\]`,
    'Hello\n\n  indented\n\n    further in, *as it stands*\n\n\nend ', '<img src=x onerror="alert(1)"> *x*', '</div> **x**', '<!-- a --> _x_',
  ])('%j stays as it is', (text) => {
    const blocks = readMarkdown(text);
    expect(isPlain(blocks), show(text).join('\n')).toBe(true);
  });

  it.each([
    '(´・ω・`)', '今日は雨です(´・ω・`)でも明日は晴れますよ。一緒に出かけましょう(´・ω・`)またね。', '(`・ω・´) and (`・ω・´)', '(*^_^*) (*^_^*)', '(*´▽｀*)', '(*´ω`*)',
    '(^_^) and (^_^)', '^_^ and ^_^', '-_- and -_-', '>_< and >_<', '*_* and *_*', '(>_<)', '(T_T) (o_o) (*_*)', '(*ﾟДﾟ*)', '(*ノωノ)(*ノωノ)', '_(:3」∠)_', 'm(_ _)m',
    String.raw`¯\_(ツ)_/¯`, String.raw`\(^o^)/ and \(^o^)/`, '|ω・`)チラ |ω・`)チラ', '(；´Д`)…(；´Д`)', '*(^o^)*', '(~_~)', 'ヾ(*´∀`*)ﾉ', '( ˘▽˘)っ♨', 'orz', '<3', ';_;',
    '（＾_＾） （＾_＾）', '(｀_´)ゞ', String.raw`(\_/)`,
  ])('a face stays as it is: %s', (text) => {
    expect(isPlain(readMarkdown(text)), show(text).join('\n')).toBe(true);
    expect(show(`**A** ${text} **B**`)).toEqual([`<b>A</b> ${text} <b>B</b>`]);
  });

  it.each([
    ['(`a`, `b`)', '({a}, {b})'], ['(**A+**)', '(<b>A+</b>)'], ['(`-`)', '({-})'], ['(`)`)', '({)})'], ['(*a*/*b*)', '(<em>a</em>/<em>b</em>)'], ['(_i_)', '(<em>i</em>)'],
    ['(~~x~~)', '(<s>x</s>)'], ['**(注)**です', '<b>(注)</b>です'],
  ])('brackets around Markdown are no face: %s', (text, shown) => {
    expect(show(text)).toEqual([shown]);
  });
});

describe('code within a line', () => {
  it.each([
    ['`ls -l` lists', '{ls -l} lists'],
    ['``a ` b``', '{a ` b}'],
    ['`` ` ``', '{`}'],
    ['```ls -l``` lists files.', '{ls -l} lists files.'],
    ['`a*b*c` and `_x_`', '{a*b*c} and {_x_}'],
    ['*a `*` b*', '<em>a {*} b</em>'],
    ['使用`ls`命令', '使用{ls}命令'],
    ['two `int`s', 'two {int}s'],
    [String.raw`\`no code\``, '`no code`'],
    [String.raw`\`a \` b`, '`a ` b'],
    ['`a\\`', '{a\\}'],
    ['`a\nb`', '{a b}'],
    ['It`s `code`.', 'It`s {code}.'],
    ['`<b>` and `&amp;`', '{<b>} and {&amp;}'],
    ['`unclosed', '`unclosed'],
    ['``unclosed`', '``unclosed`'],
  ])('%j is %s', (text, shown) => {
    expect(show(text)).toEqual([shown]);
  });
});

describe('links', () => {
  it.each([
    ['[text](https://example.org)', '<link https://example.org>text</>'],
    ['[*a* `b`](https://example.org/a_b_c "Title")', '<link https://example.org/a_b_c "Title"><em>a</em> {b}</>'],
    ['[wiki](https://en.wikipedia.org/wiki/A_(b))', '<link https://en.wikipedia.org/wiki/A_(b)>wiki</>'],
    ['[a](<b c>)', '<link b c>a</>'],
    ['[more](docs/x.md)', '<link docs/x.md>more</>'],
    ['Look ![a cat](u) here.', 'Look <image u>a cat</> here.'],
    ['[![alt](https://a.b/c.png)](https://a.b)', '<link https://a.b><image https://a.b/c.png>alt</></>'],
    ['<https://example.org/?a=b&c>', '<address https://example.org/?a=b&c>https://example.org/?a=b&c</>'],
    ['<me@example.org>', '<address me@example.org>me@example.org</>'],
    ['*[a*](https://b.c)', '*<link https://b.c>a*</>'],
    ['**https://example.org**', '<b>https://example.org</b>'],
    ['[a](https://b.c?x=1&amp;y=2)', '<link https://b.c?x=1&y=2>a</>'],
    ['[[a](https://b.c)](https://d.e)', '[<link https://b.c>a</>](https://d.e)'],
    ['[文档](https://例え.jp/路)。', '<link https://例え.jp/路>文档</>。'],
    ['[](https://b.c)', '<link https://b.c></>'],
    ['[a](javascript:alert(1))', '[a](javascript:alert(1))'],
    ['[a](JaVaScRiPt:alert(1)) [b](data:text/html,x) [c](vbscript:x) [d](file:///etc)', '[a](JaVaScRiPt:alert(1)) [b](data:text/html,x) [c](vbscript:x) [d](file:///etc)'],
    ['[a](javascript&#58;x)', '[a](javascript:x)'],
    ['[a] (b)', '[a] (b)'],
    ['[a](b c)', '[a](b c)'],
    ['[a](b', '[a](b'],
    [String.raw`\[a](b)`, '[a](b)'],
    ['[x](^_^)', '[x](^_^)'],
    ['<javascript:alert(1)>', '<javascript:alert(1)>'],
  ])('%j is %s', (text, shown) => {
    expect(show(text)).toEqual([shown]);
  });
});

describe('escapes and entities', () => {
  it.each([
    [String.raw`2 \* 3 \* 4`, '2 * 3 * 4'],
    [String.raw`\*not leaning\*`, '*not leaning*'],
    [String.raw`snake\_case \# \[1\] \<b\> \\ \` \! \. \| \~`, 'snake_case # [1] <b> \\ ` ! . | ~'],
    [String.raw`costs \$5`, 'costs $5'],
    ['a\\\nb', 'a\nb'],
    ['Tom &amp; Jerry&nbsp;run', 'Tom & Jerry\u00a0run'],
    ['&lt;b&gt; &#42;a&#42; &#x1F600; &copy; &Omega; &hellip;', '<b> *a* 😀 © Ω …'],
    ['&#0; &#xD800; &#8238;x', '\ufffd \ufffd x'],
    ['a <b>tag *x*</b> **y**', 'a <b>tag <em>x</em></b> <b>y</b>'],
    ['a <a href="*x*"> *y*', 'a <a href="*x*"> <em>y</em>'],
  ])('%j is %s', (text, shown) => {
    expect(show(text)).toEqual([shown]);
  });
});
