import { describe, expect, it } from 'vitest';
import { awayAfter, isAboutSocket, troubleOf, type Signs } from '../../src/embed/trouble';
import type { Connection } from '../../src/link/socket';

const closed: Connection = { state: 'closed', attempts: awayAfter, reason: 'unreachable', detail: '', retryAt: 1, final: false };
const turnedAway: Connection = { ...closed, attempts: 1, reason: 'rejected', detail: '1008 no', retryAt: null, final: true };
const near = { root: 'http://localhost:8765/', socket: 'ws://localhost:8765/ws', near: true };
const far = { root: 'https://hub.example/k/', socket: 'wss://hub.example/k/ws', near: false };
const site = { protocol: 'https:', hostname: 'site.example', origin: 'https://site.example' };
const home = { protocol: 'http:', hostname: 'localhost', origin: 'http://localhost:3000' };

const signs = (some: Partial<Signs>): Signs => ({
  page: site, hub: far, connection: null, refusal: null, blocked: false, scriptFailed: false, ...some,
});
const refusal = (hint: string) => ({ type: 'error', code: 'origin_not_allowed', message: 'pages of https://site.example may not use this hub', hint } as const);

describe('what is wrong with an embedded stage', () => {
  it('is nothing while it connects, and when it has', () => {
    expect(troubleOf(signs({}))).toBeNull();
    expect(troubleOf(signs({ connection: { ...closed, attempts: awayAfter - 1 } }))).toBeNull();
    expect(troubleOf(signs({ connection: { ...closed, state: 'open', attempts: 0 } }))).toBeNull();
  });

  it.each([
    ['To allow them: kotodama origin allow https://site.example', 'kotodama origin allow https://site.example'],
    ['To allow them: kotodama --allow-origin https://site.example', 'kotodama --allow-origin https://site.example'],
    ['Type this where the hub runs: kotodama origin allow https://site.example:8443.', 'kotodama origin allow https://site.example:8443'],
    ['No browser sends such an Origin; a program can leave it out.', null],
  ])('is the origin, with the line that the hub tells: %s', (hint, line) => {
    expect(troubleOf(signs({ connection: turnedAway, refusal: refusal(hint) }))).toEqual({ kind: 'origin', line, detail: hint });
  });

  it('is what else the hub says, or at least its code', () => {
    const error = { type: 'error', code: 'unauthorized', message: 'the token is not valid', hint: 'Make one: kotodama token create --role viewer' } as const;
    expect(troubleOf(signs({ connection: turnedAway, refusal: error })))
      .toEqual({ kind: 'rejected', line: 'kotodama token create --role viewer', detail: 'the token is not valid' });
    expect(troubleOf(signs({ connection: turnedAway }))).toEqual({ kind: 'rejected', line: null, detail: '1008 no' });
    expect(troubleOf(signs({ connection: { ...turnedAway, reason: 'version' } }))?.kind).toBe('version');
  });

  it('is the policy of the page, with what it has to allow', () => {
    expect(troubleOf(signs({ blocked: true }))).toMatchObject({ kind: 'blocked', line: 'connect-src https://hub.example wss://hub.example' });
    expect(troubleOf(signs({ scriptFailed: true }))).toMatchObject({ kind: 'script', line: 'script-src https://hub.example' });
  });

  it('is http on a page over https, but for this machine', () => {
    const hub = { root: 'http://hub.example/', socket: 'ws://hub.example/ws', near: false };
    expect(troubleOf(signs({ hub, connection: { ...closed, attempts: 1 } }))?.kind).toBe('mixed');
    expect(troubleOf(signs({ hub: near, connection: { ...closed, attempts: 1 } }))).toBeNull();
  });

  it('is a hub that does not answer, or a browser that does not let a page from elsewhere reach this machine', () => {
    expect(troubleOf(signs({ connection: closed }))?.kind).toBe('away');
    expect(troubleOf(signs({ connection: closed, hub: near }))?.kind).toBe('nearby');
    expect(troubleOf(signs({ connection: closed, hub: near, page: home }))?.kind).toBe('away');
  });

  it('is a hub that has no name', () => {
    expect(troubleOf(signs({ hub: null }))?.kind).toBe('hub');
  });
});

describe('a violation of the rules of a page', () => {
  const about = (some: object): boolean => isAboutSocket(far.socket, {
    effectiveDirective: 'connect-src', blockedURI: 'wss://hub.example/k/ws', disposition: 'enforce', ...some,
  });

  it('is about the connection, however much the browser tells', () => {
    expect([about({}), about({ blockedURI: 'wss://hub.example' }), about({ blockedURI: 'wss' })]).toEqual([true, true, true]);
  });

  it('is about something else', () => {
    expect([
      about({ blockedURI: 'wss://other.example/ws' }), about({ effectiveDirective: 'img-src' }), about({ disposition: 'report' }),
    ]).toEqual([false, false, false]);
  });
});
