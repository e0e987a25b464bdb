import { expect, it } from 'vitest';
import { textStorage } from '../../src/base/storage';
import { makeViewer, startIdentity } from '../../src/link/identity';
import { drawer } from '../scene/rehearsal';

function maker(): () => string {
  let made = 0;
  return () => `page-${++made}`;
}

it('is kept over a reload, until another page has it', () => {
  const storage = drawer();
  const make = maker();
  const first = startIdentity(storage, make);
  expect(first.viewer()).toBe('page-1');
  expect(startIdentity(storage, make).viewer()).toBe('page-1');
  first.renew();
  expect(first.viewer()).toBe('page-2');
  expect(startIdentity(storage, make).viewer()).toBe('page-2');
});

it('lasts as long as the page where nothing can be kept', () => {
  const identity = startIdentity(textStorage(() => { throw new Error('no cookies'); }), maker());
  expect([identity.viewer(), identity.viewer()]).toEqual(['page-1', 'page-1']);
});

it.each(['', 'two words', 'x'.repeat(65), '静'])('is never %j', (kept) => {
  const storage = drawer();
  storage.write('kotodama.viewer', kept);
  expect(startIdentity(storage, maker()).viewer()).toBe('page-1');
});

it('is one that the hub takes and no other page has', () => {
  expect(makeViewer()).toMatch(/^[0-9a-f]{24}$/);
  expect(makeViewer()).not.toBe(makeViewer());
});
