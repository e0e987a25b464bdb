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
    const failed: (readonly [number | undefined, string])[] = [];
    const coming = { is: false };
    const acting = startActing(character.director, scene.store, {
      applied: (origin) => applied.push(origin?.seq), failed: (origin, code) => failed.push([origin?.seq, code]), awaits: () => coming.is,
    });
    return { ...scene, ...character, applied, failed, coming, acting };
  }

  it('shows the emotion of a reply and then the face from before', () => {
    const { kept, clock, faces } = acted();
    kept({ type: 'expression', name: 'sad', weight: 1 });
    kept(reply('Hi', { emotion: 'joy', duration: 2_000 }));
    clock.advance(2_000);
    expect(faces).toEqual(['sad', 'joy', 'sad']);
  });

  it('reports what was obeyed and not what is unknown', async () => {
    const { kept, applied, failed, faces } = acted();
    kept({ type: 'expression', name: 'joy', weight: 1 });
    kept({ type: 'expression', name: 'unheard-of', weight: 1 });
    kept({ type: 'motion', name: 'wave', priority: 'normal' });
    kept({ type: 'motion', name: 'unheard-of', priority: 'normal' });
    kept({ type: 'motion', name: 'busy', priority: 'idle' });
    await settled();
    expect(applied).toEqual([1, 3]);
    expect(failed).toEqual([[2, 'unknown_expression'], [4, 'unknown_motion']]);
    expect(faces).toEqual(['joy', 'unheard-of']);
  });

  it('asks the character that is on its way before a face is unknown', () => {
    const { kept, applied, failed, coming, acting, learn } = acted();
    coming.is = true;
    kept({ type: 'expression', name: 'unheard-of', weight: 1 });
    expect(failed).toEqual([]);
    learn('unheard-of');
    coming.is = false;
    acting.again();
    acting.again();
    expect([applied, failed]).toEqual([[1], []]);
    coming.is = true;
    kept({ type: 'expression', name: 'never-heard-of', weight: 1 });
    coming.is = false;
    acting.again();
    expect(failed).toEqual([[2, 'unknown_expression']]);
  });

  it('asks the character that is on its way before a motion is unknown', async () => {
    const { kept, applied, failed, motions, coming, acting, learn } = acted();
    coming.is = true;
    kept({ type: 'motion', name: 'never-heard-of', priority: 'normal' });
    await settled();
    kept({ type: 'motion', name: 'unheard-of', priority: 'normal' });
    await settled();
    expect(failed).toEqual([[1, 'unknown_motion']]);
    learn('unheard-of');
    coming.is = false;
    acting.again();
    acting.again();
    await settled();
    expect([motions, applied]).toEqual([['never-heard-of', 'unheard-of', 'unheard-of'], [2]]);
    expect(failed).toHaveLength(1);
  });

  it('tells that the motion of a model fails only when its file is read', async () => {
    const { kept, applied, failed, endLate } = acted();
    kept({ type: 'motion', name: 'late', priority: 'normal' });
    await settled();
    expect([applied, failed]).toEqual([[1], []]);
    endLate('unknown');
    await settled();
    expect(failed).toEqual([[1, 'unknown_motion']]);
  });

  it('does not tell that the emotion of a reply is unknown: the reply was shown', () => {
    const { kept, failed } = acted();
    kept(reply('Hi', { emotion: 'unheard-of' }));
    expect(failed).toEqual([]);
  });

  it('lets an expression stay on below the emotion of a reply, until it is over', () => {
    const { kept, clock, worn } = acted();
    kept({ type: 'expression', name: 'glasses', weight: 1, duration: 5_000 });
    kept(reply('Hi', { emotion: 'joy', duration: 8_000 }));
    clock.advance(6_000);
    expect(worn).toEqual(['glasses', 'glasses', null]);
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
