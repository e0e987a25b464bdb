import { describe, expect, it } from 'vitest';
import { playKey, readSettings, type AttributeName, type Settings } from '../../src/embed/settings';

const script = 'https://hub.example/avatar/embed.js';

function read(attributes: Partial<Record<AttributeName, string>>, from: string | null = script): Settings & { readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const settings = readSettings({
    attribute: (name) => attributes[name] ?? null, script: from, base: 'https://site.example/blog/', languages: ['', 'fr', 'ja-JP', 'en'],
    warn: (text) => warnings.push(text),
  });
  return { ...settings, warnings };
}

describe('the hub of an embedded stage', () => {
  it('is where the script came from', () => {
    expect(read({}).address).toMatchObject({
      root: 'https://hub.example/avatar/', socket: 'wss://hub.example/avatar/ws', channel: 'default', near: false,
    });
  });

  it.each([
    ['https://other.example', 'https://other.example/', 'wss://other.example/ws'],
    ['http://localhost:8765/', 'http://localhost:8765/', 'ws://localhost:8765/ws'],
    ['localhost:8765', 'http://localhost:8765/', 'ws://localhost:8765/ws'],
    ['[::1]:8765', 'http://[::1]:8765/', 'ws://[::1]:8765/ws'],
    ['wss://other.example/kotodama', 'https://other.example/kotodama/', 'wss://other.example/kotodama/ws'],
    ['ws://192.168.1.5:8765', 'http://192.168.1.5:8765/', 'ws://192.168.1.5:8765/ws'],
    ['/hub', 'https://site.example/hub/', 'wss://site.example/hub/ws'],
    ['https://me:secret@other.example/?channel=x#k', 'https://other.example/', 'wss://other.example/ws'],
  ])('may be given as %s', (hub, root, socket) => {
    expect(read({ hub })).toMatchObject({ address: { root, socket, channel: 'default' }, warnings: [] });
  });

  it.each(['javascript:alert(1)', 'http://', 'ftp://other.example'])('is not %s, which is told', (hub) => {
    const { address, warnings } = read({ hub });
    expect(address).toBeNull();
    expect(warnings).toEqual([expect.stringContaining('hub=')]);
  });

  it('is not known to a script that does not know itself', () => {
    expect(read({}, null).address).toBeNull();
    expect(read({ hub: 'https://other.example' }, null).address?.root).toBe('https://other.example/');
  });
});

describe('the attributes of an embedded stage', () => {
  it('have defaults', () => {
    expect(read({})).toMatchObject({
      size: 250, side: 'right', inline: false, theme: 'auto', character: null, sound: false, subtitles: null, markdown: null,
      token: null, quiet: false, language: 'ja', warnings: [],
    });
  });

  it.each([['small', 170], ['Medium', 250], ['large', 360], ['300', 300], ['120.5px', 120.5]])('size=%s is %d pixels', (size, pixels) => {
    expect(read({ size })).toMatchObject({ size: pixels, warnings: [] });
  });

  it.each([
    { size: 'huge' }, { size: '9999' }, { size: '12' }, { size: '50%' }, { side: 'top' }, { theme: 'pink' }, { subtitles: 'yes' },
    { channel: 'No Spaces' }, { markdown: 'on' },
  ])('%j is told, and left as it was without', (attributes) => {
    const { warnings, ...rest } = read(attributes);
    const { warnings: none, ...without } = read({});
    expect(rest).toEqual(without);
    expect([none, warnings]).toEqual([[], [expect.stringContaining(Object.keys(attributes)[0]!)]]);
  });

  it('are flags as HTML has them, and as frameworks write them', () => {
    expect([read({ sound: '' }).sound, read({ sound: 'true' }).sound, read({ sound: 'false' }).sound]).toEqual([true, true, false]);
  });

  it('tell a long value in short', () => {
    expect(read({ side: 'x'.repeat(5_000) }).warnings[0]!.length).toBeLessThan(120);
  });

  it('change the play or only how it looks', () => {
    expect(playKey(read({ side: 'left', size: 'small', theme: 'dark', quiet: '', inline: '' }))).toBe(playKey(read({})));
    for (const attributes of [{ channel: 'b' }, { hub: 'https://b.example' }, { character: 'nagi' }, { sound: '' }, { token: 't' }]) {
      expect(playKey(read(attributes))).not.toBe(playKey(read({})));
    }
  });
});
