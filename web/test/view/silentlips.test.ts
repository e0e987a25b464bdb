import { describe, expect, it } from 'vitest';
import { startSilentLips } from '../../src/view/silentlips';
import { delta, reply } from '../scene/play';
import { stage } from '../scene/rehearsal';
import { fakeDirector } from './fakedirector';

describe('silent lips', () => {
  function spoken() {
    const scene = stage();
    const character = fakeDirector();
    startSilentLips(character.director, scene.store, scene.clock);
    const opened = (): boolean => character.mouths.some((open) => open !== null && open > 0.1);
    return { ...scene, mouths: character.mouths, opened };
  }

  it('moves the mouth to a reply and closes it behind the text', () => {
    const { kept, clock, mouths, opened } = spoken();
    kept(reply('Hello there'));
    clock.advance(500);
    expect(opened()).toBe(true);
    clock.advance(7_000);
    expect(mouths.at(-1)).toBeNull();
    expect(clock.waits).toHaveLength(1);
  });

  it('keeps the mouth shut when the reply says so', () => {
    const { kept, clock, opened } = spoken();
    kept(reply('Hello there', { speak: false }));
    clock.advance(5_000);
    expect(opened()).toBe(false);
  });

  it.each(['speech', 'all'] as const)('ends with stop %s', (what) => {
    const { kept, live, clock, mouths } = spoken();
    kept(reply('A rather long sentence that would take a while to say.'));
    clock.advance(500);
    live({ type: 'stop', what });
    const said = mouths.length;
    expect(mouths.at(-1)).toBeNull();
    clock.advance(5_000);
    expect(mouths.slice(said).filter((open) => open !== null)).toEqual([]);
  });

  it('ends when the publisher of a stream is gone', () => {
    const { live, clock, mouths } = spoken();
    live(delta('a', 0, 'A rather long sentence that would take a while to say.'));
    clock.advance(500);
    live({ type: 'llm_abort', id: 'a' });
    expect(mouths.at(-1)).toBeNull();
    const said = mouths.length;
    clock.advance(5_000);
    expect(mouths.slice(said).filter((open) => open !== null)).toEqual([]);
  });

  it('says the words of a stream also when they come late', () => {
    const { live, clock, mouths, opened } = spoken();
    live(delta('a', 0, 'One. '));
    clock.advance(8_000);
    expect(mouths.at(-1)).toBeNull();
    mouths.length = 0;
    live(delta('a', 1, 'Banana banana banana.'));
    clock.advance(600);
    expect(opened()).toBe(true);
  });
});
