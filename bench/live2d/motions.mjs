// Every motion of every model, frame by frame beside the library: parameters at 20 times within 0.1 % of their range, parts within 0.01.
// Call and needs: head of life/harness.mjs.
import { manifestOf, models, percent, start, verbose, worstOf } from './life/harness.mjs';

const ms = 1000 / 60;
const limit = 0.001;
const partLimit = 0.01;

const kinds = { physics: false, pose: true };

const bench = await start();
let failed = 0;
let count = 0;
try {
  const ours = await bench.page('ours');
  const reference = await bench.page('reference');
  for (const model of models()) {
    const manifest = manifestOf(model);
    const loaded = await reference.evaluate(([url, kinds]) => bench.load(url, kinds).then(() => true, String), [model.url, kinds]);
    if (loaded !== true) {
      console.log(`${model.name.padEnd(8)} the library does not load it with this Core: ${loaded.slice(0, 80)}`);
      continue;
    }
    let shown = { part: 0 };
    for (const motion of manifest.motions) {
      await reference.evaluate(([url, kinds]) => bench.load(url, kinds), [model.url, kinds]);
      const info = await ours.evaluate((setup) => bench.load(setup), { manifest, physics: false, loop: motion.name });
      const { duration, loops } = await ours.evaluate(async (url) => {
        const { Meta } = await (await fetch(url)).json();
        return { duration: Meta.Duration, loops: Meta.Loop };
      }, manifest.base + motion.file);
      const frames = Math.ceil((duration * 1000) / ms);
      const played = await reference.evaluate(([group, at]) => bench.motion(group, at).catch(String), [motion.group, motion.at]);
      if (played !== true) {
        console.log(`${model.name.padEnd(8)} ${motion.file}: the library does not play it: ${played}`);
        continue;
      }
      const theirs = await reference.evaluate(([n, dt]) => bench.run(n, dt), [frames, ms]);
      const mine = await ours.evaluate(([n, dt]) => bench.run(n, dt, 0), [frames, ms]);
      const times = Array.from({ length: 20 }, (_, at) => Math.round((at * (frames - 2)) / 19));
      const worst = worstOf(theirs.values, mine.values, info.ranges, [...info.ids.keys()], times);
      const part = worstOf(theirs.parts, mine.parts, info.partIds.map(() => 1), [...info.partIds.keys()], times);
      const still = theirs.values.every((row) => row.every((value, at) => value === theirs.values[0][at]));
      const bad = worst.part > limit || part.part > partLimit || still;
      count++;
      if (bad) failed++;
      if (worst.part > shown.part) shown = { ...worst, file: motion.file, id: info.ids[worst.column] };
      if (bad || verbose) {
        console.log(`${model.name.padEnd(8)} ${motion.file} ${loops ? 'loop' : 'once'} ${percent(worst.part)} `
          + `(${info.ids[worst.column]} frame ${worst.frame}), part ${part.part.toFixed(4)} `
          + `(${info.partIds[part.column]} frame ${part.frame})${still ? ' NOTHING MOVED' : ''}`);
      }
    }
    const where = shown.file ? ` (${shown.id} in ${shown.file})` : '';
    console.log(`${model.name.padEnd(8)} ${manifest.motions.length} motions, worst ${percent(shown.part)}${where}`);
  }
} finally {
  await bench.stop();
}
console.log(`${count - failed} of ${count} motions within ${percent(limit)}`);
process.exitCode = failed > 0 || count === 0 ? 1 : 0;
