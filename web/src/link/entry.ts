import type { Address } from '../base/address';
import type { Clock } from '../base/clock';
import type { TextStorage } from '../base/storage';
import { maxContent, protocolVersion, type Hello, type Message, type PageMessage } from '../protocol/messages';
import type { Asker } from './asker';
import { makeViewer, startIdentity } from './identity';
import { startProbe } from './probe';
import { routeTo, type Part } from './router';
import { startSocket, type Connection, type WebSocketLike } from './socket';

export interface LinkOptions {
  readonly address: Pick<Address, 'socket' | 'channel' | 'near'>;
  readonly clock: Clock;
  /** Keeps who this page is over a reload. */
  readonly storage: TextStorage;
  /** What the page calls itself, with its version. */
  readonly client: string;
  readonly caps: NonNullable<Hello['caps']>;
  readonly connect: (url: string) => WebSocketLike;
  /** Asks before an attempt whether the server answers; null where nothing can be asked. */
  readonly asker: Asker | null;
  /** The first attempt to connect waits for it: the page is being signed in. */
  readonly admitted?: Promise<unknown> | null;
  /** See {@link routeTo} for their order. */
  readonly parts: readonly Part[];
  /**
   * Gets each message, and calls {@link Link.take} with them, in their order, once they can be read. Absent: they are read as they come.
   */
  readonly open?: (message: Message) => void;
}

export interface Link {
  /** Hands a message to the parts. */
  take(message: Message): void;
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
  stop(): void;
}

/** Connects the page with the server and keeps it connected. */
export function startLink({ address, clock, storage, client, caps, connect, asker, admitted = null, parts, open }: LinkOptions): Link {
  const identity = startIdentity(storage, makeViewer);
  const router = routeTo(parts);
  let longest = maxContent;
  const socket = startSocket({
    ...clock, url: address.socket, random: Math.random, connect, asksFirst: admitted !== null,
    hello: () => ({
      type: 'hello', v: protocolVersion, role: 'viewer', channels: [address.channel], caps, viewer: identity.viewer(),
      ...router.hello(), client,
    }),
    ...(asker === null ? {} : {
      async reachable() {
        await admitted;
        return asker.ask();
      },
    }),
    onReplaced: identity.renew,
    onMessage(message) {
      if (message.type === 'welcome') {
        longest = message.longest ?? maxContent;
        asker?.prepare();
      }
      (open ?? router.take)(message);
    },
    onChange: router.changed,
  });
  const stopProbe = asker === null || !address.near
    ? () => {}
    : startProbe(clock, () => socket.connection().state === 'closed', asker.ask, socket.nudge);
  return {
    ...socket, take: router.take, longest: () => longest,
    stop() {
      stopProbe();
      socket.stop();
    },
  };
}
