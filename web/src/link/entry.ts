import type { Address } from '../base/address';
import type { Clock } from '../base/clock';
import type { TextStorage } from '../base/storage';
import { maxContent, protocolVersion, type PageMessage } from '../protocol/messages';
import { browserWorker, startAsker } from './asker';
import { makeViewer, startIdentity } from './identity';
import { startProbe } from './probe';
import { routeTo, type Part } from './router';
import { exchange, takeToken, type Exchanged } from './session';
import { startSocket, type Connection } from './socket';

export interface LinkOptions {
  readonly address: Address;
  /** The page's own window: the token stands behind its address. */
  readonly page: Window;
  readonly clock: Clock;
  /** Keeps who this page is over a reload. */
  readonly storage: TextStorage;
  /** What the page calls itself, with its version. */
  readonly client: string;
  /** See {@link routeTo} for their order. */
  readonly parts: readonly Part[];
}

export interface Link {
  connection(): Connection;
  /** Returns false when there is no connection. */
  send(message: PageMessage): boolean;
  sendBytes(bytes: ArrayBuffer): boolean;
  /** Bytes that the network has not taken yet. */
  pending(): number;
  /** The longest text that the server takes, in characters. */
  longest(): number;
  /** There is hope: the network is back, or the user looks. */
  nudge(): void;
  /** Gives up a link that is open and does not do what it should. */
  renew(): void;
  /** The user wants a connection now. */
  retry(): void;
  /** The user gives a token; when it counts, the page connects with it. */
  signIn(token: string): Promise<Exchanged>;
}

/** Connects the page with the server and keeps it connected. */
export function startLink({ address, page, clock, storage, client, parts }: LinkOptions): Link {
  const given = takeToken(page.location, page.history);
  const signedIn = given === null ? null : exchange(address.root, given);
  const identity = startIdentity(storage, makeViewer);
  const router = routeTo(parts);
  const asker = startAsker(`${address.root}healthz`, browserWorker);
  let longest = maxContent;
  const socket = startSocket({
    ...clock, url: address.socket, random: Math.random, connect: (url) => new WebSocket(url),
    asksFirst: given !== null,
    hello: () => ({
      type: 'hello', v: protocolVersion, role: 'viewer', channels: [address.channel], caps: ['display', 'speak'], viewer: identity.viewer(),
      ...router.hello(), client,
    }),
    reachable: async () => {
      await signedIn;
      return asker.ask();
    },
    onReplaced: identity.renew,
    onMessage(message) {
      if (message.type === 'welcome') {
        longest = message.longest ?? maxContent;
        asker.prepare();
      }
      router.take(message);
    },
    onChange: router.changed,
  });
  if (address.near) startProbe(clock, () => socket.connection().state === 'closed', asker.ask, socket.nudge);

  const signIn = async (token: string): Promise<Exchanged> => {
    const exchanged = await exchange(address.root, token);
    if (exchanged === 'done') socket.retry();
    return exchanged;
  };

  // Another address in the same tab differs in its end only, and loads nothing.
  page.addEventListener('hashchange', () => {
    const token = takeToken(page.location, page.history);
    if (token !== null) void signIn(token);
  });
  return { ...socket, longest: () => longest, signIn };
}
