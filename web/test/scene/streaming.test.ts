import { describe, expect, it } from 'vitest';
import { streamSilence } from '../../src/scene/replies';
import { Play, delta, reply, start } from './play';

describe('a stream', () => {
  it('grows in the bubble and is closed by the whole text', () => {
    const play = new Play().take(delta('a', 0, 'Once ')).wait(100).take(delta('a', 1, 'upon'));
    expect(play.scene.reply).toMatchObject({ text: 'Once upon', phase: 'streaming', until: null, key: 0 });
    play.wait(100).kept(reply('Once upon a time', { id: 'a', duration: 4_000, emotion: 'joy' }));
    expect(play.scene.reply)
      .toMatchObject({ text: 'Once upon a time', phase: 'whole', key: 0, until: start + 200 + 4_000, origin: { seq: 1 } });
    expect(play.wait(4_000).bubble).toBeNull();
    expect(play.history).toEqual(['Once upon a time']);
  });

  it('takes the bubble from an older reply', () => {
    const play = new Play().kept(reply('old', { duration: 60_000 })).take(delta('a', 0, 'new'));
    expect(play.bubble).toBe('new');
    expect(play.history).toEqual(['old']);
  });

  it('stays as long as it grows', () => {
    const play = new Play();
    for (let part = 0; part < 50; part++) play.take(delta('a', part, 'x')).wait(streamSilence - 1);
    expect(play.bubble).toBe('x'.repeat(50));
  });

  it('marks a part that was lost and ignores one that came twice', () => {
    const play = new Play().take(delta('a', 0, 'one')).take(delta('a', 0, 'one')).take(delta('a', 2, 'three'));
    expect(play.bubble).toBe('one…three');
  });

  it('says that it was joined in the middle', () => {
    expect(new Play().take(delta('a', 7, 'and so on')).bubble).toBe('…and so on');
  });

  it('puts a character together that came in two halves', () => {
    expect(new Play().take(delta('a', 0, '\ud83d')).take(delta('a', 1, '\ude0a')).bubble).toBe('😊');
  });

  it('cannot grow beyond what a reply may have', () => {
    const play = new Play();
    for (let part = 0; part < 5; part++) play.take(delta('a', part, 'x'.repeat(6_000)));
    expect(play.bubble).toHaveLength(16_384);
  });

  it('stays silent after stop speech, its closing message included', () => {
    const play = new Play().take(delta('a', 0, 'One')).take({ type: 'stop', what: 'speech' }).take(delta('a', 1, ' two'));
    expect(play.scene.reply).toMatchObject({ text: 'One two', speak: false });
    expect(play.kept(reply('One two', { id: 'a' })).scene.reply?.speak).toBe(false);
  });

  it('closed without any text keeps what it has', () => {
    const play = new Play().take(delta('a', 0, 'One')).kept(reply(' ', { id: 'a', duration: 2_000 }));
    expect(play.scene.reply).toMatchObject({ text: 'One', phase: 'whole' });
    expect(play.history).toEqual(['One']);
  });
});

describe('a stream that falls silent', () => {
  it('is taken as ended with what it has', () => {
    const play = new Play().take(delta('a', 0, 'Half a sen')).wait(streamSilence);
    expect(play.scene.reply).toMatchObject({ phase: 'silent', until: start + streamSilence + 8_000 });
    expect(play.history).toEqual(['Half a sen']);
    expect(play.wait(8_000).bubble).toBeNull();
  });

  it('goes on when it was only slow', () => {
    const play = new Play().take(delta('a', 0, 'Half ')).wait(streamSilence + 1_000).take(delta('a', 1, 'and half'));
    expect(play.scene.reply).toMatchObject({ text: 'Half and half', phase: 'streaming', until: null });
    expect(play.kept(reply('Half and half.', { id: 'a' })).history).toEqual(['Half and half.']);
  });

  it('does not come back with a delta after it left, but does with its closing message', () => {
    const play = new Play().take(delta('a', 0, 'Half')).wait(60_000).take(delta('a', 1, ' more'));
    expect(play.bubble).toBeNull();
    expect(play.kept(reply('Half more.', { id: 'a' })).bubble).toBe('Half more.');
    expect(play.history).toEqual(['Half more.']);
  });
});

