import { describe, expect, it } from 'vitest';
import type { StageMessage } from '../../src/protocol/messages';
import { faceOf } from '../../src/scene/scene';
import { Play, delta, reply, start } from './play';

/** What the server sends to a page that was away; `age` is how long ago it was said. */
const missed = (...messages: readonly (readonly [age: number, message: StageMessage])[]): StageMessage[] =>
  messages.map(([age, message], i) => ({ ...message, epoch: 'e1', seq: i + 1, ts: start - age }));

const caughtUp = (play: Play, messages: StageMessage[]): Play => play.happen({ type: 'catchUp', messages, at: play.now });

describe('replies that were missed', () => {
  it('leave the bubble to the newest and gather in the history', () => {
    const three = reply('three', { duration: 3_000 });
    const play = caughtUp(new Play(), missed([50_000, reply('one')], [30_000, reply('two')], [20_000, three]));
    expect(play.scene.reply).toMatchObject({ text: 'three', until: start + 3_000, origin: { seq: 3 } });
    expect(play.history).toEqual(['one', 'two', 'three']);
    expect(play.scene.superseded.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(play.scene.history.map(({ at }) => start - at)).toEqual([50_000, 30_000, 20_000]);
  });

  it('take the bubble also when something else came last', () => {
    const play = caughtUp(new Play(), missed([9_000, reply('one')], [1_000, { type: 'status', content: 'busy' }]));
    expect(play.bubble).toBe('one');
    expect(play.scene.superseded).toEqual([]);
  });

  it('end the stream that was interrupted', () => {
    const half = new Play().take(delta('a', 0, 'Half'));
    const play = caughtUp(half, missed([9_000, reply('Half and half', { id: 'a' })], [1_000, reply('newer')]));
    expect(play.bubble).toBe('newer');
    expect(play.history).toEqual(['Half and half', 'newer']);
    expect(play.scene.superseded.map(({ seq }) => seq)).toEqual([1]);
  });

  it('are silenced by a stop that came after them', () => {
    const play = caughtUp(new Play(), [...missed([9_000, reply('one')]), { type: 'stop', what: 'all' }]);
    expect(play.bubble).toBeNull();
    expect(play.history).toEqual(['one']);
    expect(play.scene.superseded).toHaveLength(1);
  });

  it('play the motion of the newest only', () => {
    const two = missed([9_000, reply('one', { motion: 'wave' })], [1_000, reply('two')]);
    expect(caughtUp(new Play(), two).scene.motion).toBeNull();
    expect(caughtUp(new Play(), missed([9_000, reply('one')], [1_000, reply('two', { motion: 'nod' })])).scene.motion)
      .toMatchObject({ name: 'nod' });
  });

  it('are as many as they like', () => {
    const play = caughtUp(new Play(), missed(...Array.from({ length: 1_000 }, (_, i) => [60_000 - i, reply(`reply ${i}`)] as const)));
    expect(play.bubble).toBe('reply 999');
    expect(play.history).toHaveLength(200);
    expect(play.scene.superseded).toHaveLength(999);
  });
});

describe('a status that was missed', () => {
  it('is shown when it is young', () => {
    expect(caughtUp(new Play(), missed([9_999, { type: 'status', content: 'busy' }])).scene.status?.text).toBe('busy');
  });

  it('is not shown when it is older than a status lives, and neither is the one before it', () => {
    const play = caughtUp(new Play().kept({ type: 'status', content: 'before' }), missed([10_000, { type: 'status', content: 'busy' }]));
    expect(play.scene.status).toBeNull();
  });

  it('from a server whose clock runs ahead is young', () => {
    expect(caughtUp(new Play(), missed([-3_600_000, { type: 'status', content: 'busy' }])).scene.status?.text).toBe('busy');
  });
});

describe('what the character missed', () => {
  it('is the newest face and no old motion', () => {
    const play = caughtUp(new Play(), missed(
      [9_000, { type: 'expression', name: 'sad', weight: 1 }], [8_000, { type: 'motion', name: 'wave', priority: 'force' }],
      [7_000, { type: 'expression', name: 'joy', weight: 1 }],
    ));
    expect(faceOf(play.scene)?.name).toBe('joy');
    expect(play.scene.motion).toBeNull();
  });

  it('is not a face whose time is over', () => {
    const face = { type: 'expression', name: 'joy', weight: 1, duration: 3_000 } as const;
    expect(faceOf(caughtUp(new Play(), missed([3_000, face])).scene)).toBeNull();
    const play = caughtUp(new Play(), missed([2_000, face]));
    expect(faceOf(play.scene)?.name).toBe('joy');
    expect(faceOf(play.wait(1_000).scene)).toBeNull();
  });
});
