import { describe, expect, it } from 'vitest';
import { readAddress } from '../../src/base/address';

describe('the root', () => {
  it.each([
    ['http://localhost:8765/', 'http://localhost:8765/', 'ws://localhost:8765/ws'],
    ['http://localhost:8000/demo/demo.html', 'http://localhost:8000/', 'ws://localhost:8000/ws'],
    ['http://localhost:8765/index.html?x=1#y', 'http://localhost:8765/', 'ws://localhost:8765/ws'],
    ['https://box.lan/koto/', 'https://box.lan/koto/', 'wss://box.lan/koto/ws'],
    ['https://box.lan/koto/demo/demo.html', 'https://box.lan/koto/', 'wss://box.lan/koto/ws'],
  ])('of %s is %s', (href, root, socket) => {
    expect(readAddress(href)).toMatchObject({ root, socket });
  });
});

describe('the channel', () => {
  it.each([
    ['', 'default'], ['?channel=left', 'left'], ['?channel=LEFT', 'left'], ['?channel=', 'default'],
    ['?channel=a%20b', 'default'], [`?channel=${'x'.repeat(65)}`, 'default'],
  ])(
    'of %j is %s', (query, channel) => {
      expect(readAddress(`http://localhost:8765/${query}`).channel).toBe(channel);
    });
});

describe('the view', () => {
  it('is the stage unless OBS asks', () => {
    expect(readAddress('http://localhost:8765/').view).toBe('stage');
    expect(readAddress('http://localhost:8765/?view=obs&theme=dark&lang=ja')).toMatchObject({ view: 'obs', theme: 'dark', language: 'ja' });
  });
});

describe('Markdown', () => {
  it('is as the address says, if it says anything', () => {
    expect(readAddress('http://localhost:8765/').markdown).toBeNull();
    expect(readAddress('http://localhost:8765/?markdown=off').markdown).toBe('off');
  });
});

describe('a server', () => {
  it.each([
    ['http://localhost:8765/', true], ['http://127.0.0.1:8765/', true], ['http://[::1]:8765/', true],
    ['http://192.168.1.5:8765/', false], ['https://localhost.example/', false],
  ])(
    'at %s is near: %s', (href, near) => {
      expect(readAddress(href).near).toBe(near);
    });
});
