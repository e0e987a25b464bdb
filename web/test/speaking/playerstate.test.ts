import { describe, expect, it } from 'vitest';
import type { SoundMode } from '../../src/speaking/options';
import { newPlayer, step, type PlayerEvent, type PlayerState } from '../../src/speaking/playerstate';

const connected = { type: 'connected' } as const;
const speaker = (on: boolean): PlayerEvent => ({ type: 'speaker', on });
const sound = (state: 'on' | 'off' | 'blocked'): PlayerEvent => ({ type: 'sound', state });
const lost = (plays: boolean): PlayerEvent => ({ type: 'lost', plays });
const over = (speech: number, whole: boolean): PlayerEvent => ({ type: 'over', speech, whole });

/** What a page is after some events, and what it has to do after the last one. */
function after(events: readonly PlayerEvent[], mode: SoundMode = 'auto'): { readonly state: PlayerState; readonly effects: readonly string[] } {
  return events.reduce<{ readonly state: PlayerState; readonly effects: readonly string[] }>(({ state }, event) => step(state, event), { state: newPlayer(mode), effects: [] });
}

describe('a page', () => {
  it.each<[string, SoundMode, readonly PlayerEvent[], boolean]>([
    ['is not heard unless the hub says so', 'auto', [connected, sound('on')], false],
    ['is heard as the speaker', 'auto', [connected, speaker(true), sound('on')], true],
    ['is not heard when its browser waits for a click', 'auto', [connected, speaker(true), sound('blocked')], false],
    ['is heard with ?sound=on all the same', 'on', [sound('on')], true],
    ['is not heard when it was muted, with ?sound=on either', 'on', [sound('on'), sound('off')], false],
    ['is heard until the next sound event', 'auto', [connected, speaker(true), sound('on'), speaker(false)], true],
    ['that is no speaker any more is not heard', 'auto', [connected, speaker(true), sound('on'), speaker(false), sound('on')], false],
  ])('%s', (_, mode, events, audible) => {
    expect(after(events, mode).state.audible).toBe(audible);
  });

  it('moves the speech only when it comes to be heard or ceases to be', () => {
    const heard = [connected, speaker(true), sound('on')];
    expect(after(heard).effects).toEqual(['report', 'move']);
    expect(after([...heard, sound('on')]).effects).toEqual([]);
    expect(after([...heard, sound('off')]).effects).toEqual(['report', 'move']);
    expect(after([...heard, speaker(false), sound('on')]).effects).toEqual(['move']);
  });

  it('tells the hub of its loudspeaker once on each connection, and nothing without one', () => {
    expect(after([sound('blocked')])).toMatchObject({ state: { told: null }, effects: [] });
    expect(after([connected, sound('blocked')])).toMatchObject({ state: { told: 'blocked' }, effects: ['report'] });
    expect(after([connected, sound('blocked'), sound('blocked')]).effects).toEqual([]);
    expect(after([connected, sound('blocked'), lost(false), sound('on')])).toMatchObject({ state: { told: 'blocked' }, effects: [] });
    expect(after([connected, sound('blocked'), lost(false), connected, sound('blocked')]).effects).toEqual(['report']);
  });
});

describe('a page that lost its connection', () => {
  const heard = [connected, speaker(true), sound('on')];

  it('is the speaker to the end of the speech', () => {
    expect(after([...heard, lost(true), sound('on')]).state).toMatchObject({ speaker: true, audible: true });
    expect(after([...heard, lost(true), over(1, true), sound('on')]).state).toMatchObject({ speaker: false, lent: false, audible: false });
  });

  it('is the speaker no more when nothing is said', () => {
    expect(after([...heard, lost(false), sound('on')]).state).toMatchObject({ speaker: false, audible: false });
  });

  it('stays the speaker when the hub says so anew in the middle of the speech', () => {
    expect(after([...heard, lost(true), connected, speaker(true), over(1, false), sound('on')]).state).toMatchObject({ speaker: true, audible: true });
  });

  it('and was no speaker does not become one', () => {
    expect(after([connected, lost(true)]).state.speaker).toBe(false);
  });
});

describe('a speech that is over', () => {
  it.each([[true, 3], [false, null]])('was had in full: %j', (whole, had) => {
    expect(after([over(2, true), over(3, whole)]).state).toMatchObject({ done: 3, had });
  });

  it('before it began here is not wanted, and the page still has the one before', () => {
    expect(after([over(2, true), { type: 'skipped', speech: 3 }]).state).toMatchObject({ done: 3, had: 2 });
  });

  it('takes the speaker away only after a loss', () => {
    expect(after([connected, speaker(true), over(1, true)]).state.speaker).toBe(true);
  });
});
