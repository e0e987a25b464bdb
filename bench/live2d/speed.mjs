// Time from the opening of a page to the first picture, and time per frame, of every model, ours beside the library's in the same Chromium.
// Fails above --limit (0.6 of the library's). Each model is loaded in a new page, the sides by turns, and the middle of the runs counts.
import { manifestOf, modelFile, open, settings } from './shop.mjs';

const given = settings({
  runs: { type: 'string', default: '3' }, frames: { type: 'string', default: '120' }, limit: { type: 'string', default: '0.6' },
});
const middle = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const pages = await open(given);
let failed = false;

/** One new page: milliseconds to the first picture, of the script in a frame, and of a whole frame. */
async function measure(side, model) {
  const page = await pages.page(side, model);
  const first = await page.evaluate(() => window.first);
  await page.evaluate(() => window.X.run(20));
  const frames = await page.evaluate((count) => window.X.run(count), Number(given.frames));
  await page.close();
  return { first, script: middle(frames.map(([script]) => script)), frame: middle(frames.map(([, whole]) => whole)) };
}

for (const name of given.list) {
  const manifest = manifestOf(given.models, name);
  const { tall, error } = await pages.ours.evaluate((what) => window.X.load(what), manifest);
  if (error) {
    console.log(name.padEnd(12), `${error.code}: ${error.message}`);
    continue;
  }
  const sides = {
    // In the same size and place as the library shows it.
    ours: { ...manifest, layout: { [tall ? 'height' : 'width']: 2, centerX: 0, centerY: 0 } },
    library: `/models/${encodeURIComponent(name)}/${encodeURIComponent(modelFile(given.models, name))}`,
  };
  const found = { ours: [], library: [] };
  for (let run = 0; run < Number(given.runs); run++) for (const side of ['library', 'ours']) found[side].push(await measure(side, sides[side]));
  const [ours, library] = [found.ours, found.library].map((list) => ({
    first: middle(list.map(({ first }) => first)), script: middle(list.map(({ script }) => script)), frame: middle(list.map(({ frame }) => frame)),
  }));
  const pair = (key, digits) => `${ours[key].toFixed(digits)} of ${library[key].toFixed(digits)} ms (${(ours[key] / library[key]).toFixed(2)})`;
  console.log(name.padEnd(12), `first picture ${pair('first', 0)}, frame ${pair('frame', 1)}, its script ${pair('script', 2)}`);
  failed ||= ['first', 'frame'].some((key) => ours[key] > Number(given.limit) * library[key]);
}
await pages.close();
process.exitCode = failed ? 1 : 0;
