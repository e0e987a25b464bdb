// Every expression of every model beside the library: parameters within 0.1 % of their range during the fade and after it.
// Call and needs: head of life/harness.mjs.
import { manifestOf, models, percent, start, verbose, worstOf } from './life/harness.mjs';

const limit = 0.001;
const frames = 150;
const ms = 1000 / 60;

const kinds = { physics: false, pose: false };

const bench = await start();
let failed = 0;
let count = 0;
try {
  const ours = await bench.page('ours');
  const reference = await bench.page('reference');
  for (const model of models()) {
    const manifest = manifestOf(model);
    if (manifest.expressions.length === 0) continue;
    let most = 0;
    for (const { name } of manifest.expressions) {
      const loaded = await reference.evaluate(([url, kinds]) => bench.load(url, kinds).then(() => true, String), [model.url, kinds]);
      if (loaded !== true) {
        console.log(`${model.name.padEnd(8)} the library does not load it with this Core: ${loaded.slice(0, 80)}`);
        break;
      }
      const info = await ours.evaluate((setup) => bench.load(setup), { manifest, physics: false, loop: null });
      await reference.evaluate((one) => bench.express(one), name);
      await ours.evaluate((one) => bench.express([one]), name);
      const theirs = await reference.evaluate(([n, dt]) => bench.run(n, dt), [frames, ms]);
      const mine = await ours.evaluate(([n, dt]) => bench.run(n, dt, 0), [frames, ms]);
      const columns = [...info.ids.keys()];
      const fade = worstOf(theirs.values, mine.values, info.ranges, columns, theirs.values.keys());
      const end = worstOf(theirs.values, mine.values, info.ranges, columns, [frames - 1]);
      const bad = fade.part > limit;
      count++;
      if (bad) failed++;
      most = Math.max(most, fade.part);
      if (bad || verbose) {
        console.log(`${model.name.padEnd(8)} ${name}: during the fade ${percent(fade.part)} `
          + `(${info.ids[fade.column]} frame ${fade.frame}), at its end ${percent(end.part)}`);
      }
    }
    console.log(`${model.name.padEnd(8)} ${manifest.expressions.length} expressions, worst ${percent(most)}`);
  }
} finally {
  await bench.stop();
}
console.log(`${count - failed} of ${count} expressions within ${percent(limit)}`);
process.exitCode = failed > 0 || count === 0 ? 1 : 0;
