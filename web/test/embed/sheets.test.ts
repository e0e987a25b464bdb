import { expect, it } from 'vitest';
import { schemeOf } from '../../src/embed/scheme';
import { inOwnUnit } from '../../src/embed/sheets';

const sheets = import.meta.glob<string>(
  ['../../src/embed/styles/*.css', '../../src/view/styles/{look,elements,bubble}.css', '../../src/markdown/markdown.css'],
  { query: '?raw', import: 'default', eager: true },
);

it('measures in a unit of its own', () => {
  expect(inOwnUnit('a{margin:1rem -.5rem 0.25rem;width:min(23rem,100vw - 2*1.5rem);left:-0.52rem}')).toBe(
    'a{margin:calc(1*var(--rem)) calc(-.5*var(--rem)) calc(0.25*var(--rem));'
    + 'width:min(calc(23*var(--rem)),100vw - 2*calc(1.5*var(--rem)));left:calc(-0.52*var(--rem))}',
  );
});

it('leaves names and other units alone', () => {
  const text = ':host{--rem:15px;width:3em}.a-1rem{color:#1rem}';
  expect(inOwnUnit(text)).toBe(text);
});

it.each(Object.keys(sheets))('%s has no measure where a unit of its own cannot stand, and looks for nothing outside', (path) => {
  expect(sheets[path]).not.toMatch(/@(media|container)[^{]*\drem/);
  expect(sheets[path]).not.toMatch(/@import|url\(/);
});

it('follows the wish, else the system', () => {
  expect([schemeOf('auto', true), schemeOf('auto', false), schemeOf('light', true), schemeOf('dark', false)])
    .toEqual(['dark', 'light', 'light', 'dark']);
});
