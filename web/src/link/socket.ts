import { parseMessage, type Hello, type Message, type PageMessage } from '../protocol/messages';
import { parseAudio } from '../protocol/speech';

/** The part of a browser's WebSocket that is used here. */
export interface WebSocketLike {
  binaryType: BinaryType;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  /** Bytes that were given to {@link send} and have not left. */
  readonly bufferedAmount: number;
  send(data: string | ArrayBuffer): void;
  close(): void;
}

/** Why there is no connection, in terms that the user can be told. */
export type Reason =
  | 'unreachable' // nothing answered
  | 'lost' // the link broke
  | 'silent' // connected, but nothing arrived any more
  | 'restarting' // the server said that it stops
  | 'tooSlow' // the page could not keep up
  | 'token' // the server wants a token, or another one, see `detail`
  | 'version' // the server speaks another protocol
  | 'rejected'; // the server does not want this page, see `detail`

export interface Connection {
  /** `open`: the server has welcomed this page. `closed`: waiting for the next attempt, or given up when `final`. */
  readonly state: 'connecting' | 'open' | 'closed';
  /** Attempts that failed since the last success. */
  readonly attempts: number;
  readonly reason: Reason | null;
  /** The server's own words or the close code, for `rejected` and `token`. */
  readonly detail: string;
  /** Unix milliseconds of the next attempt; null when none is planned. */
  readonly retryAt: number | null;
  /** The server asked to stay away: only {@link Socket.retry} tries again. */
  readonly final: boolean;
}

export interface SocketOptions {
  readonly url: string;
  /** Asked for each connection anew: a page that comes back says what it has. */
  readonly hello: () => Hello;
  readonly connect: (url: string) => WebSocketLike;
  /** Whether {@link reachable} is asked before the first attempt, too. */
  readonly asksFirst?: boolean;
  /** Asked before each attempt, as a rule but the first: a WebSocket that fails stands in the console of the page, and this does not. */
  readonly reachable?: () => Promise<boolean>;
  /** 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly now: () => number;
  readonly after: (ms: number, call: () => void) => () => void;
  /** Another page says that it is this one: to be called something else from now on. */
  readonly onReplaced: () => void;
  readonly onMessage: (message: Message) => void;
  readonly onChange: (connection: Connection) => void;
}

export interface Socket {
  connection(): Connection;
  /** @returns false when there is no connection: nothing is queued here. */
  send(message: PageMessage): boolean;
  /** The same for a binary message. */
  sendBytes(bytes: ArrayBuffer): boolean;
  /** Bytes that the network has not taken yet. */
  pending(): number;
  /** There is hope (the network is back, the user looks): ends a wait, and a link that died unnoticed. */
  nudge(): void;
  /** Gives up a link that is open and does not do what it should. */
  renew(): void;
  /** The user asked: connects at once, even when the server said to stay away. */
  retry(): void;
  stop(): void;
}

export const backOffFloor = 500;
export const backOffCeiling = 30_000;

/** The server says something every 15 s; a link that is silent for longer than two of them is dead. */
export const deadAfter = 35_000;

/** From the attempt to the welcome. */
export const welcomeWithin = 10_000;

const byeSpread = 500;

/** Full jitter: anything between nothing and a bound that doubles with every failure. */
export function backOff(failures: number, random: number): number {
  return random * Math.min(backOffCeiling, backOffFloor * 2 ** Math.min(failures, 30));
}

