import { build, type InlineConfig, type Plugin, type Rolldown } from 'vite';
import { thirdPartyNotices } from './notices.ts';
import { barePreload, shortPreload } from './preload.ts';

const inlined = { mode: 'all', pass: 3 } as const;

/**
 * Builds what other sites load, beside the page: `embed.js`, a classic script, and below `embed/` the modules that it brings. They are two
 * builds because a classic script can share no module with others; the modules come first, because only then their names are known.
 */
export const embedScript = (): Plugin => {
  let base: InlineConfig = {};

  return {
    name: 'embed-script',
    apply: 'build',
    configResolved({ root, logLevel, build: { outDir, target } }) {
      const build = { outDir, target, emptyOutDir: false, copyPublicDir: false, sourcemap: false, modulePreload: false } as const;
      base = { configFile: false, root, base: './', logLevel: logLevel ?? 'info', build };
    },
    closeBundle: {
      sequential: true,
      async handler() {
        const stage = await buildStage(base);
        await buildScript(base, `./${stage}`);
      },
    },
  };
};

/** Returns the path of the module that the script begins with. */
async function buildStage(base: InlineConfig): Promise<string> {
  const names = { chunkFileNames: 'embed/[name]-[hash].js', assetFileNames: 'embed/[name]-[hash][extname]' };
  const made = await build({
    ...base,
    plugins: [shortPreload(), thirdPartyNotices()],
    worker: { format: 'es', rolldownOptions: { output: { entryFileNames: 'embed/[name]-[hash].js' } } },
    build: {
      ...base.build,
      minify: true,
      rolldownOptions: {
        input: { stage: 'src/embed/stage.ts' },
        preserveEntrySignatures: 'strict',
        optimization: { inlineConst: inlined },
        output: { ...names, entryFileNames: 'embed/[name]-[hash].js', minify: true },
      },
    },
  }) as Rolldown.RolldownOutput;
  return made.output.find((file) => file.type === 'chunk' && file.isEntry)!.fileName;
}

async function buildScript(base: InlineConfig, stage: string): Promise<void> {
  await build({
    ...base,
    plugins: [wholeAddress(stage), barePreload(), thirdPartyNotices()],
    build: {
      ...base.build,
      rolldownOptions: {
        input: { embed: 'src/embed/embed.ts' },
        optimization: { inlineConst: inlined },
        transform: { define: { 'import.meta': '{}' } },
        output: { format: 'iife', entryFileNames: '[name].js', minify: true },
      },
    },
  });
}

const loading = "import('./stage')";

/** Browsers resolve no relative address for a script that came from another origin: it has to say where its modules are. */
const wholeAddress = (stage: string): Plugin => ({
  name: 'whole-address',
  transform: {
    order: 'pre',
    handler(code, id) {
      if (!id.endsWith('/src/embed/embed.ts')) return null;
      if (!code.includes(loading)) throw new Error(`embed.ts has no ${loading} to write the address into.`);
      return code.replace(loading, `import(/* @vite-ignore */ new URL(${JSON.stringify(stage)}, address ?? location.href).href)`);
    },
  },
});
