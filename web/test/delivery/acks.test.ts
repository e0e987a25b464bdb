import { describe, expect, it } from 'vitest';
import { ackWithin, arrivedAfter, startAcks } from '../../src/delivery/acks';
import type { Ack } from '../../src/protocol/messages';
import { delta, reply } from '../scene/play';
import { drawer, stage } from '../scene/rehearsal';

describe('acknowledgements', () => {
  function acknowledged(storage = drawer()) {
    const scene = stage();
    const sent: Ack[] = [];
    const page = { visible: true, connected: true };
    const acks = startAcks({
      store: scene.store, channel: 'left', clock: scene.clock, storage, visible: () => page.visible,
      send(ack) {
        if (page.connected) sent.push(ack);
        return page.connected;
      },
    });
    const reconnect = (): void => {
      acks.lost();
      acks.flush();
      acks.heard();
    };
    return { ...scene, sent, page, acks, storage, reconnect };
  }

  it('go out at once for what is on the screen, once each', () => {
    const { kept, clock, sent } = acknowledged();
    kept(reply('Hi'));
    kept({ type: 'status', content: 'busy' });
    clock.advance(1_000);
    expect(sent).toEqual([
      { type: 'ack', channel: 'left', epoch: 'e1', displayed: [1] },
      { type: 'ack', channel: 'left', epoch: 'e1', displayed: [2] },
    ]);
  });

  it('name what has arrived, all of it in one, a quarter of a second later', () => {
    const { acks, clock, sent } = acknowledged();
    for (let seq = 1; seq <= 50; seq++) {
      acks.received({ epoch: 'e1', seq });
      clock.advance(4);
    }
    expect(sent).toEqual([]);
    clock.advance(ackWithin - 200);
    expect(sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', received: 50 }]);
    clock.advance(10_000);
    expect(sent).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });

  it('say why an expression or a motion could not be shown, at once and again on the next connection', () => {
    const { acks, sent, storage, reconnect } = acknowledged();
    const failed = { type: 'ack', channel: 'left', epoch: 'e1', failed: [{ seq: 7, code: 'unknown_motion' }] };
    acks.failed({ epoch: 'e1', seq: 7, channel: 'left' }, 'unknown_motion');
    acks.failed(null, 'unknown_motion');
    expect(sent).toEqual([failed]);
    reconnect();
    expect(sent).toEqual([failed, failed]);
    acks.save();
    const again = acknowledged(storage);
    again.acks.flush();
    expect(again.sent).toEqual([failed]);
  });

  it('travel together', () => {
    const { acks, kept, clock, sent } = acknowledged();
    acks.received({ epoch: 'e1', seq: 1 });
    kept(reply('Hi'));
    clock.advance(ackWithin);
    expect(sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', received: 1, displayed: [1] }]);
  });

  it('wait until the user can see the page', () => {
    const { kept, sent, page, acks } = acknowledged();
    page.visible = false;
    kept(reply('Hi'));
    expect(sent).toEqual([]);
    page.visible = true;
    acks.seen();
    acks.seen();
    expect(sent).toHaveLength(1);
  });

  it('wait for a connection', () => {
    const { kept, sent, page, acks, clock } = acknowledged();
    page.connected = false;
    acks.received({ epoch: 'e1', seq: 1 });
    kept(reply('Hi'));
    clock.advance(ackWithin);
    page.connected = true;
    acks.flush();
    acks.flush();
    expect(sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', received: 1, displayed: [1] }]);
  });

  it('do not mix epochs', () => {
    const { store, sent, page, acks } = acknowledged();
    page.connected = false;
    store.happen({ type: 'message', message: { ...reply('old'), epoch: 'e1', seq: 9 } });
    store.happen({ type: 'message', message: { ...reply('new'), epoch: 'e2', seq: 1 } });
    page.connected = true;
    acks.flush();
    expect(sent.map(({ epoch, displayed }) => [epoch, displayed])).toEqual([['e1', [9]], ['e2', [1]]]);
  });

  it('are not made for what came and went unseen', () => {
    const { kept, clock, sent, page, acks } = acknowledged();
    page.visible = false;
    kept(reply('one', { duration: 2_000 }));
    clock.advance(2_000);
    page.visible = true;
    acks.seen();
    clock.advance(ackWithin);
    expect(sent).toEqual([]);
  });

  it('call superseded what a newer reply replaced before the user looked', () => {
    const { kept, clock, sent, page, acks } = acknowledged();
    page.visible = false;
    kept(reply('one'));
    kept(reply('two'));
    kept(reply('three'));
    clock.advance(ackWithin);
    expect(sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', superseded: [1, 2] }]);
    page.visible = true;
    acks.seen();
    expect(sent[1]).toEqual({ type: 'ack', channel: 'left', epoch: 'e1', displayed: [3] });
  });

  it('call displayed what was seen, replaced or not', () => {
    const { kept, clock, sent, page } = acknowledged();
    kept(reply('one'));
    page.visible = false;
    kept(reply('two'));
    clock.advance(ackWithin);
    expect(sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', displayed: [1] }]);
  });

  it('call superseded what was missed but for the newest', () => {
    const { store, clock, sent } = acknowledged();
    const messages = [1, 2, 3].map((seq) => ({ ...reply(`reply ${seq}`), epoch: 'e1', seq }));
    store.happen({ type: 'catchUp', messages });
    clock.advance(ackWithin);
    expect(sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', displayed: [3], superseded: [1, 2] }]);
  });

  it('call superseded the late end of a stream that lost the bubble', () => {
    const { live, kept, clock, sent } = acknowledged();
    live(delta('a', 0, 'slow'));
    kept(reply('newer'));
    kept(reply('slow one', { id: 'a' }));
    clock.advance(ackWithin);
    expect(sent).toEqual([
      { type: 'ack', channel: 'left', epoch: 'e1', displayed: [1] },
      { type: 'ack', channel: 'left', epoch: 'e1', superseded: [2] },
    ]);
  });

  it('say what was heard to its end, whatever has the bubble by then', () => {
    const { kept, sent, acks } = acknowledged();
    kept(reply('one'));
    kept(reply('two'));
    acks.spoken({ epoch: 'e1', seq: 1 }, { ms: 640, chars: 3 }, true);
    expect(sent.at(-1)).toEqual({ type: 'ack', channel: 'left', epoch: 'e1', spoken: [1], heard: [{ seq: 1, ms: 640, chars: 3 }] });
  });

  it('say how much was heard of what was cut short, also after a reload', () => {
    const { kept, sent, acks, storage } = acknowledged();
    kept(reply('one'));
    acks.spoken({ epoch: 'e1', seq: 1 }, { ms: 120, chars: 2 }, false);
    expect(sent.at(-1)).toEqual({ type: 'ack', channel: 'left', epoch: 'e1', heard: [{ seq: 1, ms: 120, chars: 2 }] });
    acks.save();
    const after = acknowledged(storage);
    after.acks.flush();
    expect(after.sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', displayed: [1], heard: [{ seq: 1, ms: 120, chars: 2 }] }]);
  });

  it('name the closing message of a stream, not its deltas', () => {
    const { live, kept, sent } = acknowledged();
    live(delta('a', 0, 'On'));
    live(delta('a', 1, 'ce'));
    expect(sent).toEqual([]);
    kept(reply('Once', { id: 'a' }));
    expect(sent.map((ack) => ack.displayed)).toEqual([[1]]);
  });

  it('are repeated on the next connection, which tells them once', () => {
    const { acks, kept, clock, sent, reconnect } = acknowledged();
    acks.received({ epoch: 'e1', seq: 1 });
    kept(reply('Hi'));
    clock.advance(ackWithin);
    acks.received({ epoch: 'e1', seq: 2 });
    clock.advance(ackWithin);
    sent.length = 0;
    reconnect();
    acks.flush();
    clock.advance(10_000);
    expect(sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', received: 2, displayed: [1] }]);
    reconnect();
    expect(sent).toHaveLength(2);
  });

  it('are not repeated when the server was heard long after them', () => {
    const { acks, kept, clock, sent, reconnect } = acknowledged();
    kept(reply('Hi'));
    clock.advance(arrivedAfter);
    acks.heard();
    kept(reply('there'));
    sent.length = 0;
    reconnect();
    expect(sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', displayed: [2] }]);
  });

  it('are repeated after any time in which nothing was heard', () => {
    const { kept, clock, sent, reconnect } = acknowledged();
    kept(reply('Hi'));
    clock.advance(100 * arrivedAfter);
    reconnect();
    expect(sent.map((ack) => ack.displayed)).toEqual([[1], [1]]);
  });

  it('are repeated by a page that was reloaded', () => {
    const { acks, kept, clock, storage } = acknowledged();
    acks.received({ epoch: 'e1', seq: 1 });
    kept(reply('Hi'));
    clock.advance(ackWithin);
    acks.save();
    const reloaded = acknowledged(storage);
    reloaded.acks.flush();
    expect(reloaded.sent).toEqual([{ type: 'ack', channel: 'left', epoch: 'e1', received: 1, displayed: [1] }]);
  });

  it.each([
    'nonsense', '{}', '[null, 1, {"what":"eaten","epoch":"e1","seq":1}, {"what":"displayed","epoch":"","seq":1}]',
  ])('do not come from %s', (text) => {
    const storage = drawer();
    storage.write('kotodama.fates.left', text);
    const { acks, sent } = acknowledged(storage);
    acks.flush();
    expect(sent).toEqual([]);
  });

  it('leave no timer behind', () => {
    const { acks, clock } = acknowledged();
    acks.received({ epoch: 'e1', seq: 1 });
    acks.stop();
    expect(clock.waits).toEqual([]);
  });
});
