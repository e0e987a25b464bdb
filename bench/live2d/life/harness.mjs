// What motions.mjs, physics.mjs and expressions.mjs share: one Chromium with two pages, `ours` (web/src/live2d/life over the Core, nothing
// drawn) and `reference` (untitled-pixi-live2d-engine over the same Core). Nothing is downloaded: the models, the Core and the packages are
// yours.
//
//   node bench/live2d/motions.mjs --models DIR --core FILE --packages DIR [--only Haru,Mao] [--chromium FILE]
//
// DIR of models holds a folder for each model (searched for *.model3.json), FILE is live2dcubismcore.min.js 4.2 to 5.2, DIR of packages is
// where `npm i untitled-pixi-live2d-engine@1.4.0 pixi.js@8 playwright-core` was called. All of these come with terms of their own: for
// trying only.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const here = import.meta.dirname;
const web = path.resolve(here, '../../../web');

const { values: given } = parseArgs({
  options: {
    models: { type: 'string' }, core: { type: 'string' }, packages: { type: 'string' }, only: { type: 'string' },
    out: { type: 'string', default: 'pictures' }, chromium: { type: 'string', default: '/usr/bin/chromium' },
    verbose: { type: 'boolean', default: false },
  },
});
for (const name of ['models', 'core', 'packages']) {
  if (!given[name]) {
    console.error(`--${name} is missing; the head of bench/live2d/life/harness.mjs says what it is.`);
    process.exit(2);
  }
}
export const { verbose, out } = given;

