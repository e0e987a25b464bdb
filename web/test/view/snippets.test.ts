import { describe, expect, it } from 'vitest';
import { snippet, socketAddress, socketLine, type SnippetName } from '../../src/view/snippets';

const locales = import.meta.glob<Readonly<Record<string, string>>>('../../src/base/locales/*/firstrun.ts', { eager: true, import: 'firstrun' });
const target = { root: 'http://localhost:8765/', channel: 'default', hello: 'Hello!' };
const names: readonly SnippetName[] = ['curl', 'powershell', 'python', 'csharp'];

describe.each(names)('%s', (name) => {
  it('posts to the server that serves the page', () => {
    expect(snippet(name, target)).toContain('http://localhost:8765/api/messages');
    expect(snippet(name, { ...target, root: 'https://box.lan/koto/' })).toContain('https://box.lan/koto/api/messages');
  });

  it('says that it sends JSON', () => {
    expect(snippet(name, target)).toContain('application/json');
  });

  it('names the channel only where it is not the default', () => {
    expect(snippet(name, target)).not.toContain('channel');
    expect(snippet(name, { ...target, channel: 'left' })).toMatch(/"channel": "left"/);
  });

  it.each(Object.entries(locales))('says hello in %s', (_, locale) => {
    expect(snippet(name, { ...target, hello: locale['hello']! })).toContain(locale['hello']!);
  });
});

describe('quotes', () => {
  it('cannot break out of the command', () => {
    expect(snippet('curl', { ...target, hello: "it's" })).toContain(String.raw`it'\''s`);
    expect(snippet('powershell', { ...target, hello: "it's" })).toContain("it''s");
  });

  it('are valid JSON where JSON is sent', () => {
    const json = /"""\n([\s\S]*?)\n {4}"""/.exec(snippet('csharp', target))?.[1];
    expect(JSON.parse(json!)).toEqual({ type: 'llm_response', content: 'Hello!', duration: 8000 });
    expect(JSON.parse(/-d '([\s\S]*)'$/.exec(snippet('curl', target))![1]!)).toEqual(JSON.parse(json!));
    expect(JSON.parse(socketLine(target))).toEqual(JSON.parse(json!));
  });
});

describe('the socket address', () => {
  it('is the root with another scheme', () => {
    expect(socketAddress(target)).toBe('ws://localhost:8765/');
    expect(socketAddress({ ...target, root: 'https://box.lan/koto/' })).toBe('wss://box.lan/koto/');
  });
});
