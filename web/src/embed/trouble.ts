import type { Connection } from '../link/socket';
import type { ServerError } from '../protocol/messages';

/** Why nothing can be shown, and what to type or write so that it can. */
export interface Trouble {
  readonly kind:
    | 'hub' // it is not known where the hub is
    | 'script' // a part of the script does not come
    | 'mixed' // a page over https, and a hub without
    | 'blocked' // the page's own rules forbid the connection
    | 'origin' // the hub does not let this page in
    | 'rejected' // nor does it for another reason, see `detail`
    | 'version' // the script and the hub are of different versions
    | 'nearby' // nothing answers, or the browser does not let a page from elsewhere reach this machine
    | 'away'; // nothing answers
  /** The line to type or to write; null when none helps. */
  readonly line: string | null;
  /** The hub's own words; empty when there are none. */
  readonly detail: string;
}

/** Everything that is known about a connection that may not come. */
export interface Signs {
  /** The page around it. */
  readonly page: { readonly protocol: string; readonly hostname: string; readonly origin: string };
  /** The hub's root, and its WebSocket; null when the page names none. */
  readonly hub: { readonly root: string; readonly socket: string; readonly near: boolean } | null;
  readonly connection: Connection | null;
  /** What the hub said last when it refused something. */
  readonly refusal: ServerError | null;
  /** The page's Content-Security-Policy has stopped the connection. */
  readonly blocked: boolean;
  /** A part of the script did not come. */
  readonly scriptFailed: boolean;
}

/** After so many attempts in a row the page says that nothing answers. */
export const awayAfter = 3;

const thisMachine = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** null: it is connected, or may soon be. */
export function troubleOf({ page, hub, connection, refusal, blocked, scriptFailed }: Signs): Trouble | null {
  if (hub === null) return plain('hub');
  const { origin, protocol } = new URL(hub.root);
  if (scriptFailed) return { kind: 'script', line: `script-src ${origin}`, detail: '' };
  if (blocked) return { kind: 'blocked', line: `connect-src ${origin} ${new URL(hub.socket).origin}`, detail: '' };
  if (connection === null || connection.state === 'open') return null;
  const { reason, final, detail, attempts } = connection;
  if (final && reason === 'version') return plain('version');
  if (final) {
    return refusal?.code === 'origin_not_allowed'
      ? { kind: 'origin', line: commandIn(refusal.hint ?? '') ?? null, detail: refusal.hint ?? refusal.message }
      : { kind: 'rejected', line: commandIn(refusal?.hint ?? ''), detail: refusal?.message ?? detail };
  }
  // Browsers take this machine for safe, whatever it speaks.
  if (page.protocol === 'https:' && protocol === 'http:' && !hub.near) return plain('mixed');
  if (attempts < awayAfter) return null;
  return plain(hub.near && !thisMachine.test(page.hostname) ? 'nearby' : 'away');
}

/** Whether a violation of the page's rules is about the connection to a hub. */
export function isAboutSocket(socket: string, { effectiveDirective, blockedURI, disposition }: Pick<
  SecurityPolicyViolationEvent, 'effectiveDirective' | 'blockedURI' | 'disposition'
>): boolean {
  if (effectiveDirective !== 'connect-src' || disposition === 'report') return false;
  const { protocol, origin } = new URL(socket);
  // Some browsers tell no more than the scheme.
  return blockedURI === protocol.slice(0, -1) || blockedURI.startsWith(origin);
}

const plain = (kind: Trouble['kind']): Trouble => ({ kind, line: null, detail: '' });

/** The command that a hint of the hub names: it knows how it is called. */
const commandIn = (hint: string): string | null => /\bkotodama [^\n]*?(?=[.;]?\s*$)/m.exec(hint)?.[0] ?? null;
