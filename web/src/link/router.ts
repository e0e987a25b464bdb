import type { Hello, Message } from '../protocol/messages';
import type { Connection } from './socket';

/** A part of the page that follows the connection. What a part does not need it leaves out. */
export interface Part {
  /** A message has arrived. Each part sees all of them and keeps to its own. */
  take?(message: Message): void;
  /** The server has welcomed this page: there is a connection (again). */
  connected?(): void;
  /** There is no connection; told again with each attempt that does not succeed. */
  lost?(): void;
  /** The connection has another state. */
  changed?(connection: Connection): void;
  /** What `hello` says about this part. */
  hello?(): Partial<Hello>;
}

/**
 * Hands messages and changes of the connection to the parts of the page. They take and connect in their order; they lose the
 * connection in the opposite one, so that the last part, which shows what has arrived, has done so before others clear up.
 */
export function routeTo(parts: readonly Part[]): Required<Pick<Part, 'take' | 'changed' | 'hello'>> {
  const backwards = [...parts].reverse();

  return {
    take(message) {
      for (const part of parts) part.take?.(message);
      if (message.type === 'welcome') for (const part of parts) part.connected?.();
    },
    changed(connection) {
      for (const part of parts) part.changed?.(connection);
      if (connection.state !== 'open') for (const part of backwards) part.lost?.();
    },
    hello: () => Object.assign({}, ...parts.map((part) => part.hello?.())) as Partial<Hello>,
  };
}
