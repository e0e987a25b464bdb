// Photographs a sheet of the drawn characters: node test/avatar/sheet.mjs [NAME [FILE]], see `sheets` in sheet.ts for the names.
// Without arguments it renews docs/images/looks.png. CHROMIUM names the browser.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const [name = 'looks', file = resolve(here, '../../../docs/images/looks.png')] = process.argv.slice(2);
/** Pixels of the window, and device pixels for each of them. */
const sizes = {
  looks: [780, 975, 1], figures: [1560, 676, 1], emotions: [2200, 780, 1], poses: [1920, 936, 1], motions: [1960, 1820, 1],
  own: [1440, 468, 1], small: [576, 83, 2], heads: [2700, 900, 1],
};
const [width, height, density] = sizes[name] ?? [];
if (!width) throw new Error(`no sheet ${name}; there are ${Object.keys(sizes).join(', ')}`);

const { output } = (await build({
  configFile: false, logLevel: 'warn',
  build: { write: false, minify: false, lib: { entry: join(here, 'sheet.ts'), formats: ['iife'], name: 'sheet' } },
}))[0];
const folder = await mkdtemp(join(tmpdir(), 'sheet-'));
try {
  await writeFile(join(folder, 'sheet.js'), output[0].code);
  await writeFile(join(folder, 'sheet.html'), '<!doctype html><meta charset="utf-8"><body></body><script src="sheet.js"></script>');
  const { status, stderr } = spawnSync(process.env.CHROMIUM ?? '/usr/bin/chromium', [
    '--headless', '--disable-gpu', '--no-sandbox', '--hide-scrollbars', `--user-data-dir=${join(folder, 'profile')}`,
    `--force-device-scale-factor=${density}`, `--window-size=${width},${height}`, `--screenshot=${resolve(file)}`,
    `file://${join(folder, 'sheet.html')}#${name}`,
  ], { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`the browser ended with ${status}: ${stderr}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
