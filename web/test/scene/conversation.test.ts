import { describe, expect, it } from 'vitest';
import type { ConversationLine } from '../../src/scene/conversation';
import { Play, reply, start } from './play';

const said = (text: string, sent = false) => ({ type: 'said', text, sent, at: start } as const);
const lines = (play: Play): readonly string[] =>
  play.scene.history.map(({ from, text, heard }) => `${from === 'user' ? 'you' : 'she'}: ${text}${heard !== undefined ? ' (cut)' : ''}`);
const line = (user: boolean, text: string, at: number, interrupted = false): ConversationLine => ({
  user, text, at: start + at, interrupted,
});
const recall = (play: Play, told: readonly ConversationLine[], since: number | null = null): Play =>
  play.happen({ type: 'conversation', lines: told, since, at: play.now });

describe('what a person said', () => {
  it('stands between the replies', () => {
    const play = new Play().happen(said('Hello?')).kept(reply('Hi!')).happen(said('Bye'));
    expect(lines(play)).toEqual(['you: Hello?', 'she: Hi!', 'you: Bye']);
  });

  it('is not repeated by the companion', () => {
    expect(lines(new Play().happen(said('Hello?', true)).happen(said('Hello?')))).toEqual(['you: Hello?']);
  });

  it('is one line when the companion took several texts together', () => {
    const play = new Play().happen(said('Wait', true)).happen(said('Is it late?', true)).happen(said('Wait Is it late?'));
    expect(lines(play)).toEqual(['you: Wait Is it late?']);
  });

  it('may be the same twice', () => {
    expect(lines(new Play().happen(said('Yes', true)).happen(said('Yes')).happen(said('Yes', true)).happen(said('Yes'))))
      .toEqual(['you: Yes', 'you: Yes']);
  });

  it('is text only, and nothing is nothing', () => {
    expect(lines(new Play().happen(said(' \u202e ')).happen(said('a\u202eb')))).toEqual(['you: ab']);
  });
});

describe('an interruption', () => {
  it('marks the last reply', () => {
    const play = new Play().kept(reply('One')).kept(reply('Two')).happen(said('Stop')).happen({ type: 'interrupted', at: start });
    expect(lines(play)).toEqual(['she: One', 'she: Two (cut)', 'you: Stop']);
  });

  it('knows how much was heard, by the voice and more exactly by what the companion remembers', () => {
    const play = new Play().kept({ ...reply('Once upon a time.'), id: 'r' })
      .happen({ type: 'uttered', reply: 'r', chars: 5, at: start }).happen({ type: 'interrupted', at: start });
    expect(play.scene.history.map(({ heard }) => heard)).toEqual([5]);
    expect(recall(play, [line(false, 'Once upon', 0, true)]).scene.history.map(({ text, heard }) => [text, heard]))
      .toEqual([['Once upon a time.', 10]]);
    const again = new Play({ history: play.scene.history, forgotten: 0, missed: false });
    expect(again.scene.history[0]?.heard).toBe(10);
    const other = new Play().kept({ ...reply('Two'), id: 's' })
      .happen({ type: 'uttered', reply: 'r', chars: 2, at: start }).happen({ type: 'interrupted', at: start });
    expect(other.scene.history[0]?.heard).toBe(0);
  });

  it('of nothing is nothing', () => {
    const play = new Play();
    const before = play.scene;
    expect(play.happen({ type: 'interrupted', at: start }).scene).toBe(before);
  });
});

describe('what the companion remembers', () => {
  const told = [
    line(true, 'Hello?', -9_000), line(false, 'Hi! How', -8_000, true), line(true, 'Fine', -5_000), line(false, 'Good.', -4_000),
  ];

  it('fills an empty history', () => {
    expect(lines(recall(new Play(), told))).toEqual(['you: Hello?', 'she: Hi! How (cut)', 'you: Fine', 'she: Good.']);
  });

  it('appears once, however often it is told, also over a reload', () => {
    const play = recall(recall(new Play(), told), told);
    const again = new Play({ history: play.scene.history, forgotten: 0, missed: false });
    expect(lines(recall(again, told))).toHaveLength(4);
    const before = again.scene;
    expect(recall(again, told).scene).toBe(before);
  });

  it('is what the page has seen itself, whole where the person did not hear it all', () => {
    const play = new Play().happen(said('Hello?')).kept(reply('Hi! How are you?')).happen(said('Fine')).kept(reply('Good.'));
    expect(lines(recall(play, told))).toEqual(['you: Hello?', 'she: Hi! How are you? (cut)', 'you: Fine', 'she: Good.']);
  });

  it('goes where it belongs', () => {
    const good = { key: 0, id: null, text: 'Good.', at: start - 4_000, lang: null, origin: null };
    const play = new Play({ history: [good], forgotten: 0, missed: false });
    expect(lines(recall(play, told)).at(-1)).toBe('she: Good.');
  });

  it('does not come back when the history was emptied', () => {
    const play = recall(new Play().happen({ type: 'forget', at: start }), told);
    expect(lines(play)).toEqual([]);
  });

  it('takes the place of everything when it is another conversation', () => {
    const play = new Play().kept(reply('Old')).happen({ type: 'forget', at: start });
    expect(lines(recall(play, told, play.scene.nextKey))).toHaveLength(4);
    expect(lines(recall(play, [], play.scene.nextKey))).toEqual([]);
  });

  it('takes the place of nothing that came after the other conversation was asked for', () => {
    const play = new Play().kept(reply('Old'));
    const since = play.scene.nextKey;
    play.kept(reply('Hello, what shall we talk about?', { id: 'greeting' }));
    expect(lines(recall(play, [], since))).toEqual(['she: Hello, what shall we talk about?']);
    expect(lines(recall(play, [line(false, 'Hello, what shall we talk about?', 5)]))).toHaveLength(1);
    expect(lines(recall(new Play(), told, 0))).toHaveLength(4);
  });
});

describe('a turn', () => {
  it('keeps the page from chatting by itself', () => {
    const play = new Play().tip('Chat').happen({ type: 'talking', on: true, at: start });
    expect(play.scene.tip).toBeNull();
    expect(play.tip('Chat').scene.tip).toBeNull();
    play.happen({ type: 'talking', on: false, at: start }).wait(10_000);
    expect(play.tip('Chat').scene.tip?.text).toBe('Chat');
  });

  it('that came to nothing is told beside the bubble', () => {
    const play = new Play().happen({ type: 'notice', text: 'It failed.', at: start });
    expect([play.scene.status?.text, play.bubble]).toEqual(['It failed.', null]);
    expect(play.wait(10_000).scene.status).toBeNull();
  });

  it('takes back what was told of the one before, and no status of another publisher', () => {
    const play = new Play().happen({ type: 'notice', text: 'It failed.', at: start }).happen({ type: 'notice', text: null, at: start });
    expect(play.scene.status).toBeNull();
    play.take({ type: 'status', content: 'Backing up' });
    const { scene } = play;
    expect(play.happen({ type: 'notice', text: null, at: start }).scene).toBe(scene);
  });
});
