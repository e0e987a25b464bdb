import { describe, expect, it } from 'vitest';
import { connected, lost, named, newPlayer, over, skipped, tuned, type PlayerState } from '../../src/speaking/playerstate';

type Event = (state: PlayerState) => PlayerState;

const sound = (loudspeaker: 'on' | 'off' | 'blocked'): Event => (state) => tuned(state, loudspeaker);
const speaker = (on: boolean): Event => (state) => named(state, on);
const loss = (plays: boolean): Event => (state) => lost(state, plays);
const end = (speech: number, whole: boolean): Event => (state) => over(state, speech, whole);
const after = (events: readonly Event[], start = newPlayer('auto')): PlayerState => events.reduce((state, event) => event(state), start);

const heard = [connected, speaker(true), sound('on')];

describe('a page', () => {
  it.each<[string, readonly Event[], boolean]>([
    ['is not heard unless the hub says so', [connected, sound('on')], false],
    ['is heard as the speaker', heard, true],
    ['is not heard when its browser waits for a click', [connected, speaker(true), sound('blocked')], false],
    ['is not heard any more when it is muted', [...heard, sound('off')], false],
    ['is heard until the loudspeaker is asked', [...heard, speaker(false)], true],
    ['that is no speaker any more is not heard', [...heard, speaker(false), sound('on')], false],
  ])('%s', (_, events, audible) => {
    expect(after(events).audible).toBe(audible);
  });

  it.each([
    ['on', true], ['off', false], ['blocked', false],
  ] as const)('with ?sound=on and a loudspeaker that is %s is heard: %j', (state, audible) => {
    expect(after([sound(state)], newPlayer('on')).audible).toBe(audible);
  });

  it('has the hub told of its loudspeaker on each connection, and of nothing without one', () => {
    expect(after([sound('blocked')]).told).toBeNull();
    expect(after([connected, sound('blocked')]).told).toBe('blocked');
    expect(after([connected, sound('blocked'), loss(false), sound('on')]).told).toBe('blocked');
    expect(after([connected, sound('blocked'), loss(false), connected]).told).toBeNull();
  });
});

describe('a page that lost its connection', () => {
  it('is the speaker to the end of the speech', () => {
    expect(after([...heard, loss(true), sound('on')])).toMatchObject({ speaker: true, audible: true });
    expect(after([...heard, loss(true), end(1, true), sound('on')])).toMatchObject({ speaker: false, lent: false, audible: false });
  });

  it('is the speaker no more when nothing is said', () => {
    expect(after([...heard, loss(false), sound('on')])).toMatchObject({ speaker: false, audible: false });
  });

  it('stays the speaker when the hub says so anew in the middle of the speech', () => {
    const again = [connected, speaker(true), end(1, false), sound('on')];
    expect(after([...heard, loss(true), ...again])).toMatchObject({ speaker: true, audible: true });
  });

  it('and was no speaker does not become one', () => {
    expect(after([connected, loss(true)]).speaker).toBe(false);
  });
});

describe('a speech that is over', () => {
  it.each([[true, 3], [false, null]])('was had in full: %j', (whole, had) => {
    expect(after([end(2, true), end(3, whole)])).toMatchObject({ done: 3, had });
  });

  it('before it began here is not wanted, and the page still has the one before', () => {
    expect(skipped(after([end(2, true)]), 3)).toMatchObject({ done: 3, had: 2 });
  });

  it('takes the speaker away only after a loss', () => {
    expect(after([connected, speaker(true), end(1, true)]).speaker).toBe(true);
  });
});
