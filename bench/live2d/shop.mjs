// What the comparisons share: settings, one local server, one Chromium, and two pages, ours and the library's. Nothing is fetched from elsewhere.
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const web = resolve(here, '../../web');

const usage = `usage: node bench/live2d/NAME.mjs --models DIR --core FILE --library DIR [--only NAME,NAME] [--out DIR] [more of the command]
  --models   folders of models, each with a .model3.json
  --core     live2dcubismcore.min.js, 5.0 or 5.1: the library reads no newer shape
  --library  a folder in which was run: npm install untitled-pixi-live2d-engine@1.4.0 pixi.js@8 playwright-core
  --only     some of the models
  --out      where pictures go that differ
Chromium is found by the variable CHROMIUM, else as /usr/bin/chromium.`;

/** The settings of a command; `more` are options of its own, as parseArgs wants them. */
export function settings(more = {}) {
  const text = { type: 'string' };
  const options = { models: text, core: text, library: text, only: text, out: text, ...more };
  const { values } = parseArgs({ options });
  for (const name of ['models', 'core', 'library']) {
    if (values[name] && existsSync(values[name])) continue;
    console.error(`--${name} ${values[name] ? `names ${values[name]}, which is not there` : 'is missing'}.\n${usage}`);
    process.exit(2);
  }
  const models = readdirSync(values.models).filter((name) => modelFile(values.models, name) !== null);
  const only = values.only?.split(',');
  return { ...values, list: only ? models.filter((name) => only.includes(name)) : models };
}

/** The .model3.json of a folder, null if it has none. */
export function modelFile(models, name) {
  const folder = join(models, name);
  if (!statSync(folder).isDirectory()) return null;
  return readdirSync(folder).find((file) => file.endsWith('.model3.json')) ?? null;
}

/** A manifest as the hub would make it, from what stands in model3.json alone. */
export function manifestOf(models, name) {
  const json = JSON.parse(readFileSync(join(models, name, modelFile(models, name)), 'utf8'));
  const files = json.FileReferences;
  const escaped = (file) => (file ? file.split('/').map(encodeURIComponent).join('/') : null);
  const group = (kind) => json.Groups?.find((one) => one.Name === kind)?.Ids ?? [];
  const motions = Object.entries(files.Motions ?? {}).flatMap(([key, list]) => list.map((one, i) => ({
    name: `${key} ${i}`, group: key, file: escaped(one.File), fadeIn: one.FadeInTime ?? null, fadeOut: one.FadeOutTime ?? null, sound: null,
  })));
  return {
    name, title: name, kind: 'cubism', base: `/models/${encodeURIComponent(name)}/`, moc: escaped(files.Moc), textures: files.Textures.map(escaped),
    physics: escaped(files.Physics), pose: escaped(files.Pose),
    expressions: (files.Expressions ?? []).map((one) => ({ name: one.Name, file: escaped(one.File) })), motions, idle: [],
    eyeBlink: group('EyeBlink'), lipSync: group('LipSync'), hitAreas: (json.HitAreas ?? []).map((area) => ({ name: area.Name, id: area.Id })),
    layout: json.Layout ?? null, names: { parameters: {}, parts: {} }, notes: {}, hotkeys: [], placement: null, emotions: {}, gestures: {}, touches: {},
  };
}

/**
 * Opens the pages. `ours` and `library` are Playwright pages of 640 x 640 that have `window.X`, see page/.
 * @param own a file of page/ to take instead of ours.ts
 */
export async function open({ models, core, library }, own = 'ours.ts') {
  const { rolldown } = await import(pathToFileURL(join(web, 'node_modules/rolldown/dist/index.mjs')).href);
  const bundle = async (file) => {
    const build = await rolldown({
      input: join(here, 'page', file), resolve: { modules: [resolve(library, 'node_modules'), 'node_modules'] }, platform: 'browser', logLevel: 'silent',
    });
    const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
    return output[0].code;
  };
  const scripts = { '/ours.js': await bundle(own), '/library.js': await bundle('library.js') };
  const server = await serve(scripts, resolve(models), resolve(core));
  const { chromium } = createRequire(join(resolve(library), 'package.json'))('playwright-core');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-quic'],
  });
  const page = async (name, model) => {
    const opened = await browser.newPage({ viewport: { width: 640, height: 640 } });
    opened.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
    opened.on('console', (line) => (line.type() === 'error' ? console.error(`${name}: ${line.text()}`) : undefined));
    await opened.goto(`${server.url}/${name}.html${model ? `#${encodeURIComponent(JSON.stringify(model))}` : ''}`);
    await opened.waitForFunction('window.X');
    return opened;
  };
  return {
    ours: await page('ours'), library: await page('library'), page,
    async close() {
      await browser.close();
      server.close();
    },
  };
}

const kinds = { '.js': 'text/javascript', '.json': 'application/json', '.png': 'image/png', '.html': 'text/html', '.wav': 'audio/wav' };

function serve(scripts, models, core) {
  const html = (script) => `<!doctype html><style>body{margin:0;overflow:hidden}</style>
    ${script === 'library' ? '<script src="/models/_core/live2dcubismcore.min.js"></script>' : ''}<script type="module" src="/${script}.js"></script>`;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://127.0.0.1').pathname);
    const answer = (kind, text) => response.writeHead(200, { 'content-type': kinds[kind] ?? 'application/octet-stream' }).end(text);
    if (path === '/favicon.ico') return response.writeHead(204).end();
    const page = /^\/(ours|library)\.html$/.exec(path);
    if (page) return answer('.html', html(page[1]));
    if (scripts[path]) return answer('.js', scripts[path]);
    const file = path === '/models/_core/live2dcubismcore.min.js' ? core : join(models, path.replace(/^\/models\//, ''));
    const inside = file === core || (path.startsWith('/models/') && file.startsWith(models + sep));
    if (!inside || !existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': kinds[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-store' });
    return createReadStream(file).pipe(response);
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done({
    url: `http://127.0.0.1:${server.address().port}`, close: () => server.close(),
  })));
}

/** Chance that is the same in every run. */
export function chance(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
