// Pictures of every model at rest and at random values, ours beside the library's. Fails above --limit (a mean of 0.05 of 255).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chance, manifestOf, modelFile, open, settings } from './shop.mjs';

const given = settings({ vectors: { type: 'string', default: '20' }, limit: { type: 'string', default: '0.05' } });
const limit = Number(given.limit);
const { ours, library, close } = await open(given);
let failed = false;

for (const name of given.list) {
  const mine = await ours.evaluate((manifest) => window.X.load(manifest), manifestOf(given.models, name));
  if (mine.error) {
    console.log(name.padEnd(12), `${mine.error.code}: ${mine.error.message}`);
    failed ||= mine.error.code !== 'core_too_old';
    continue;
  }
  await library.evaluate((url) => window.X.load(url), `/models/${encodeURIComponent(name)}/${encodeURIComponent(modelFile(given.models, name))}`);
  const means = [];
  for (const [at, vector] of vectors(mine).entries()) {
    const [a, b] = await Promise.all([ours, library].map((page) => page.evaluate((v) => window.X.frame(v, null), vector)));
    const found = difference(Buffer.from(a, 'base64'), Buffer.from(b, 'base64'));
    means.push(found);
    if (found.mean > limit && given.out) {
      mkdirSync(given.out, { recursive: true });
      for (const [kind, page, px] of [['ours', ours, a], ['library', library, b]]) await save(page, px, join(given.out, `${name}-${at}-${kind}.png`));
    }
  }
  const worst = means.slice(1).reduce((one, other) => (other.mean > one.mean ? other : one), { mean: 0, most: 0, visible: 0 });
  failed ||= means.some(({ mean }) => !(mean <= limit));
  const show = ({ mean, most, visible }) => `mean ${mean.toFixed(4)}, largest ${most}, ${visible.toFixed(3)} % above 8`;
  console.log(name.padEnd(12), `at rest ${show(means[0])}; worst of ${means.length - 1} random ones ${show(worst)}`);
}
await close();
process.exitCode = failed ? 1 : 0;

function vectors({ minimums, maximums, defaults }) {
  const random = Array.from({ length: Number(given.vectors) }, (_, seed) => {
    const next = chance(1000 + seed);
    return minimums.map((low, i) => low + (maximums[i] - low) * next());
  });
  return [defaults, ...random];
}

/** Mean and largest difference of a colour, of 255, and how many pixels differ by more than 8. */
function difference(a, b) {
  let sum = 0;
  let most = 0;
  let visible = 0;
  for (let i = 0; i < a.length; i += 4) {
    let here = 0;
    for (let c = 0; c < 4; c++) {
      const d = Math.abs(a[i + c] - b[i + c]);
      sum += d;
      here = Math.max(here, d);
    }
    most = Math.max(most, here);
    if (here > 8) visible++;
  }
  return { mean: sum / a.length, most, visible: (400 * visible) / a.length };
}

/** As the page would show it, on white. */
async function save(page, pixels, file) {
  const url = await page.evaluate(([text, side]) => {
    const canvas = new OffscreenCanvas(side, side);
    const image = new ImageData(side, side);
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const from = ((side - 1 - y) * side + x) * 4;
        for (let c = 0; c < 3; c++) image.data[(y * side + x) * 4 + c] = bytes[from + c] + 255 - bytes[from + 3];
        image.data[(y * side + x) * 4 + 3] = 255;
      }
    }
    canvas.getContext('2d').putImageData(image, 0, 0);
    return canvas.convertToBlob().then((blob) => blob.arrayBuffer()).then((buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))));
  }, [pixels, 640]);
  writeFileSync(file, Buffer.from(url, 'base64'));
}
