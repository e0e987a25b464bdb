import { describe, expect, it } from 'vitest';
import { quietAfterReply } from '../../src/scene/replies';
import { nextChange, nextScene, statusLife } from '../../src/scene/rules';
import { faceOf } from '../../src/scene/scene';
import { Play, reply, start } from './play';

describe('a reply', () => {
  it('is shown for its duration and then leaves', () => {
    const play = new Play().kept(reply('Hi', { duration: 3_000 }));
    expect(play.scene.reply?.until).toBe(start + 3_000);
    expect(play.wait(2_999).bubble).toBe('Hi');
    expect(play.wait(1).bubble).toBeNull();
  });

  it('gives way to a newer one at once', () => {
    const play = new Play().kept(reply('first', { duration: 60_000 })).wait(10).kept(reply('second', { duration: 1_500 }));
    expect(play.bubble).toBe('second');
    expect(play.wait(1_500).bubble).toBeNull();
    expect(play.history).toEqual(['first', 'second']);
  });

  it('stays as long as its text takes to read, when that is longer', () => {
    const play = new Play().kept(reply('字'.repeat(100), { duration: 8_000 }));
    expect(play.wait(10_999).bubble).not.toBeNull();
    expect(play.wait(1).bubble).toBeNull();
  });

  it('with duration 0 asks for no more than a glance', () => {
    const play = new Play().kept(reply('Hi', { duration: 0 }));
    expect(play.bubble).toBe('Hi');
    expect(play.wait(999).bubble).toBe('Hi');
    expect(play.wait(1).bubble).toBeNull();
  });

  it('does not leave while the user reads it, and then leaves soon', () => {
    const play = new Play().kept(reply('Hi', { duration: 3_000 })).hold(true).wait(60_000);
    expect(play.bubble).toBe('Hi');
    expect(nextChange(play.scene)).toBeNull();
    play.hold(false);
    expect(play.wait(1_999).bubble).toBe('Hi');
    expect(play.wait(1).bubble).toBeNull();
  });

  it('that is held already, or by no reader, is the same as before', () => {
    const play = new Play().kept(reply('Hi'));
    for (const on of [false, true]) {
      const { scene } = play.hold(on);
      expect(play.hold(on).scene).toBe(scene);
    }
  });

  it('that is read still gives way to a newer one, which no reader holds yet', () => {
    const play = new Play().kept(reply('one', { duration: 3_000 })).hold(true).kept(reply('two', { duration: 3_000 }));
    expect(play.bubble).toBe('two');
    expect(play.wait(3_000).bubble).toBeNull();
  });

  it('without anything visible in it changes nothing', () => {
    const play = new Play().kept(reply('shown')).kept(reply(' \u0000\u202e\n '));
    expect(play.bubble).toBe('shown');
    expect(play.history).toEqual(['shown']);
  });

  it('is cleaned before it is shown', () => {
    expect(new Play().kept(reply('a\u0007\u202eb\r\nc')).bubble).toBe('ab\nc');
  });

  it('that is late for its own end, as in a tab that slept, is gone when the next event comes', () => {
    const play = new Play().kept(reply('Hi', { duration: 3_000 }));
    play.now += 3_600_000;
    expect(play.tip('psst').scene.tip?.text).toBe('psst');
    expect(play.bubble).toBeNull();
  });
});

describe('the status', () => {
  it('has a life of its own beside the reply', () => {
    const play = new Play().kept(reply('Hi', { duration: 60_000 })).kept({ type: 'status', content: 'thinking' });
    expect(play.bubble).toBe('Hi');
    expect(play.scene.status?.text).toBe('thinking');
    expect(play.wait(statusLife - 1).scene.status).not.toBeNull();
    expect(play.wait(1).scene.status).toBeNull();
    expect(play.bubble).toBe('Hi');
  });

  it('lives anew with each message', () => {
    const play = new Play().kept({ type: 'status', content: 'a' }).wait(9_000).kept({ type: 'status', content: 'b' }).wait(9_000);
    expect(play.scene.status?.text).toBe('b');
  });

  it.each(['', '  ', '\u0000'])('is taken away by %j', (content) => {
    expect(new Play().kept({ type: 'status', content: 'a' }).kept({ type: 'status', content }).scene.status).toBeNull();
  });
});

describe('a tip', () => {
  it('is shown when nothing is said', () => {
    const play = new Play().tip('psst');
    expect(play.scene.tip?.text).toBe('psst');
    expect(play.wait(5_999).scene.tip).not.toBeNull();
    expect(play.wait(1).scene.tip).toBeNull();
  });

  it('never shows while a reply is there, and goes when one comes', () => {
    const play = new Play().tip('psst').kept(reply('Hi'));
    expect(play.scene.tip).toBeNull();
    expect(play.tip('psst').scene.tip).toBeNull();
    expect(play.bubble).toBe('Hi');
  });

  it('keeps away for a while after a reply', () => {
    const play = new Play().kept(reply('Hi', { duration: 3_000 })).wait(3_000 + quietAfterReply - 1);
    expect(play.tip('psst').scene.tip).toBeNull();
    expect(play.wait(1).tip('psst').scene.tip?.text).toBe('psst');
  });

  it('does not mind a status', () => {
    expect(new Play().kept({ type: 'status', content: 'busy' }).tip('psst').scene.tip?.text).toBe('psst');
  });
});

