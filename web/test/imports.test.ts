import { describe, expect, it } from 'vitest';
import page from '../index.html?raw';
import { circleIn, pathsIn } from './imports';

/** Each room imports only from rooms further down. Rooms of one row do not know each other. */
const rows: readonly (readonly string[])[] = [
  ['main', 'embed'],
  ['settings', 'wardrobe', 'phone'],
  ['talk', 'hearing'],
  ['view', 'delivery', 'figure'],
  ['cubism2'],
  ['speaking', 'link', 'live2d', 'sealed'],
  ['avatar', 'scene', 'markdown'],
  ['protocol'],
  ['base'],
];

const raw = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
const sources = new Map(Object.entries(raw).map(([path, text]) => [path.slice('../src/'.length), text]));
const files = [...sources.keys()];
const styles = Object.keys(import.meta.glob('../src/**/*.css', { query: '?url' })).map((path) => path.slice('../src/'.length));

/** The folder of a file; `main.ts` is a room of its own. */
const roomOf = (file: string): string => /^(\w+)\//.exec(file)?.[1] ?? file.replace(/\.ts$/, '');
const rowOf = (room: string): number => rows.findIndex((names) => names.includes(room));

/** The files under `src` that a path means: one, or for a pattern all that fit. */
function filesAt(path: string): readonly string[] {
  const pattern = path.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)).join('[^/]+');
  const fits = new RegExp(String.raw`^${pattern}(\.ts)?$`);
  return [...files, ...styles].filter((file) => fits.test(file));
}

function importsOf(file: string): readonly string[] {
  const here = new URL(file, 'file:///src/');
  return pathsIn(sources.get(file)!).filter((path) => path.startsWith('.')).flatMap((path) => {
    const target = decodeURI(new URL(path, here).pathname);
    if (!target.startsWith('/src/')) return [];
    const found = filesAt(target.slice('/src/'.length));
    if (found.length === 0) throw new Error(`${file} imports ${path}, which is not there`);
    return found;
  });
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

describe('the reader of imports', () => {
  it.each([
    ["import { a } from './a';", ['./a']],
    ["import type { A } from './a';", ['./a']],
    ["import {\n  a,\n  b,\n} from './a';", ['./a']],
    ["import a, { type B } from \"./a\";", ['./a']],
    ["export { a } from './a';\nexport * from './b';", ['./a', './b']],
    ["import './a.css';", ['./a.css']],
    ["const load = async () => (await import('./a')).start();", ['./a']],
    ["const load = () => import(\n  './a'\n);", ['./a']],
    ['const load = () => import(`./a`);', ['./a']],
    ["let a: import('./a').A;", ['./a']],
    ["import address from './a.worklet.ts?worker&url';", ['./a.worklet.ts']],
    ["const worker = new Worker(new URL('./a.ts', import.meta.url));", ['./a.ts']],
    ["const all = import.meta.glob<A>('./locales/*/page.ts', { eager: true });", ['./locales/*/page.ts']],
    ["// import { a } from './a';\n/* import('./b') */", []],
    ["const text = 'https://example.org'; import('./a');", ['./a']],
    ["export const a = 1;\nconst from = 'elsewhere';", []],
  ])('reads %j', (text, paths) => {
    expect(pathsIn(text)).toEqual(paths);
  });

  it.each(['import(name)', 'import(`./${name}`)', "import.meta.glob(['./a'])"])('refuses %s, which it cannot follow', (text) => {
    expect(() => pathsIn(text)).toThrow('cannot be read');
  });

  it('finds what main.ts loads later, and what a room loads from its own folder', () => {
    expect(imports.get('main.ts'))
      .toEqual(expect.arrayContaining(['link/entry.ts', 'talk/talk.ts', 'settings/settings.ts', 'hearing/hearing.ts']));
    expect(imports.get('avatar/vector/koto.ts')).toContain('avatar/parameters.ts');
    expect(imports.get('speaking/sound.ts')).toContain('speaking/ring.worklet.ts');
    expect(imports.get('talk/talk.ts')).toContain('talk/talk.css');
  });

  it('finds a circle', () => {
    expect(circleIn(new Map([['a', ['b']], ['b', ['c']], ['c', ['b']]]))).toEqual(['b', 'c', 'b']);
    expect(circleIn(new Map([['a', ['b', 'c']], ['b', ['c']]]))).toBeNull();
  });
});

/** Made of docs/protocol/schema.json: looked up, not read. */
const generated = 'protocol/wire.ts';

describe('the source files', () => {
  it('lie in rooms that have a place, and each room exists', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(rows.flat().sort());
  });

  it.each(files)('%s imports downwards only', (file) => {
    const from = roomOf(file);
    for (const path of imports.get(file)!) {
      const to = roomOf(path);
      if (to !== from) expect([path, rowOf(to)]).toEqual([path, expect.toSatisfy((below: number) => below > rowOf(from))]);
    }
  });

  it('import in no circle, neither within a room nor between rooms', () => {
    expect(circleIn(imports)).toBeNull();
    const rooms = new Map<string, string[]>();
    for (const [file, paths] of imports) {
      const from = roomOf(file);
      rooms.set(from, [...rooms.get(from) ?? [], ...paths.map(roomOf).filter((to) => to !== from)]);
    }
    expect(circleIn(rooms)).toBeNull();
  });

  it.each(files.filter((file) => !file.startsWith('avatar/') && file !== generated))('%s stays short', (file) => {
    expect(sources.get(file)!.split('\n').length).toBeLessThan(300);
  });

  it('never make elements from text', () => {
    const dangerous = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|setAttribute\('(style|on\w+)'|\beval\(|new Function/;
    expect(files.filter((file) => dangerous.test(sources.get(file)!))).toEqual([]);
  });

  it('have a page without inline script or style', () => {
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|data:|https?:/);
  });
});
