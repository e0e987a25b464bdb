import { describe, expect, it } from 'vitest';
import { announcedWithin, startPresence } from '../../src/link/presence';
import { ManualClock } from '../base/manualclock';

function watched() {
  const clock = new ManualClock();
  let gone = 0;
  return { clock, presence: startPresence(clock, () => gone++), gone: () => gone };
}

describe('the presence of a companion', () => {
  it('ends when it does not announce itself on a new connection', () => {
    const { clock, presence, gone } = watched();
    presence.announced(true);
    presence.lost();
    presence.connected();
    clock.advance(announcedWithin - 1);
    expect(gone()).toBe(0);
    clock.advance(1);
    expect(gone()).toBe(1);
  });

  it.each([true, false])('is known as soon as the hub says %s', (on) => {
    const { clock, presence, gone } = watched();
    presence.announced(true);
    presence.connected();
    presence.announced(on);
    expect(clock.waits).toEqual([]);
    clock.advance(announcedWithin);
    expect(gone()).toBe(0);
  });

  it('is not waited for where no companion was, while there is no connection, nor after the end', () => {
    const { clock, presence } = watched();
    presence.connected();
    expect(clock.waits).toEqual([]);
    presence.announced(true);
    presence.connected();
    presence.lost();
    expect(clock.waits).toEqual([]);
    presence.connected();
    presence.stop();
    expect(clock.waits).toEqual([]);
  });
});