/** The models of the folder: name, address of model3.json, and its content with the motions and expressions that only lie in the folder. */
export function models() {
  const only = given.only?.split(',');
  const found = fs.readdirSync(given.models, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.model3.json')).sort();
  return found.map((file) => ({
    name: path.basename(file, '.model3.json'),
    folder: path.dirname(file),
    url: `/models/${file.split(path.sep).map(encodeURIComponent).join('/')}`,
    json: wholeModel(path.join(given.models, file)),
  })).filter(({ name }) => !only || only.includes(name));
}

function wholeModel(file) {
  const json = JSON.parse(fs.readFileSync(file, 'utf8'));
  const references = json.FileReferences;
  const all = fs.readdirSync(path.dirname(file), { recursive: true, encoding: 'utf8' }).map((one) => one.replaceAll(path.sep, '/')).sort();
  const unlisted = (end, listed) => all.filter((one) => one.endsWith(end) && !listed.some((known) => known.File === one));
  const motions = unlisted('.motion3.json', Object.values(references.Motions ?? {}).flat());
  if (motions.length > 0) references.Motions = { ...references.Motions, Unlisted: motions.map((File) => ({ File })) };
  const expressions = unlisted('.exp3.json', references.Expressions ?? [])
    .map((File) => ({ Name: path.basename(File, '.exp3.json'), File }));
  references.Expressions = [...references.Expressions ?? [], ...expressions];
  return json;
}

/** Models of Cubism 2, as the hub would describe them. */
export function older() {
  const files = fs.readdirSync(given.models, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.model.json')).sort();
  return files.map((file) => {
    const json = JSON.parse(fs.readFileSync(path.join(given.models, file), 'utf8'));
    const motions = Object.entries(json.motions ?? {}).flatMap(([group, list]) => list.map((one, at) => ({
      name: `${group || 'motion'} ${at + 1}`, group, file: one.file, sound: one.sound ?? null,
      fadeIn: one.fade_in === undefined ? null : one.fade_in / 1000, fadeOut: one.fade_out === undefined ? null : one.fade_out / 1000,
    })));
    return {
      name: path.basename(file, '.model.json'), base: `models/${path.dirname(file)}/`, kind: 'cubism2', moc: json.model,
      textures: json.textures, physics: json.physics ?? null, pose: json.pose ?? null, motions, expressions: json.expressions ?? [],
      idle: motions.filter(({ group }) => group === 'idle').map(({ name }) => name), eyeBlink: [], lipSync: [],
      hitAreas: json.hit_areas ?? [], layout: json.layout ?? null, placement: null,
    };
  }).filter(({ name }) => !given.only || given.only.split(',').includes(name));
}

/** The library refuses motions whose counts are wrong, as those of shipped models are. */
function countedMotion(file) {
  const json = JSON.parse(fs.readFileSync(file, 'utf8'));
  let segments = 0;
  let points = 0;
  for (const { Segments } of json.Curves) {
    points++;
    for (let at = 2; at < Segments.length;) {
      const more = Segments[at] === 1 ? 3 : 1;
      at += 1 + more * 2;
      points += more;
      segments++;
    }
  }
  Object.assign(json.Meta, { CurveCount: json.Curves.length, TotalSegmentCount: segments, TotalPointCount: points });
  return json;
}

/** What the hub would say about a model, as far as its life needs it. */
export function manifestOf({ name, folder, json }) {
  const group = (wanted) => json.Groups?.find((one) => one.Name === wanted)?.Ids ?? [];
  const motions = Object.entries(json.FileReferences.Motions ?? {}).flatMap(([key, list]) => list.map((one, at) => ({
    // The library knows the fades of the motion's own file only.
    name: `${key} ${at + 1}`, group: key, at, file: one.File, fadeIn: null, fadeOut: null, sound: null,
  })));
  return {
    name, base: `/models/${folder}/`, moc: json.FileReferences.Moc, physics: json.FileReferences.Physics ?? null,
    pose: json.FileReferences.Pose ?? null, motions, idle: [], eyeBlink: group('EyeBlink'), lipSync: group('LipSync'),
    expressions: (json.FileReferences.Expressions ?? []).map((one) => ({ name: one.Name, file: one.File })),
  };
}

/** Nothing is looked at, so every texture is one point: the real ones take seconds each. */
const point = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

const types = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.png': 'image/png' };

function serve(roots, pictured) {
  const server = http.createServer((request, response) => {
    const [, top, ...rest] = decodeURIComponent(new URL(request.url, 'http://x').pathname).split('/');
    const isCore = top === 'core' || rest[0] === '_core';
    const root = isCore ? path.dirname(roots.core) : roots[top];
    const file = isCore ? roots.core : root && path.join(root, ...rest);
    if (!file || !file.startsWith(root) || !fs.existsSync(file) || !fs.statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-store' });
    if (file.endsWith('.png') && !pictured) response.end(point);
    else if (file.endsWith('.model3.json')) response.end(JSON.stringify(wholeModel(file)));
    else if (file.endsWith('.motion3.json')) response.end(JSON.stringify(countedMotion(file)));
    else fs.createReadStream(file).pipe(response);
  });
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
}

async function bundle(entry, out, more) {
  const { build } = createRequire(path.join(web, 'package.json'))('rolldown');
  await build({
    input: entry, logLevel: 'silent', resolve: { modules: [path.resolve(given.packages, 'node_modules')] }, ...more,
    output: { file: out, format: 'esm', codeSplitting: false },
  });
}

/** The pages and what each of them is built from. */
const pages = { ours: 'ours.ts', reference: 'reference.js', older: 'older.ts' };

/** Starts everything; `page('ours')` and its like open a page, on whose `window.bench` the scripts call. */
export async function start(kinds = ['ours', 'reference']) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kotodama-live2d-'));
  const stage = '<div id="stage" style="position:absolute;left:100px;top:60px;width:300px;height:500px"></div>';
  for (const kind of kinds) {
    await bundle(path.join(here, pages[kind]), path.join(folder, `${kind}.js`));
    // The page of Cubism 2 loads its Core by itself.
    const core = kind === 'older' ? stage : '<script src="/core/live2dcubismcore.min.js"></script>';
    fs.writeFileSync(path.join(folder, `${kind}.html`),
      `<!doctype html><base href="/"><title>${kind}</title><body>${core}<script type="module" src="pages/${kind}.js"></script>`);
  }
  const roots = { pages: folder, models: path.resolve(given.models), core: path.resolve(given.core) };
  const server = await serve(roots, kinds.includes('older'));
  const { chromium } = createRequire(path.resolve(given.packages, 'package.json'))('playwright-core');
  const browser = await chromium.launch({
    executablePath: given.chromium,
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking'],
  });
  return {
    async page(kind) {
      const page = await browser.newPage({ viewport: { width: 500, height: 600 } });
      const log = [];
      page.on('console', (message) => log.push(message.text()));
      page.on('pageerror', (error) => log.push(error.message));
      await page.goto(`http://127.0.0.1:${server.address().port}/pages/${kind}.html`);
      await page.waitForFunction('window.bench').catch((error) => {
        throw new Error(`${kind} did not start: ${log.join('; ')}`, { cause: error });
      });
      return Object.assign(page, { log });
    },
    async stop() {
      await browser.close();
      server.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
}

/** The largest difference of two tables of frames, as a part of each column's range. */
export function worstOf(reference, ours, ranges, columns, frames) {
  let worst = { part: 0, column: -1, frame: -1 };
  for (const frame of frames) {
    for (const column of columns) {
      const part = Math.abs(reference[frame][column] - ours[frame][column]) / ranges[column];
      if (!(part <= worst.part)) worst = { part, column, frame };
    }
  }
  return worst;
}

export const percent = (part) => `${(part * 100).toFixed(3)} %`;
