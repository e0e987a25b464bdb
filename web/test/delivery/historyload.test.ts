import { describe, expect, it } from 'vitest';
import { startHistoryLoader } from '../../src/delivery/historyload';
import type { GapSeen } from '../../src/delivery/position';
import { readReplies, type StoredReply } from '../../src/scene/history';
import { emptyTab } from '../../src/scene/scene';
import { startStore } from '../../src/scene/store';
import { ManualClock } from '../base/manualclock';
import { Play, delta, reply, start } from '../scene/play';

const said = (seq: number, ts = start + seq, text = `reply ${seq}`, epoch = 'e1'): StoredReply => ({
  epoch, seq, id: `id-${seq}`, ts, text,
});

const recalled = (play: Play, ...replies: readonly StoredReply[]): Play => play.happen({ type: 'history', replies, at: play.now });

const kept = (seq: number): ReturnType<typeof reply> => reply(`reply ${seq}`, { id: `id-${seq}`, epoch: 'e1', seq, ts: start + seq });

describe('the server’s answer', () => {
  it('is read', () => {
    const replies = [{ seq: 4, id: 'a', ts: 7, content: 'Hi\u202e', emotion: 'joy' }];
    expect(readReplies({ channel: 'left', epoch: 'e1', replies })).toEqual([{ epoch: 'e1', seq: 4, id: 'a', ts: 7, text: 'Hi' }]);
  });

  it.each([null, 7, 'x', [], {}, { epoch: 'e1' }, { epoch: 7, replies: [] }, { epoch: 'e1', replies: {} }])('is not %j', (answer) => {
    expect(readReplies(answer)).toBeNull();
  });

  it('does without what does not fit', () => {
    const good = { seq: 4, id: 'a', ts: 7, content: 'Hi' };
    const bad = [
      null, 7, [], {}, { ...good, seq: -4 }, { ...good, seq: 1e300 }, { ...good, seq: '4' },
      { ...good, ts: 1e300 }, { ...good, ts: -1 }, { ...good, content: 7 }, { ...good, content: ' \u0000' },
    ];
    expect(readReplies({ epoch: 'e1', replies: [...bad, { ...good, id: 7 }] }))
      .toEqual([{ epoch: 'e1', seq: 4, id: null, ts: 7, text: 'Hi' }]);
  });
});

describe('what the server remembers', () => {
  it('fills an empty history', () => {
    const play = recalled(new Play(), said(1), said(3), said(4));
    expect(play.history).toEqual(['reply 1', 'reply 3', 'reply 4']);
    expect(play.bubble).toBeNull();
  });

  it('goes between what the page has, and nothing appears twice', () => {
    const play = recalled(new Play().take(kept(2)).take(kept(5)), said(1), said(2), said(3), said(5), said(6));
    expect(play.history).toEqual(['reply 1', 'reply 2', 'reply 3', 'reply 5', 'reply 6']);
    expect(new Set(play.scene.history.map(({ key }) => key)).size).toBe(5);
  });

  it('is the same when its numbers went on in another epoch meanwhile', () => {
    const play = recalled(new Play().take(kept(2)), said(1, start + 1, 'reply 1', 'e2'), said(2, start + 2, 'reply 2', 'e2'));
    expect(play.history).toEqual(['reply 1', 'reply 2']);
  });

  it('changes nothing the second time', () => {
    const { scene } = recalled(new Play().take(kept(2)), said(1), said(2));
    const play = new Play();
    play.scene = scene;
    expect(recalled(play, said(1), said(2)).scene).toBe(scene);
  });

  it('is not repeated by the message itself, which may come later', () => {
    const play = recalled(new Play(), said(1), said(2), said(3)).take(kept(2));
    expect(play.bubble).toBe('reply 2');
    expect(play.history).toEqual(['reply 1', 'reply 2', 'reply 3']);
    expect(play.scene.history[1]!.key).toBe(play.scene.reply!.key);
  });

  it('ends a stream whose end did not reach this page', () => {
    const play = new Play().take(delta('id-2', 0, 'Half')).wait(10_000 + 8_000);
    expect(play.history).toEqual(['Half']);
    expect(recalled(play, said(1), said(2, start + 50, 'Half and half')).history).toEqual(['reply 1', 'Half and half']);
    expect(play.take(reply('Half and half', { id: 'id-2', epoch: 'e1', seq: 2 })).history).toEqual(['reply 1', 'Half and half']);
  });

  it('stands in its time among what has no number', () => {
    const play = new Play().take(reply('early')).wait(1_000).take(reply('late'));
    expect(recalled(play, said(1, start + 500)).history).toEqual(['early', 'reply 1', 'late']);
  });

  it('stands by its number whatever the clocks say', () => {
    const play = recalled(new Play().take(kept(2)).take(kept(4)), said(3, start - 9_000), said(1, start + 9_000));
    expect(play.history).toEqual(['reply 1', 'reply 2', 'reply 3', 'reply 4']);
  });

  it('is not brought back once the user emptied the history', () => {
    const play = recalled(new Play(), said(1), said(2)).wait(1_000).happen({ type: 'forget', at: start + 1_000 });
    expect(recalled(play, said(1), said(2), said(3, start + 2_000)).history).toEqual(['reply 3']);
    expect(recalled(new Play(play.scene), said(1)).history).toEqual(['reply 3']);
  });

  it('is no more than a history holds', () => {
    expect(recalled(new Play(), ...Array.from({ length: 1_000 }, (_, i) => said(i + 1))).history).toHaveLength(200);
  });
});

