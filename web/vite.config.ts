import { defineConfig } from 'vite';
import { embedScript } from './build/embed.ts';
import { thirdPartyNotices } from './build/notices.ts';
import { shortPreload } from './build/preload.ts';
import { writeSileroWeights } from './build/silero.ts';

// The server maps the page's files under its own root, so every address in the page is relative.
export default defineConfig(() => ({
  base: './',
  plugins: [shortPreload(), thirdPartyNotices(), embedScript()],
  resolve: { alias: [{ find: /^silero\.bin/, replacement: writeSileroWeights() }] },
  build: {
    target: 'es2022', sourcemap: false, assetsInlineLimit: 0, outDir: '../src/Kotodama.Server/wwwroot', emptyOutDir: true,
    // The page names no module to be loaded ahead, so what teaches that to old browsers would be idle.
    modulePreload: { polyfill: false },
    // What the settings share with the conversation stays with it: they open only where there is one. What all panels are made of is a part
    // of its own.
    rolldownOptions: {
      // The renderers of Live2D models are files of their own with all that only they need, whatever loads them.
      input: { index: 'index.html', live2d: 'src/live2d/live2d.ts', cubism2: 'src/cubism2/cubism2.ts' },
      preserveEntrySignatures: 'allow-extension' as const,
      optimization: { inlineConst: { mode: 'all' as const, pass: 3 } },
      // Models of Cubism 2 use what newer ones use; that is one file, so that no piece of it is taken for a part of the first load.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'talk', test: /\/src\/(talk\/(?!entry\.)|base\/locales\/\w+\/talk\.)/ },
            { name: 'cubism', test: /\/src\/live2d\// },
            { name: 'elements', test: /\/src\/base\/elements\./ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/ws': { target: 'ws://127.0.0.1:8765', ws: true }, '/api': 'http://127.0.0.1:8765' } },
}));
