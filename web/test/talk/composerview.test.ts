import { expect, it } from 'vitest';
import { isStoppable } from '../../src/talk/composerview';
import type { TurnState } from '../../src/protocol/talk';

it.each<[string | null, TurnState, boolean]>([
  ['Koto', 'idle', false], ['Koto', 'listening', false], ['Koto', 'transcribing', true],
  ['Koto', 'thinking', true], ['Koto', 'speaking', true],
  ['', 'speaking', true], [null, 'speaking', false],
])('a companion called %j that is %s can be stopped: %j', (name, state, stops) => {
  expect(isStoppable({ name, state, online: true, refused: false })).toBe(stops);
});
