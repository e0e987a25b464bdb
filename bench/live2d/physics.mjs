// Physics beside the library, after steps of head and body, at 30, 60 and 144 Hz: every output within 1 % of its range for four seconds.
// Call and needs: head of life/harness.mjs.
import { manifestOf, models, percent, start, verbose, worstOf } from './life/harness.mjs';

const limit = 0.01;
const seconds = 4;
const driven = [
  ['ParamAngleX', 'PARAM_ANGLE_X'], ['ParamAngleZ', 'PARAM_ANGLE_Z'], ['ParamBodyAngleX', 'PARAM_BODY_ANGLE_X', 'PARAM_BODY_X'],
];

const kinds = { physics: true, pose: false };

const bench = await start();
let failed = 0;
let count = 0;
try {
  const ours = await bench.page('ours');
  const reference = await bench.page('reference');
  for (const model of models()) {
    const manifest = manifestOf(model);
    if (manifest.physics === null) continue;
    for (const rate of [30, 60, 144]) {
      const loaded = await reference.evaluate(([url, kinds]) => bench.load(url, kinds).then(() => true, String), [model.url, kinds]);
      if (loaded !== true) {
        console.log(`${model.name.padEnd(8)} the library does not load it with this Core: ${loaded.slice(0, 80)}`);
        break;
      }
      const info = await ours.evaluate((setup) => bench.load(setup), { manifest, physics: true, loop: null });
      const inputs = driven.map((ids) => info.ids.findIndex((id) => ids.includes(id))).filter((at) => at >= 0);
      const drive = Array.from({ length: seconds * rate }, (_, frame) => Object.fromEntries(inputs.map((index, at) =>
        [index, frame >= rate * 0.5 && frame < rate * 1.5 ? info.maximums[index] * (at === 0 ? 0.8 : 0.6) : 0])));
      const theirs = await reference.evaluate(([n, ms, d]) => bench.run(n, ms, d), [drive.length, 1000 / rate, drive]);
      const mine = await ours.evaluate(([n, ms, d]) => bench.run(n, ms, ms, d), [drive.length, 1000 / rate, drive]);
      const { json, outputs } = await ours.evaluate(async (url) => {
        const file = await (await fetch(url)).json();
        return { json: file.Meta, outputs: file.PhysicsSettings.flatMap((one) => one.Output.map((out) => out.Destination.Id)) };
      }, manifest.base + manifest.physics);
      // Without a rate of the file the library shows each step one frame late.
      if (!(json.Fps > 0)) mine.values.unshift(mine.values[0]);
      const columns = [...new Set(outputs)].map((id) => info.ids.indexOf(id)).filter((at) => at >= 0 && !inputs.includes(at));
      const worst = worstOf(theirs.values, mine.values, info.ranges, columns, theirs.values.keys());
      const moving = columns.filter((at) => {
        const all = theirs.values.map((row) => row[at]);
        return Math.max(...all) - Math.min(...all) > info.ranges[at] * 0.01;
      });
      const bad = worst.part > limit || moving.length === 0;
      count++;
      if (bad) failed++;
      console.log(`${model.name.padEnd(8)} ${String(rate).padStart(3)} Hz, rate of the file ${json.Fps ?? 'none'}: `
        + `worst ${percent(worst.part)} (${info.ids[worst.column]} frame ${worst.frame}), `
        + `${moving.length} of ${columns.length} outputs moved`);
      if (verbose && worst.column >= 0) {
        for (let frame = 0; frame < drive.length; frame += Math.ceil(drive.length / 40)) {
          const [a, b] = [theirs, mine].map(({ values }) => values[frame][worst.column].toFixed(4));
          console.log(`    ${(frame / rate).toFixed(3)} ${a} ${b}`);
        }
      }
    }
  }
} finally {
  await bench.stop();
}
console.log(`${count - failed} of ${count} runs within ${percent(limit)}`);
process.exitCode = failed > 0 || count === 0 ? 1 : 0;
