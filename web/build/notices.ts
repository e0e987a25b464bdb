import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Modules that are no code of others, although their names look so: the weights' address, which is a text. */
const weights = /\/node_modules\/\.kotodama\/silero\.bin/;

/** The package that a module belongs to; null: it is ours. */
export function packageOf(id: string): string | null {
  const path = id.replaceAll('\\', '/');
  if (weights.test(path)) return 'Silero VAD';
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (name !== undefined) return name;
  // What bundlers add has a name that begins with a zero; the helper that loads parts is replaced by ours.
  if (!id.startsWith('\0') || id.startsWith('\0vite/preload-helper')) return null;
  return id.slice(1).split(/[/:]/)[0]!;
}

/** Ends the build when code or data of others gets into the page, and public/third-party.txt, which is shipped with it, does not name it. */
export function thirdPartyNotices(notices = readFileSync(new URL('../public/third-party.txt', import.meta.url), 'utf8')): Plugin {
  return {
    name: 'third-party-notices',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
          const name = renderedLength === 0 ? null : packageOf(id);
          if (name !== null && !notices.includes(name)) {
            this.error(`${name} gets into ${chunk.fileName} (${id}), and public/third-party.txt has no notice of it.`);
          }
        }
      }
    },
  };
}
