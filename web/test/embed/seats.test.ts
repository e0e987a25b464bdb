import { expect, it } from 'vitest';
import { startSeats } from '../../src/embed/seats';

it('numbers elements of one key in the same way after a reload, and gives a number that is free again to the next one', () => {
  const seats = startSeats();
  const [first, second, other] = [seats.take('a'), seats.take('a'), seats.take('b')];
  expect([first.number, second.number, other.number]).toEqual([0, 1, 0]);
  first.leave();
  expect([seats.take('a').number, seats.take('a').number]).toEqual([0, 2]);
});

it('starts anew when all have left, and a seat that was left twice takes no other one away', () => {
  const seats = startSeats();
  const first = seats.take('a');
  first.leave();
  const next = seats.take('a');
  first.leave();
  expect([next.number, seats.take('a').number]).toEqual([0, 1]);
});