describe('the past', () => {
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };

  const gap = (from: number, to: number, reason: GapSeen['reason']): GapSeen => ({ epoch: 'e1', from, to, reason, at: start });

  function asking(...answers: readonly unknown[]) {
    const store = startStore(emptyTab, new ManualClock());
    let asked = 0;
    const past = startHistoryLoader(store, () => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
    return { store, past, asked: () => asked, history: () => store.scene().history.map(({ text }) => text) };
  }

  const answer = (...seqs: readonly number[]): unknown => ({
    channel: 'left', epoch: 'e1', replies: seqs.map((seq) => ({ seq, id: null, ts: start + seq, content: `reply ${seq}` })),
  });

  it('is asked for once', async () => {
    const { past, asked, history } = asking(answer(1, 2));
    past.load();
    past.load();
    await settled();
    past.load();
    await settled();
    expect(asked()).toBe(1);
    expect(history()).toEqual(['reply 1', 'reply 2']);
  });

  it.each([new Error('no'), null, 'garbage', { error: 1 }])('is asked for again with the next welcome after %s', async (bad) => {
    const { past, asked, history } = asking(bad, answer(1));
    past.load();
    await settled();
    expect([asked(), history()]).toEqual([1, []]);
    past.load();
    await settled();
    expect(history()).toEqual(['reply 1']);
  });

  it('is asked for again when messages will not come', async () => {
    const { past, asked, history, store } = asking(answer(1), answer(1, 3));
    past.load();
    await settled();
    past.gap(gap(2, 4, 'expired'));
    past.gap(gap(6, 6, 'expired'));
    await settled();
    expect(history()).toEqual(['reply 1', 'reply 3']);
    expect(store.scene().missed).toBe(true);
    expect(asked()).toBe(3);
  });

  it('says nothing about statuses that expired, nor about a new epoch', async () => {
    const { past, store } = asking(answer(1));
    past.gap(gap(2, 4, 'expired'));
    past.gap(gap(1, 9, 'epoch'));
    await settled();
    expect(store.scene().missed).toBe(false);
  });

  it('says that something was missed when the server had to drop it', () => {
    const { past, store } = asking(new Error('no'));
    past.gap(gap(2, 4, 'overflow'));
    expect(store.scene().missed).toBe(true);
    store.happen({ type: 'forget' });
    expect(store.scene().missed).toBe(false);
  });
});