/** Keeps one connection to the server, for ever. Every callback may call back into it. */
export function startSocket(options: SocketOptions): Socket {
  const { now, after, onMessage, onChange } = options;
  let connection: Connection = { state: 'closed', attempts: 0, reason: null, detail: '', retryAt: null, final: false };
  let link: WebSocketLike | null = null;
  let heard = 0;
  let bye: number | null = null;
  let asked = 0;
  let cancelTimer = (): void => {};

  const change = (part: Partial<Connection>): void => {
    connection = { ...connection, ...part };
    onChange(connection);
  };

  const timer = (ms: number, call: () => void): void => {
    cancelTimer();
    cancelTimer = after(ms, call);
  };

  const drop = (): void => {
    cancelTimer();
    asked++;
    const old = link;
    link = null;
    if (old !== null) hangUp(old);
  };

  const fail = (reason: Reason, detail = ''): void => {
    const wasOpen = connection.state === 'open';
    const attempts = wasOpen ? 0 : connection.attempts + 1;
    const wait = bye === null ? backOff(attempts, options.random()) : bye + options.random() * byeSpread;
    const why = bye === null ? reason : 'restarting';
    bye = null;
    drop();
    timer(wait, attempt);
    change({ state: 'closed', attempts, reason: why, detail, retryAt: now() + wait, final: false });
  };

  const giveUp = (reason: Reason, detail: string): void => {
    bye = null;
    drop();
    change({ state: 'closed', attempts: connection.attempts + 1, reason, detail, retryAt: null, final: true });
  };

  const watchSilence = (): void => timer(deadAfter, () => fail('silent'));

  const receive = (data: unknown): void => {
    heard = now();
    if (connection.state === 'open') watchSilence();
    const message = read(data);
    if (message === null) return;
    if (message.type === 'welcome') {
      watchSilence();
      change({ state: 'open', attempts: 0, reason: null, detail: '', retryAt: null });
    }
    if (message.type === 'bye') bye = message.retryAfter;
    onMessage(message);
  };

  const closed = (code: number, reason: string): void => {
    if (code === 4508) {
      options.onReplaced();
      fail('lost');
    } else if (code === 4506) giveUp('version', reason);
    else if (code === 4501) giveUp('token', reason);
    else if (staysAway(code)) giveUp('rejected', reason === '' ? String(code) : `${code} ${reason}`);
    else fail(reasonOf(code, connection.state));
  };

  function connect(): void {
    drop();
    change({ state: 'connecting', retryAt: null, final: false });
    link = openLink(options, receive, closed);
    if (link === null) fail('unreachable');
    else timer(welcomeWithin, () => fail('silent'));
  }

  function attempt(): void {
    if (options.reachable === undefined) {
      connect();
      return;
    }
    drop();
    const mine = asked;
    change({ state: 'connecting', retryAt: null, final: false });
    void options.reachable().then((answers) => {
      if (mine !== asked) return;
      if (answers) connect();
      else fail('unreachable');
    });
  }

  const give = (data: string | ArrayBuffer): boolean => {
    if (connection.state !== 'open' || link === null) return false;
    link.send(data);
    return true;
  };

  if (options.asksFirst === true) attempt();
  else connect();

  return {
    connection: () => connection,
    send: (message) => give(JSON.stringify(message)),
    sendBytes: give,
    pending: () => link?.bufferedAmount ?? 0,
    nudge() {
      if (connection.final) return;
      if (connection.state === 'closed') connect();
      else if (connection.state === 'open' && now() - heard > deadAfter) fail('silent');
    },
    renew() {
      if (connection.state === 'open') fail('silent');
    },
    retry() {
      if (connection.state === 'closed') connect();
    },
    stop: drop,
  };
}

/** Returns null when the browser does not even try. */
function openLink(
  { url, hello, connect }: SocketOptions, receive: (data: unknown) => void, closed: (code: number, reason: string) => void,
): WebSocketLike | null {
  let link: WebSocketLike;
  try {
    link = connect(url);
  } catch {
    return null;
  }
  link.binaryType = 'arraybuffer';
  link.onopen = () => link.send(JSON.stringify(hello()));
  link.onmessage = (event) => receive(event.data);
  link.onclose = (event) => closed(event.code, event.reason);
  return link;
}

function hangUp(link: WebSocketLike): void {
  link.onopen = link.onmessage = link.onclose = null;
  link.close();
}

function read(data: unknown): Message | null {
  if (data instanceof ArrayBuffer) return parseAudio(data);
  const parsed = parseMessage(typeof data === 'string' ? data : '');
  return 'message' in parsed ? parsed.message : null;
}

const staysAway = (code: number): boolean =>
  (code >= 4500 && code <= 4999) || code === 1002 || code === 1007 || code === 1008 || code === 1009;

function reasonOf(code: number, state: Connection['state']): Reason {
  if (code === 1001 || code === 1012) return 'restarting';
  if (code === 4008) return 'tooSlow';
  if (code === 4012) return 'silent';
  return state === 'open' ? 'lost' : 'unreachable';
}
