import { describe, expect, it } from 'vitest';
import { figure as english } from '../../src/base/locales/en/figure';
import { greetingAt } from '../../src/figure/tips';

describe('the greeting', () => {
  it('fits the hour', () => {
    const greetings = Array.from({ length: 24 }, (_, hour) => greetingAt(hour));
    expect(greetings.filter((key) => !(key in english))).toEqual([]);
    expect([greetings[3], greetings[8], greetings[12], greetings[20], greetings[23]])
      .toEqual(['greeting.night', 'greeting.morning', 'greeting.day', 'greeting.evening', 'greeting.night']);
  });
});
