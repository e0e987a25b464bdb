import { describe, expect, it } from 'vitest';
import type { LlmResponse } from '../../src/protocol/messages';
import { afterSpeech, waitingLimit } from '../../src/scene/queue';
import { speechWithin } from '../../src/scene/replies';
import { nextChange } from '../../src/scene/rules';
import { positionFor } from '../../src/scene/scene';
import { delta, Play, reply } from './play';

const said = (id: string, more: Partial<LlmResponse> = {}): LlmResponse => reply(id, { id, duration: 1_000, ...more });

class Spoken extends Play {
  voice(on = true): this {
    return this.happen({ type: 'voice', on, at: this.now });
  }

  begin(id: string): this {
    return this.happen({ type: 'speech', reply: id, on: true, at: this.now });
  }

  end(id: string): this {
    return this.happen({ type: 'speech', reply: id, on: false, at: this.now });
  }

  get superseded(): readonly number[] {
    return this.scene.superseded.map(({ seq }) => seq);
  }

  get queue(): readonly (string | null)[] {
    return this.scene.waiting.map(({ id }) => id);
  }
}

const play = (): Spoken => new Spoken().voice();

describe('a reply on a channel with a voice', () => {
  it('waits for its speech, for three seconds at most', () => {
    const stage = play().kept(said('a'));
    expect(stage.wait(speechWithin - 1).bubble).toBe('a');
    expect(stage.wait(1).bubble).toBeNull();
  });

  it('stays until it has been spoken, and a little longer', () => {
    const stage = play().kept(said('a')).wait(500).begin('a').wait(60_000);
    expect(stage.bubble).toBe('a');
    expect(nextChange(stage.scene)).toBeNull();
    stage.end('a');
    expect(stage.wait(afterSpeech - 1).bubble).toBe('a');
    expect(stage.wait(1).bubble).toBeNull();
  });

  it('gets the bubble again when the page was loaded anew while it is spoken', () => {
    const stage = play().happen({ type: 'history', replies: [{ epoch: 'e1', seq: 1, id: 'a', ts: 1, text: 'a' }], at: 1 });
    expect(stage.bubble).toBeNull();
    stage.begin('a').wait(60_000);
    expect(stage.bubble).toBe('a');
    expect(stage.end('a').wait(afterSpeech).bubble).toBeNull();
  });

  it('leaves the bubble to another one when it was shown long ago', () => {
    const stage = play().kept(said('a')).begin('a').end('a').wait(afterSpeech).kept(said('b')).begin('a');
    expect(stage.bubble).toBe('b');
  });

  it('stays for its duration, when that is longer than the speech', () => {
    const stage = play().kept(said('a', { duration: 9_000 })).begin('a').wait(100).end('a');
    expect(stage.wait(8_899).bubble).toBe('a');
    expect(stage.wait(1).bubble).toBeNull();
  });

  it('is said by the lips alone when the voice does not come, and never twice', () => {
    const stage = play().kept(said('a', { duration: 9_000 }));
    expect([stage.scene.reply?.speak, stage.scene.reply?.awaits]).toEqual([true, stage.now + speechWithin]);
    stage.wait(speechWithin);
    expect([stage.scene.reply?.speak, stage.scene.reply?.awaits]).toEqual([true, null]);
    stage.begin('a').end('a');
    expect(stage.scene.reply?.speak).toBe(false);
  });

  it('that no voice shall speak is shown as ever', () => {
    const stage = play().kept(said('a', { speak: false }));
    expect(stage.kept(said('b')).bubble).toBe('b');
  });

  it('is waited for no longer when the voice leaves', () => {
    const stage = play().kept(said('a')).kept(said('b')).voice(false);
    expect([stage.bubble, stage.queue]).toEqual(['b', []]);
    expect(stage.wait(1_000).bubble).toBeNull();
  });
});