describe('the face', () => {
  const joy = reply('Hi', { emotion: 'joy', duration: 2_000 });
  const sad = { type: 'expression', name: 'sad', weight: 0.5 } as const;

  it('shows the emotion of a reply as long as the reply is shown', () => {
    const play = new Play().kept(joy);
    expect(faceOf(play.scene)).toMatchObject({ name: 'joy', weight: 1 });
    expect(faceOf(play.wait(2_000).scene)).toBeNull();
  });

  it('returns to the last expression', () => {
    const play = new Play().kept(sad).kept(joy);
    expect(faceOf(play.scene)?.name).toBe('joy');
    expect(faceOf(play.wait(2_000).scene)).toMatchObject({ name: 'sad', weight: 0.5 });
  });

  it('obeys an expression that comes during a reply', () => {
    expect(faceOf(new Play().kept(joy).kept(sad).scene)?.name).toBe('sad');
  });

  it('falls back to the reply when an expression has run out', () => {
    const play = new Play().kept(joy).kept({ ...sad, duration: 500 });
    expect(faceOf(play.wait(500).scene)?.name).toBe('joy');
  });

  it('keeps an expression without duration until it is changed', () => {
    expect(faceOf(new Play().kept(sad).wait(3_600_000).scene)?.name).toBe('sad');
  });

  it('forgets the emotion of a reply that was replaced', () => {
    expect(faceOf(new Play().kept(joy).kept(reply('plain')).scene)).toBeNull();
  });
});

describe('a motion', () => {
  it('comes anew with each message, the same name included', () => {
    const play = new Play().kept({ type: 'motion', name: 'nod', priority: 'normal' });
    const first = play.scene.motion;
    expect(play.kept({ type: 'motion', name: 'nod', priority: 'force' }).scene.motion).toMatchObject({ name: 'nod', priority: 'force' });
    expect(play.scene.motion).not.toBe(first);
  });

  it('comes with a reply', () => {
    expect(new Play().kept(reply('Hi', { motion: 'wave' })).scene.motion).toMatchObject({ name: 'wave', priority: 'normal' });
  });
});

describe('stop', () => {
  const busy = (): Play => new Play()
    .kept({ type: 'status', content: 'busy' })
    .kept({ type: 'expression', name: 'sad', weight: 1 })
    .kept(reply('Hi', { emotion: 'joy', motion: 'wave', duration: 60_000 }));

  it('speech silences the reply and leaves it to be read', () => {
    const { scene } = busy().take({ type: 'stop', what: 'speech' });
    expect(scene.reply).toMatchObject({ text: 'Hi', speak: false, until: start + 60_000 });
    expect(faceOf(scene)?.name).toBe('joy');
  });

  it('all takes bubble, expression and motion, not the status and not the history', () => {
    const { scene } = busy().take({ type: 'stop', what: 'all' });
    expect(scene).toMatchObject({ reply: null, expression: null, motion: null, status: { text: 'busy' } });
    expect(faceOf(scene)).toBeNull();
    expect(scene.history).toHaveLength(1);
  });

  it('is followed by silence, not by a tip', () => {
    const play = busy().take({ type: 'stop', what: 'all' });
    expect(play.tip('psst').scene.tip).toBeNull();
    expect(play.wait(quietAfterReply).tip('psst').scene.tip).not.toBeNull();
  });

  it('with nothing to stop is no event', () => {
    const { scene } = new Play();
    expect(nextScene(scene, { type: 'message', message: { type: 'stop', what: 'speech' }, at: start })).toBe(scene);
  });
});

describe('the history', () => {
  it('keeps the newest two hundred', () => {
    const play = new Play();
    for (let i = 1; i <= 250; i++) play.kept(reply(`reply ${i}`));
    expect(play.history).toHaveLength(200);
    expect(play.history.at(0)).toBe('reply 51');
    expect(play.history.at(-1)).toBe('reply 250');
  });

  it('can be cleared while a reply is shown', () => {
    const play = new Play().kept(reply('Hi')).happen({ type: 'forget', at: start });
    expect(play.history).toEqual([]);
    expect(play.bubble).toBe('Hi');
  });

  it('goes on after a reload with keys of its own', () => {
    const play = new Play(new Play().kept(reply('a')).kept(reply('b')).scene).take(reply('c'));
    expect(play.history).toEqual(['a', 'b', 'c']);
    expect(new Set(play.scene.history.map((entry) => entry.key)).size).toBe(3);
  });
});
