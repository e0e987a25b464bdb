import { describe, expect, test } from 'vitest';
import { bases, choices, colourNames, lookOf, readLook, type Base, type Look } from '../../../src/avatar/vector/look';

/** Reads, and returns what was warned of as well. */
function read(value: unknown, fallback?: Base): { readonly look: Look; readonly warned: string[] } {
  const warned: string[] = [];
  return { look: readLook(value, fallback, (text) => warned.push(text)), warned };
}

describe('a look', () => {
  test.each([undefined, null, {}])('of %j is that of the base', (value) => {
    expect(read(value)).toEqual({ look: lookOf('koto'), warned: [] });
    expect(read(value, 'nagi').look).toEqual(lookOf('nagi'));
  });

  test('takes colours in both lengths and any case, and choices, over its base', () => {
    const { look, warned } = read({ base: 'kitsu', hair: '#ABC', eyes: ' #01fE9a ', tail: 'none', clothes: 'gown' });
    expect(look).toEqual({ ...lookOf('kitsu'), tail: 'none', clothes: 'gown', colours: { hair: '#aabbcc', eyes: '#01fe9a' } });
    expect(warned).toEqual([]);
  });

  test('leaves out what makes no sense, and warns once with the name, what would be right, and what came', () => {
    const { look, warned } = read({ base: 'nagi', hair: 'blue', eyes: '#12', skin: 5, ears: 'wolf', hat: true, dress: '#112233' });
    expect(look).toEqual({ ...lookOf('nagi'), colours: { dress: '#112233' } });
    expect(warned).toEqual([
      'A look has parts that were left out: ears is one of none, fox, cat, not "wolf"; hair is a colour such as #aa88ff, not "blue"; '
      + 'skin is a colour such as #aa88ff, not 5; eyes is a colour such as #aa88ff, not "#12"; "hat" is not known.',
    ]);
  });

  test.each([
    ['a text', '"a text"'], [7, '7'], [[1], 'a list'], [true, 'true'],
  ])('that is %j is that of the base, with a warning', (value, shown) => {
    const { look, warned } = read(value);
    expect(look).toEqual(lookOf('koto'));
    expect(warned).toEqual([`A look has parts that were left out: a look is an object, not ${shown}.`]);
  });

  test('of a hostile file ends in a short warning', () => {
    const hostile = JSON.parse(`{"__proto__":{"hair":"#fff"},"base":{"toString":1},"constructor":"x","${'k'.repeat(5000)}":1,`
      + `"hair":"#ffffff;background:url(//x)","skin":{"toString":null},"eyes":"url(#a)"}`) as unknown;
    const { look, warned } = read(hostile);
    expect(look).toEqual(lookOf('koto'));
    expect(warned.join('').length).toBeLessThan(800);
  });

  test('has a value for every choice on every base', () => {
    for (const base of bases) {
      for (const [name, among] of Object.entries(choices)) expect(among).toContain(lookOf(base)[name as keyof typeof choices]);
    }
    expect(new Set(colourNames).size).toBe(colourNames.length);
  });
});
