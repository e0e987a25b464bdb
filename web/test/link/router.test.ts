import { describe, expect, it } from 'vitest';
import { routeTo, type Part } from '../../src/link/router';
import type { Connection } from '../../src/link/socket';
import type { Message } from '../../src/protocol/messages';

const welcome: Message = { type: 'welcome', server: 'kotodama', channels: new Map() };
const ping: Message = { type: 'ping', tops: new Map() };
const connection = (state: Connection['state']): Connection => ({
  state, attempts: 0, reason: null, detail: '', retryAt: null, final: false,
});

function routed() {
  const told: string[] = [];
  const part = (name: string): Part => ({
    take: ({ type }) => void told.push(`${name} takes ${type}`), connected: () => void told.push(`${name} connected`),
    lost: () => void told.push(`${name} lost`), changed: ({ state }) => void told.push(`${name} ${state}`),
  });
  return { told, router: routeTo([part('a'), {}, part('b')]) };
}

describe('the router', () => {
  it('hands each message to each part in order', () => {
    const { told, router } = routed();
    router.take(ping);
    expect(told).toEqual(['a takes ping', 'b takes ping']);
  });

  it('says that there is a connection once each part has had the welcome', () => {
    const { told, router } = routed();
    router.take(welcome);
    expect(told).toEqual(['a takes welcome', 'b takes welcome', 'a connected', 'b connected']);
  });

  it('says that there is none with each state but open, the last part first', () => {
    const { told, router } = routed();
    router.changed(connection('open'));
    expect(told.splice(0)).toEqual(['a open', 'b open']);
    router.changed(connection('closed'));
    expect(told.splice(0)).toEqual(['a closed', 'b closed', 'b lost', 'a lost']);
    router.changed(connection('connecting'));
    expect(told).toEqual(['a connecting', 'b connecting', 'b lost', 'a lost']);
  });

  it('gathers what each part says in hello, each time anew', () => {
    let turn = 1;
    const router = routeTo([
      { hello: () => ({ speech: { left: turn } }) }, {},
      { hello: () => ({ resume: { left: { epoch: 'e', seq: 4 } } }) }, { hello: () => ({}) },
    ]);
    expect(router.hello()).toEqual({ speech: { left: 1 }, resume: { left: { epoch: 'e', seq: 4 } } });
    turn = 2;
    expect(router.hello().speech).toEqual({ left: 2 });
  });
});
