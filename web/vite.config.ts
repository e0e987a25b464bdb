import { defineConfig } from 'vite';
import { shortPreload } from './build/preload.ts';
import { writeSileroWeights } from './build/silero.ts';

// The server maps the page's files under its own root, so every address in the page is relative.
export default defineConfig(() => ({
  base: './',
  plugins: [shortPreload()],
  resolve: { alias: [{ find: /^silero\.bin/, replacement: writeSileroWeights() }] },
  build: {
    target: 'es2022', sourcemap: false, assetsInlineLimit: 0, outDir: '../src/Kotodama.Server/wwwroot', emptyOutDir: true,
    // The page names no module to be loaded ahead, so what teaches that to old browsers would be idle.
    modulePreload: { polyfill: false },
    // What the settings share with the conversation stays with it: they open only where there is one. What all panels are made of is a part
    // of its own.
    rolldownOptions: {
      // The renderer of Live2D models is a file of its own with all that only it needs, whatever loads it.
      input: { index: 'index.html', live2d: 'src/live2d/live2d.ts' },
      preserveEntrySignatures: 'exports-only' as const,
      optimization: { inlineConst: { mode: 'all' as const, pass: 3 } },
      // Models of Cubism 2 use what newer ones use; that is one file, so that no piece of it is taken for a part of the first load.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'talk', test: /\/src\/(talk\/(?!entry\.)|base\/locales\/\w+\/talk\.)/ },
            { name: 'live2d', test: /\/src\/live2d\// },
            { name: 'elements', test: /\/src\/base\/elements\./ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/ws': { target: 'ws://127.0.0.1:8765', ws: true }, '/api': 'http://127.0.0.1:8765' } },
}));
