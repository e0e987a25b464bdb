import { describe, expect, it } from 'vitest';
import {
  backOff, backOffCeiling, backOffFloor, deadAfter, startSocket, welcomeWithin, type Connection, type WebSocketLike,
} from '../../src/link/socket';
import type { Hello, Message } from '../../src/protocol/messages';
import { ManualClock } from '../base/manualclock';
import { settled } from '../settled';

/** A server's end of one connection: the test says what it does. */
class FakeWebSocket implements WebSocketLike {
  binaryType: BinaryType = 'blob';
  onopen: WebSocketLike['onopen'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  onclose: WebSocketLike['onclose'] = null;
  readonly sent: unknown[] = [];
  closed = false;

  bufferedAmount = 0;

  send(data: string | ArrayBuffer): void {
    this.sent.push(typeof data === 'string' ? JSON.parse(data) : data);
  }

  close(): void {
    this.closed = true;
  }

  accept(): this {
    this.onopen?.({} as Event);
    return this;
  }

  say(data: unknown): this {
    this.onmessage?.({ data: typeof data === 'object' && !(data instanceof ArrayBuffer) ? JSON.stringify(data) : data } as MessageEvent);
    return this;
  }

  welcome(): this {
    return this.accept().say({ type: 'welcome', v: 1, server: '0.1.0', session: 's', channels: {}, ping: 15000, limits: {} });
  }

  end(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason } as CloseEvent);
  }
}

const hello: Hello = {
  type: 'hello', v: 1, role: 'viewer', channels: ['left'], caps: ['display'], viewer: 'page-1', client: 'kotodama-page/test',
};

interface Circumstances {
  readonly reachable?: () => Promise<boolean>;
  readonly random?: () => number;
  readonly connect?: () => WebSocketLike;
  readonly positions?: () => Hello['resume'];
  readonly asksFirst?: boolean;
}

function start({ random = () => 0.5, connect, positions, reachable, asksFirst = false }: Circumstances = {}) {
  const clock = new ManualClock();
  const links: FakeWebSocket[] = [];
  const changes: Connection[] = [];
  const messages: Message[] = [];
  const urls: string[] = [];
  let replaced = 0;
  const socket = startSocket({
    url: 'ws://host/ws', hello: () => ({ ...hello, ...(positions === undefined ? {} : { resume: positions() }) }),
    random, now: clock.now, after: clock.after, ...(reachable === undefined ? {} : { reachable }), asksFirst,
    connect: (url) => {
      urls.push(url);
      const link = new FakeWebSocket();
      links.push(link);
      return connect?.() ?? link;
    },
    onReplaced: () => void replaced++,
    onMessage: (message) => messages.push(message),
    onChange: (connection) => changes.push(connection),
  });
  return { clock, links, changes, messages, urls, socket, replaced: () => replaced, last: () => links.at(-1)! };
}

describe('connecting', () => {
  it('says hello first and is open once it is welcome', () => {
    const { links, changes, urls, socket } = start();
    expect(urls).toEqual(['ws://host/ws']);
    expect(socket.connection().state).toBe('connecting');
    links[0]!.accept();
    expect(links[0]!.sent).toEqual([hello]);
    expect(socket.connection().state).toBe('connecting');
    links[0]!.welcome();
    expect(changes.at(-1)).toEqual({ state: 'open', attempts: 0, reason: null, detail: '', retryAt: null, final: false });
  });

  it('says what it has by then with each hello', () => {
    let seq = 0;
    const { last, socket } = start({ positions: () => ({ left: { epoch: 'e', seq: ++seq } }) });
    last().welcome().end();
    socket.nudge();
    last().accept();
    expect(last().sent).toEqual([{ ...hello, resume: { left: { epoch: 'e', seq: 2 } } }]);
  });

  it('hands over messages, also those before the welcome', () => {
    const { links, messages } = start();
    links[0]!.accept().say({ type: 'status', content: 'early' });
    links[0]!.welcome().say({ type: 'llm_response', content: 'Hi' });
    expect(messages.map((message) => message.type)).toEqual(['status', 'welcome', 'llm_response']);
  });

  it('does not wait for ever for a welcome', () => {
    const { clock, links, socket } = start();
    links[0]!.accept();
    clock.advance(welcomeWithin);
    expect(links[0]!.closed).toBe(true);
    expect(socket.connection()).toMatchObject({ state: 'closed', reason: 'silent', attempts: 1 });
  });

  it('survives a browser that refuses the address', () => {
    const { clock, socket, links } = start({ connect: () => { throw new SyntaxError('bad address'); } });
    expect(socket.connection()).toMatchObject({ state: 'closed', reason: 'unreachable', attempts: 1 });
    clock.advance(backOffCeiling);
    expect(links.length).toBeGreaterThan(1);
  });
});

