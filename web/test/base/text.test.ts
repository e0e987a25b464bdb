import { describe, expect, it } from 'vitest';
import { clean, languageOf, readingTime, stayTime, wholeWords } from '../../src/base/text';

describe('clean', () => {
  it('leaves ordinary text alone in every script', () => {
    const text = 'Tab\there.\n你好，世界！「こんにちは」 안녕 مرحبا שלום 👩‍👩‍👧 ❤\ufe0f 👍🏽 می\u200cخواهم क्\u200dष é\u200d';
    expect(clean(text)).toBe(text);
  });

  it.each([
    ['control characters', 'a\u0000b\u0007c\u001bd\u007fe\u0085f\u009fg', 'abcdefg'],
    ['bidirectional overrides', '\u202eevil\u202c \u2066x\u2069 \u202ay\u202b', 'evil x y'],
    ['invisible tags', 'hi\u{e0001}\u{e0041}\u{e007f}!', 'hi!'],
    ['byte order marks', '\ufeffhi', 'hi'],
    ['marks of direction', 'a\u200eb\u200fc\u061cd', 'abcd'],
    ['what has no width', 'a\u200bb\u2060c\u00add\u2064e\u180ef', 'abcdef'],
    ['selectors beyond the sixteenth', '字\u{e0100}x\u{e01ef}y', '字xy'],
    ['selectors in a row', '❤\ufe0f\ufe01\ufe0f!', '❤\ufe0f!'],
    ['joiners that join nothing', '\u200d \u200cx\u200c\u200dy', ' x\u200cy'],
    ['annotations and shorthand', 'a\ufff9b\ufffac\u{1bca0}d\u{1d173}e', 'abcde'],
  ])('removes %s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('knows every kind of line break', () => {
    expect(clean('a\r\nb\rc\u2028d\u2029e\nf')).toBe('a\nb\nc\nd\ne\nf');
  });

  it('shows half a character as one that is missing', () => {
    expect(clean('a\ud83db')).toBe('a\ufffdb');
    expect(clean('😊')).toBe('😊');
  });

  it('changes nothing when it is asked twice', () => {
    const once = clean('x\u202e\r\n\ud83d\u{e0041}y');
    expect(clean(once)).toBe(once);
  });
});

describe('stayTime', () => {
  it('is what the sender asked for, at least a glance', () => {
    expect(stayTime('你好', 8_000)).toBe(8_000);
    expect(stayTime('x'.repeat(150), 1_500)).toBe(1_500);
    expect(stayTime('hi', 0)).toBe(1_000);
  });

  it('is longer for a text that takes longer to read than a reply stays by default', () => {
    expect(stayTime('字'.repeat(300), 8_000)).toBe(31_000);
    expect(stayTime('字'.repeat(300), 100_000)).toBe(100_000);
  });
});

describe('readingTime', () => {
  it('grows with the text, between a second and a minute', () => {
    expect(readingTime('')).toBe(1_000);
    expect(readingTime('x'.repeat(100))).toBe(5_000);
    expect(readingTime('字'.repeat(100))).toBe(11_000);
    expect(readingTime('字'.repeat(16_000))).toBe(60_000);
  });
});

describe('languageOf', () => {
  it.each([['你好', 'zh-CN'], ['今日は', 'ja'], ['안녕', 'ko'], ['Hello', null], ['Привет', null]])('%s is %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});

describe('the word that is said', () => {
  it.each([
    ['It is 03:29 now', 10, 12, '03:29'], ['It is 03:29 now', 6, 8, '03:29'],
    ['It is 03:29 now', 3, 5, 'is'], ['Well, yes.', 0, 5, 'Well,'], ['Well, yes.', 0, 4, 'Well'],
    ['don’t go', 3, 5, 'don’t'], ['今天是星期一', 2, 3, '是'], ['于2024年', 1, 3, '2024'],
    ['a  b', 1, 3, ''], ['', 0, 0, ''], ['end. Next', 0, 3, 'end'],
  ])('in %j, from %i to %i, is %j', (text, from, to, word) => {
    expect(text.slice(...wholeWords(text, from, to))).toBe(word);
  });
});