describe('another reply', () => {
  it('waits until the speech is over', () => {
    const stage = play().kept(said('a')).kept(said('b')).begin('a').kept(said('c'));
    expect([stage.bubble, stage.queue, stage.history]).toEqual(['a', ['b', 'c'], ['a']]);
    stage.end('a');
    expect([stage.bubble, stage.queue]).toEqual(['b', ['c']]);
    stage.begin('b').wait(5_000).end('b');
    expect([stage.bubble, stage.queue, stage.superseded]).toEqual(['c', [], []]);
  });

  it('gets the bubble when its own speech begins, before those that waited longer', () => {
    const stage = play().kept(said('a')).begin('a').kept(said('b')).kept(said('c')).begin('c');
    expect([stage.bubble, stage.queue, stage.superseded]).toEqual(['c', [], [2]]);
    expect(stage.history).toEqual(['a', 'b', 'c']);
  });

  it('takes the bubble of one that merely lingers', () => {
    const stage = play().kept(said('a', { duration: 60_000 })).begin('a').end('a').kept(said('b'));
    expect(stage.bubble).toBe('b');
  });

  it('that no voice speaks does not hold up one that is spoken', () => {
    const stage = play().kept(said('a')).begin('a').kept(said('b', { speak: false })).kept(said('c')).end('a');
    expect([stage.bubble, stage.superseded]).toEqual(['c', [2]]);
  });

  it('cuts in with interrupt, and what is said falls silent', () => {
    const stage = play().kept(said('a')).begin('a').kept(said('b'));
    const { hush } = stage.scene;
    stage.kept(said('c', { mode: 'interrupt' }));
    expect([stage.bubble, stage.queue, stage.scene.speaking]).toEqual(['c', ['b'], null]);
    expect(stage.scene.hush).not.toBe(hush);
    expect(stage.wait(speechWithin).bubble).toBe('b');
  });

  it('of which too many wait goes to the history', () => {
    const stage = play().kept(said('a')).begin('a');
    for (let i = 0; i <= waitingLimit; i++) stage.kept(said(`w${i}`));
    expect([stage.queue.length, stage.superseded, stage.history]).toEqual([waitingLimit, [2], ['a', 'w0']]);
    expect(stage.bubble).toBe('a');
  });

  it('has its three seconds from the moment at which the voice is free', () => {
    const stage = play().begin('elsewhere').kept(said('a')).wait(60_000);
    expect(stage.bubble).toBe('a');
    stage.end('elsewhere');
    expect(stage.wait(speechWithin - 1).bubble).toBe('a');
    expect(stage.wait(1).bubble).toBeNull();
  });

  it('that was missed takes the bubble at once, and no reply waits for its speech', () => {
    const stage = play().kept(said('a')).begin('a').kept(said('b'));
    const messages = [8, 9].map((seq) => ({ ...said(`m${seq}`), epoch: 'e1', seq }));
    stage.happen({ type: 'catchUp', messages, at: stage.now });
    expect([stage.bubble, stage.queue, stage.superseded, stage.scene.reply?.awaits]).toEqual(['m9', [], [2, 8], null]);
  });
});

describe('a stream', () => {
  it('is spoken while it grows', () => {
    const stage = play().take(delta('s', 0, 'One. ')).begin('s').wait(5_000)
      .take(delta('s', 1, 'Two.')).kept(said('s', { content: 'One. Two.' }));
    expect([stage.bubble, stage.scene.reply?.speak]).toEqual(['One. Two.', false]);
    expect(stage.wait(60_000).bubble).toBe('One. Two.');
    expect(stage.end('s').wait(afterSpeech).bubble).toBeNull();
  });

  it('waits in line and comes with all it has', () => {
    const stage = play().kept(said('a')).begin('a').take(delta('s', 0, 'One. ')).take(delta('s', 1, 'Two.'));
    expect(stage.bubble).toBe('a');
    stage.end('a');
    expect([stage.bubble, stage.scene.reply?.phase]).toEqual(['One. Two.', 'streaming']);
    stage.kept(said('s', { content: 'One. Two. Three.' }));
    expect(stage.bubble).toBe('One. Two. Three.');
  });

  it('that ends while it waits comes whole, and one that was aborted with what there is', () => {
    const stage = play().kept(said('a')).begin('a')
      .take(delta('s', 0, 'On')).kept(said('s', { content: 'Once.' })).take(delta('t', 0, 'Half'));
    stage.take({ type: 'llm_abort', id: 't' }).end('a');
    expect([stage.bubble, stage.scene.reply?.phase]).toEqual(['Once.', 'whole']);
    stage.begin('s').end('s');
    expect([stage.bubble, stage.scene.reply?.phase, stage.scene.reply?.speak]).toEqual(['Half', 'silent', false]);
    expect(stage.history).toEqual(['a', 'Once.', 'Half']);
  });

  it('that lost its turn ends in the history', () => {
    const stage = play().kept(said('a')).begin('a').take(delta('s', 0, 'On'))
      .kept(said('b')).begin('b').kept(said('s', { content: 'Once.' }));
    expect([stage.bubble, stage.history, stage.superseded]).toEqual(['b', ['a', 'Once.', 'b'], [3]]);
  });

  it('that is aborted falls silent', () => {
    const stage = play().take(delta('s', 0, 'One')).begin('s').take({ type: 'llm_abort', id: 's' });
    expect([stage.scene.hush, stage.scene.speaking]).toEqual([{ reply: 's' }, null]);
  });
});

describe('stop', () => {
  it('of the speech leaves the bubble, and lets the next one come', () => {
    const stage = play().kept(said('a')).begin('a').take({ type: 'stop', what: 'speech' });
    expect([stage.bubble, stage.scene.speaking, stage.scene.hush]).toEqual(['a', null, { reply: null }]);
    stage.kept(said('b')).begin('b').kept(said('c')).take({ type: 'stop', what: 'speech' });
    expect(stage.bubble).toBe('c');
  });

  it('of all takes the line away too', () => {
    const stage = play().kept(said('a')).begin('a').kept(said('b')).take(delta('s', 0, 'On')).take({ type: 'stop', what: 'all' });
    expect([stage.bubble, stage.queue, stage.superseded, stage.scene.hush]).toEqual([null, [], [2], { reply: null }]);
    expect(stage.history).toEqual(['a', 'b', 'On']);
    expect(stage.kept(said('s', { content: 'Once.' })).bubble).toBeNull();
  });
});

it('a reply is found by its id, in the bubble or in the history', () => {
  const stage = play().kept(said('a')).kept(said('b', { mode: 'interrupt' }));
  expect([positionFor(stage.scene, 'a')?.seq, positionFor(stage.scene, 'b')?.seq, positionFor(stage.scene, 'c')]).toEqual([1, 2, null]);
});
