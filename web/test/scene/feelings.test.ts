import { describe, expect, it } from 'vitest';
import { faceOf } from '../../src/scene/scene';
import { delta, Play, reply } from './play';

const text = 'I was sad at first, and then I laughed about it.';
const emotions = [{ at: 6, name: 'sad' }, { at: 31, name: 'joy' }];

const face = (play: Play): string | null => faceOf(play.scene)?.name ?? null;

describe('the faces within a reply', () => {
  it('come with the words that are spoken', () => {
    const play = new Play().happen({ type: 'voice', on: true, at: 0 });
    play.kept(reply(text, { id: 'r', emotion: 'thinking', emotions }));
    play.happen({ type: 'speech', reply: 'r', on: true, at: play.now });
    const uttered = (chars: number): string | null => face(play.happen({ type: 'uttered', reply: 'r', chars, at: play.now }));
    expect([uttered(5), uttered(6), uttered(9), uttered(30), uttered(37)]).toEqual(['thinking', 'thinking', 'sad', 'sad', 'joy']);
  });

  it('are those of the reply that is spoken, not of another one', () => {
    const play = new Play().kept(reply(text, { id: 'r', emotions }));
    play.happen({ type: 'uttered', reply: 'other', chars: 99, at: play.now });
    expect(face(play)).toBeNull();
  });

  it('do not come after a speech that was cut short', () => {
    const play = new Play().happen({ type: 'voice', on: true, at: 0 }).kept(reply(text, { id: 'r', duration: 60_000, emotions }));
    play.happen({ type: 'speech', reply: 'r', on: true, at: play.now }).happen({ type: 'uttered', reply: 'r', chars: 9, at: play.now });
    play.happen({ type: 'speech', reply: 'r', on: false, at: play.now }).wait(20_000);
    expect(face(play)).toBe('sad');
  });

  it('come at the pace of speech when nothing is spoken, and go with the reply', () => {
    const play = new Play().kept(reply(text, { id: 'r', duration: 8_000, emotions }));
    expect(face(play)).toBeNull();
    expect(face(play.wait(600))).toBe('sad');
    expect(face(play.wait(1_000))).toBe('sad');
    expect(face(play.wait(1_000))).toBe('joy');
    expect(face(play.wait(6_000))).toBeNull();
  });

  it('keep up with a reply that is shown for less time than its words take', () => {
    const play = new Play().kept(reply(text, { id: 'r', duration: 1_000, emotions }));
    expect(face(play.wait(900))).toBe('joy');
  });

  it('of a stream are where its pieces begin', () => {
    const play = new Play();
    play.take(delta('r', 0, 'I was '))
      .take({ ...delta('r', 1, 'sad at first, and then I '), emotion: 'sad' })
      .take({ ...delta('r', 2, 'laughed.'), emotion: 'joy' });
    expect(play.scene.reply?.feelings).toEqual(emotions);
    expect(face(play.wait(600))).toBe('sad');
    play.kept(reply('I was sad at first, and then I laughed.', { id: 'r', emotion: 'thinking', emotions }));
    expect(face(play)).toBe('sad');
    expect(face(play.wait(3_000))).toBe('joy');
  });

  it('give way to an expression that is asked for later', () => {
    const play = new Play().kept(reply(text, { id: 'r', emotions })).wait(600);
    play.kept({ type: 'expression', name: 'angry', weight: 1 });
    expect(face(play)).toBe('angry');
    expect(face(play.wait(3_000))).toBe('joy');
  });
});
