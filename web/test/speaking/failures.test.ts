import { expect, it } from 'vitest';
import { page } from './page';
import { begins, ends, piece, sine } from './sounds';

it('a file that fails when its speech is over is no failure of the next speech', async () => {
  const { say, speaking, speaker, clock, ...rest } = page();
  speaker();
  speaking.take(begins(0, { format: 'encoded', rate: 0 }));
  speaking.take({ ...piece(0, sine(1)), kind: 'file' });
  speaking.take(ends(0, true));
  say(0, true, 2, 's');
  for (let i = 0; i < 10; i++) await Promise.resolve();
  clock.advance(1_100);
  expect([rest.events(), rest.heard]).toEqual([['stopped 0 0', 'first 0 0', 'done 0 1000'], []]);
});