describe('a stream whose sender is gone', () => {
  const aborted = (): Play => new Play().take(delta('a', 0, 'Half a sen')).wait(3_000).take({ type: 'llm_abort', id: 'a' });

  it('ends at once with what it has, and in silence', () => {
    const play = aborted();
    expect(play.scene.reply).toMatchObject({ text: 'Half a sen', phase: 'silent', speak: false, until: start + 3_000 + 8_000 });
    expect(play.history).toEqual(['Half a sen']);
    expect(play.wait(8_000).bubble).toBeNull();
  });

  it('goes on when its sender comes back', () => {
    const play = aborted().take(delta('a', 1, 'tence'));
    expect(play.scene.reply).toMatchObject({ text: 'Half a sentence', phase: 'streaming', until: null });
    expect(play.kept(reply('Half a sentence.', { id: 'a' })).history).toEqual(['Half a sentence.']);
  });

  it.each([
    ['of another id', new Play().take(delta('a', 0, 'One'))],
    ['that is whole', new Play().kept(reply('One', { id: 'b' }))],
    ['that left', new Play().take(delta('b', 0, 'Old')).take(delta('a', 0, 'One'))],
  ])('is none %s', (_, play) => {
    const before = play.scene;
    expect(play.take({ type: 'llm_abort', id: 'b' }).scene).toBe(before);
  });
});

describe('a stream that was replaced', () => {
  const replaced = (): Play => new Play().take(delta('a', 0, 'slow')).kept(reply('newer', { duration: 5_000 }));

  it('cannot take the bubble back with a delta', () => {
    const play = replaced().take(delta('a', 1, ' one'));
    expect(play.bubble).toBe('newer');
    expect(play.wait(5_000).take(delta('a', 2, ' two')).bubble).toBeNull();
  });

  it('closes into the history while the newer reply is shown', () => {
    const play = replaced().kept(reply('slow one', { id: 'a', emotion: 'joy', motion: 'wave' }));
    expect(play.scene).toMatchObject({ reply: { text: 'newer', origin: { seq: 1 } }, motion: null, superseded: [{ seq: 2 }] });
    expect(play.history).toEqual(['slow one', 'newer']);
  });

  it('is shown when it closes and the bubble is free', () => {
    const play = replaced().wait(5_000).kept(reply('slow one', { id: 'a' }));
    expect(play.bubble).toBe('slow one');
    expect(play.history).toEqual(['slow one', 'newer']);
  });

  it('does not disturb another stream', () => {
    const play = new Play().take(delta('a', 0, 'A0')).take(delta('b', 0, 'B0')).take(delta('a', 1, 'A1')).take(delta('b', 1, 'B1'));
    expect(play.bubble).toBe('B0B1');
    play.kept(reply('A', { id: 'a' })).kept(reply('B', { id: 'b' }));
    expect(play.bubble).toBe('B');
    expect(play.history).toEqual(['A', 'B']);
  });
});

describe('a stream that was stopped', () => {
  const stopped = (): Play => new Play().take(delta('a', 0, 'Once ')).take({ type: 'stop', what: 'all' });

  it('stays away, its closing message included', () => {
    const play = stopped().take(delta('a', 1, 'upon'));
    expect(play.bubble).toBeNull();
    play.kept(reply('Once upon a time', { id: 'a' }));
    expect(play.bubble).toBeNull();
    expect(play.history).toEqual(['Once upon a time']);
  });

  it('does not keep the next reply away', () => {
    expect(stopped().take(delta('b', 0, 'next')).bubble).toBe('next');
  });
});

describe('an id that is used again', () => {
  it('begins a new stream with part 0', () => {
    const play = new Play().take(delta('a', 0, 'one')).kept(reply('one', { id: 'a', duration: 2_000 })).wait(2_000);
    expect(play.take(delta('a', 0, 'two')).bubble).toBe('two');
    expect(play.kept(reply('two', { id: 'a' })).history).toEqual(['one', 'two']);
  });

  it('does not reopen a closed stream with a late delta', () => {
    const play = new Play().take(delta('a', 0, 'one')).kept(reply('one.', { id: 'a' })).take(delta('a', 1, '!'));
    expect(play.bubble).toBe('one.');
  });

  it('is a new reply when both were whole', () => {
    const play = new Play().kept(reply('one', { id: 'a' })).kept(reply('two', { id: 'a' }));
    expect(play.bubble).toBe('two');
    expect(play.history).toEqual(['one', 'two']);
  });
});
