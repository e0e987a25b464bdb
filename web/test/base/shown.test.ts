import { describe, expect, it } from 'vitest';

const raw = import.meta.glob<string>('../../src/**/*.ts', { query: '?raw', import: 'default', eager: true });

/** Where texts are put into the page: they clean them, or show replies, which the scene cleaned as a whole. */
const doors = ['base/shown.ts', 'base/elements.ts', 'base/i18n.ts', 'view/words.ts', 'markdown/drawing.ts'];

const places = String.raw`\.(textContent|innerText|title|placeholder|alt|ariaLabel|nodeValue) = `;

/** Texts of the page itself clean what they are filled with. */
const own = String.raw`(?!words\(|i18n\.text\(|clean\(|'')`;

const uncleaned = new RegExp(`${places}${own}|setAttribute\\('(aria-label|title|alt|placeholder)'|createTextNode|insertAdjacentText`);

describe('texts in the page', () => {
  const lines = Object.entries(raw).flatMap(([path, text]) => text.split('\n').map((line) => [path.slice('../../src/'.length), line] as const));

  it('go through the doors that clean them', () => {
    expect(lines.length).toBeGreaterThan(10_000);
    expect(lines.filter(([path, line]) => !doors.includes(path) && uncleaned.test(line))).toEqual([]);
  });

  it('are found by the pattern', () => {
    for (const line of ['name.textContent = companion.name;', 'box.title = name;', "it.setAttribute('aria-label', name);"]) {
      expect(uncleaned.test(line)).toBe(true);
    }
  });
});