describe('garbage', () => {
  it.each([
    '', 'nonsense', '{"type":', '[]', 'null', '{"type":"later"}', '{"type":"llm_response"}', new ArrayBuffer(8), 12,
  ])('%j does no harm', (data) => {
    const { links, messages, socket } = start();
    links[0]!.welcome().say(data).say({ type: 'status', content: 'still here' });
    expect(socket.connection().state).toBe('open');
    expect(messages.map((message) => message.type)).toEqual(['welcome', 'status']);
  });
});

describe('back-off', () => {
  it('lies between nothing and a bound that doubles up to the ceiling', () => {
    for (let failures = 0; failures < 2_000; failures++) {
      const bound = Math.min(backOffCeiling, backOffFloor * 2 ** failures);
      expect(backOff(failures, 0)).toBe(0);
      expect(backOff(failures, 0.999)).toBeCloseTo(bound * 0.999);
    }
  });

  it('never gives up', () => {
    const { clock, links, socket } = start({ random: () => 0.999 });
    for (let failures = 1; failures <= 500; failures++) {
      links.at(-1)!.end();
      expect(socket.connection()).toMatchObject({ state: 'closed', attempts: failures, reason: 'unreachable', final: false });
      expect(socket.connection().retryAt! - clock.now()).toBeLessThanOrEqual(backOffCeiling);
      clock.advance(socket.connection().retryAt! - clock.now());
      expect(links).toHaveLength(failures + 1);
    }
    links.at(-1)!.welcome();
    expect(socket.connection()).toMatchObject({ state: 'open', attempts: 0, reason: null });
  });

  it('begins anew after a success', () => {
    const { clock, last, socket } = start({ random: () => 0.999 });
    for (let i = 0; i < 8; i++) {
      last().end();
      clock.advance(backOffCeiling);
    }
    last().welcome().end();
    expect(socket.connection()).toMatchObject({ state: 'closed', attempts: 0, reason: 'lost' });
    expect(socket.connection().retryAt! - clock.now()).toBeLessThan(backOffFloor);
  });
});

describe('a server that can be asked', () => {
  it('is asked before each attempt but the first, and no WebSocket fails while it is away', async () => {
    let answers = false;
    const { clock, links, socket } = start({ reachable: () => Promise.resolve(answers) });
    links[0]!.welcome().end();
    for (let failures = 1; failures <= 6; failures++) {
      clock.advance(socket.connection().retryAt! - clock.now());
      await settled();
      expect(socket.connection()).toMatchObject({ state: 'closed', reason: 'unreachable', attempts: failures, final: false });
    }
    expect(links).toHaveLength(1);
    answers = true;
    clock.advance(socket.connection().retryAt! - clock.now());
    await settled();
    expect(links).toHaveLength(2);
    links[1]!.welcome();
    expect(socket.connection()).toMatchObject({ state: 'open', attempts: 0 });
  });

  it('is not connected to by an answer that comes after the page has stopped', async () => {
    const { clock, links, socket } = start({ reachable: () => Promise.resolve(true) });
    links[0]!.end();
    clock.advance(socket.connection().retryAt! - clock.now());
    socket.stop();
    await settled();
    expect(links).toHaveLength(1);
  });
});

describe('nudge', () => {
  it('ends a wait at once', () => {
    const { links, socket } = start();
    links[0]!.end();
    socket.nudge();
    expect(links).toHaveLength(2);
    expect(socket.connection()).toMatchObject({ state: 'connecting', attempts: 1 });
  });

  it('leaves an attempt and a living connection alone', () => {
    const { clock, links, socket } = start();
    socket.nudge();
    expect(links).toHaveLength(1);
    links[0]!.welcome();
    clock.advance(deadAfter - 1);
    socket.nudge();
    expect(links).toHaveLength(1);
    expect(socket.connection().state).toBe('open');
  });

  it('leaves one timer behind, not two', () => {
    const { clock, links, socket } = start();
    links[0]!.end();
    socket.nudge();
    expect(clock.waits).toEqual([welcomeWithin]);
  });
});

describe('close codes', () => {
  it.each([
    [1001, 'restarting'], [1012, 'restarting'], [1006, 'lost'], [1000, 'lost'], [4008, 'tooSlow'], [4012, 'silent'], [4499, 'lost'],
  ])('%i means come back: %s', (code, reason) => {
    const { clock, links, last, socket } = start();
    last().welcome().end(code);
    expect(socket.connection()).toMatchObject({ state: 'closed', reason, final: false });
    clock.advance(socket.connection().retryAt! - clock.now());
    expect(links).toHaveLength(2);
  });

  it.each([4500, 4501, 4505, 4506, 4999, 1002, 1007, 1008, 1009])('%i means stay away', (code) => {
    const { clock, links, last, socket } = start();
    last().welcome().end(code, 'because');
    expect(socket.connection())
      .toMatchObject({ state: 'closed', final: true, retryAt: null, reason: code === 4506 ? 'version' : code === 4501 ? 'token' : 'rejected' });
    expect(socket.connection().detail).toContain('because');
    clock.advance(86_400_000);
    socket.nudge();
    expect(links).toHaveLength(1);
  });

  it('stay away until the user asks', () => {
    const { links, last, socket } = start();
    last().welcome().end(4505);
    socket.retry();
    expect(links).toHaveLength(2);
    last().welcome();
    expect(socket.connection()).toMatchObject({ state: 'open', final: false, reason: null });
  });
});

