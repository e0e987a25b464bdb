import { expect, it } from 'vitest';
import { openAvatars } from '../../src/figure/notice';

it.each([['false', 1], ['true', 0], [null, 1]])('the panel of avatars is opened, and never closed: expanded %s', (expanded, clicks) => {
  let clicked = 0;
  const button = { getAttribute: () => expanded, click: () => void clicked++ };
  openAvatars({ querySelector: () => button } as unknown as Document);
  expect(clicked).toBe(clicks);
});
