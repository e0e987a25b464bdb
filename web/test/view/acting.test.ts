import { describe, expect, it } from 'vitest';
import { startActing } from '../../src/view/acting';
import { delta, reply } from '../scene/play';
import { stage } from '../scene/rehearsal';
import { settled } from '../settled';
import { fakeDirector } from './fakedirector';

describe('acting', () => {
  function acted() {
    const scene = stage();
    const character = fakeDirector();
    const applied: (number | undefined)[] = [];
    startActing(character.director, scene.store, (origin) => applied.push(origin?.seq));
    return { ...scene, ...character, applied };
  }

  it('shows the emotion of a reply and then the face from before', () => {
    const { kept, clock, faces } = acted();
    kept({ type: 'expression', name: 'sad', weight: 1 });
    kept(reply('Hi', { emotion: 'joy', duration: 2_000 }));
    clock.advance(2_000);
    expect(faces).toEqual(['sad', 'joy', 'sad']);
  });

  it('reports what was obeyed and not what is unknown', async () => {
    const { kept, applied, faces } = acted();
    kept({ type: 'expression', name: 'joy', weight: 1 });
    kept({ type: 'expression', name: 'unheard-of', weight: 1 });
    kept({ type: 'motion', name: 'wave', priority: 'normal' });
    kept({ type: 'motion', name: 'unheard-of', priority: 'normal' });
    kept({ type: 'motion', name: 'busy', priority: 'idle' });
    await settled();
    expect(applied).toEqual([1, 3]);
    expect(faces).toEqual(['joy', 'unheard-of']);
  });

  it('plays the motion of a reply once, a growing stream included', () => {
    const { kept, live, motions } = acted();
    kept(reply('Hi', { motion: 'wave' }));
    live(delta('a', 0, 'x'));
    live(delta('a', 1, 'y'));
    expect(motions).toEqual(['wave']);
  });

  it('becomes neutral with stop all', () => {
    const { kept, live, faces } = acted();
    kept({ type: 'expression', name: 'sad', weight: 1 });
    live({ type: 'stop', what: 'all' });
    expect(faces).toEqual(['sad', null]);
  });
});