describe('a page that signs in first', () => {
  it('connects when that is over', async () => {
    let done = (): void => {};
    const { links, socket } = start({ asksFirst: true, reachable: () => new Promise((resolve) => void (done = () => resolve(true))) });
    expect(links).toHaveLength(0);
    expect(socket.connection().state).toBe('connecting');
    done();
    await settled();
    expect(links).toHaveLength(1);
  });

  it('does not connect any more when it was stopped meanwhile', async () => {
    const { links, socket } = start({ asksFirst: true, reachable: () => Promise.resolve(true) });
    socket.stop();
    await settled();
    expect(links).toHaveLength(0);
  });
});

describe('bye', () => {
  it('comes back no sooner than asked, spread over half a second', () => {
    const { clock, links, last, socket } = start({ random: () => 0.5 });
    last().welcome().say({ type: 'bye', retryAfter: 3_000 }).end(1001);
    expect(socket.connection()).toMatchObject({ state: 'closed', reason: 'restarting', attempts: 0 });
    clock.advance(3_249);
    expect(links).toHaveLength(1);
    clock.advance(1);
    expect(links).toHaveLength(2);
  });

  it('counts for one close only', () => {
    const { clock, last, socket } = start({ random: () => 0.5 });
    last().welcome().say({ type: 'bye', retryAfter: 60_000 }).end(1001);
    clock.advance(61_000);
    last().end();
    expect(socket.connection().retryAt! - clock.now()).toBeLessThan(backOffFloor * 2);
  });
});

describe('a dead link', () => {
  it('is found by its silence', () => {
    const { clock, links, socket } = start();
    links[0]!.welcome();
    clock.advance(deadAfter - 1);
    expect(socket.connection().state).toBe('open');
    clock.advance(1);
    expect(links[0]!.closed).toBe(true);
    expect(socket.connection()).toMatchObject({ state: 'closed', reason: 'silent' });
  });

  it('is alive with any frame, garbage included', () => {
    const { clock, links, socket } = start();
    links[0]!.welcome();
    for (let i = 0; i < 20; i++) {
      clock.advance(deadAfter - 1);
      links[0]!.say(i % 2 === 0 ? { type: 'ping' } : '?');
    }
    expect(socket.connection().state).toBe('open');
  });

  it('cannot speak any more once it was given up', () => {
    const { clock, links, messages } = start();
    links[0]!.welcome();
    clock.advance(deadAfter);
    links[0]!.say({ type: 'status', content: 'ghost' });
    expect(messages.map((message) => message.type)).toEqual(['welcome']);
  });
});

describe('renew', () => {
  it('ends an open link and makes another', () => {
    const { clock, links, socket } = start();
    socket.renew();
    expect(links).toHaveLength(1);
    links[0]!.welcome();
    socket.renew();
    expect(links[0]!.closed).toBe(true);
    expect(socket.connection()).toMatchObject({ state: 'closed', attempts: 0, final: false });
    clock.advance(backOffFloor);
    expect(links).toHaveLength(2);
  });
});

describe('sending', () => {
  const ack = { type: 'ack', channel: 'left', epoch: 'e', displayed: [1] } as const;

  it('works only while it is open', () => {
    const { links, socket } = start();
    expect(socket.send(ack)).toBe(false);
    links[0]!.welcome();
    expect(socket.send(ack)).toBe(true);
    expect(links[0]!.sent).toEqual([hello, ack]);
    links[0]!.end();
    expect(socket.send(ack)).toBe(false);
  });
});

describe('stop', () => {
  it('closes the link and leaves nothing running', () => {
    const { clock, links, socket } = start();
    links[0]!.welcome();
    socket.stop();
    expect(links[0]!.closed).toBe(true);
    expect(clock.waits).toEqual([]);
  });
});

describe('a page that seems to be another one, too', () => {
  it('is called something else and comes back by itself', () => {
    const { last, links, socket, replaced, clock } = start();
    last().welcome().end(4508, 'another connection has the same viewer id');
    expect(replaced()).toBe(1);
    expect(socket.connection()).toMatchObject({ state: 'closed', final: false, reason: 'lost' });
    clock.advance(backOffFloor);
    expect(links).toHaveLength(2);
    last().welcome().end();
    expect(replaced()).toBe(1);
  });
});
