// Real models of Cubism 2 on our renderer, as pictures to look at: at rest, turned and speaking, each expression, some motions, moved to
// another place, after a lost context.
//
//   node bench/live2d/cubism2.mjs --models DIR --core live2d.min.js --packages DIR --out DIR [--only hijiki]
//
// DIR of models holds folders with a *.model.json each. The rest is as in life/harness.mjs.
import fs from 'node:fs';
import path from 'node:path';
import { older, out, start } from './life/harness.mjs';

const bench = await start(['older']);
let failed = 0;
try {
  fs.mkdirSync(out, { recursive: true });
  for (const manifest of older()) {
    const page = await bench.page('older');
    const picture = async (name) => {
      await page.screenshot({ path: path.join(out, `${manifest.name}-${name}.png`) });
    };
    const has = await page.evaluate((one) => bench.load(one), manifest);
    const rest = await page.evaluate(() => bench.pass(0.2));
    await picture('rest');
    await page.evaluate(() => {
      bench.set('ParamAngleX', 25);
      bench.set('ParamAngleY', -15);
      bench.set('ParamVoice', 1);
      bench.set('ParamMouthOpenY', 0.9);
    });
    const turned = await page.evaluate(() => bench.pass(0.5));
    await picture('turned');
    await page.evaluate(() => ['ParamAngleX', 'ParamAngleY', 'ParamVoice', 'ParamMouthOpenY'].forEach((id) => bench.set(id, 0)));
    for (const name of has.expressions) {
      await page.evaluate((one) => bench.express([one]), name);
      await page.evaluate(() => bench.pass(1.5));
      await picture(`expression-${name}`);
    }
    await page.evaluate(() => bench.express([]));
    let moved = 0;
    for (const [at, name] of has.motions.entries()) {
      await page.evaluate((one) => bench.play(one), name);
      const first = await page.evaluate(() => bench.pass(0.4));
      const second = await page.evaluate(() => bench.pass(0.8));
      if (Object.keys(first).some((id) => first[id] !== second[id])) moved++;
      if (at % 4 === 0) await picture(`motion-${name}`);
    }
    await page.evaluate(() => bench.place(0.2, 0.1, 1.4));
    await page.evaluate(() => bench.pass(0.1));
    await picture('placed');
    await page.evaluate(() => bench.place(0, 0, 1));
    await page.evaluate(() => bench.lose());
    await page.evaluate(() => bench.pass(0.2));
    await picture('after-loss');
    const areas = await page.evaluate(() => bench.areas());
    const ms = await page.evaluate(() => bench.time(60));
    const good = turned.ParamAngleX > rest.ParamAngleX + 15 && moved > 0;
    // Chromium tells that reading pixels takes time.
    const log = page.log.filter((line) => !line.includes('ReadPixels'));
    if (!good || log.length > 0) failed++;
    console.log(`${manifest.name}: ${has.parameters.length} parameters of our table, ${has.expressions.length} expressions, `
      + `${moved} of ${has.motions.length} motions moved, areas from the top ${areas.join(' ')}, ${ms.toFixed(1)} ms a frame`);
    for (const line of log) console.log(`    ${line}`);
    // Fifty changes of the model in one page, as a user who cannot decide.
    if (manifest === older()[0]) await page.evaluate(async (one) => { for (let k = 0; k < 50; k++) await bench.load(one); }, manifest);
    await page.close();
  }
} finally {
  await bench.stop();
}
process.exitCode = failed > 0 ? 1 : 0;
