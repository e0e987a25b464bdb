import { describe, expect, it } from 'vitest';
import { packageOf, thirdPartyNotices } from '../../build/notices';

const built = (id: string, renderedLength: number, notices: string): string | null => {
  let problem: string | null = null;
  const bundle = {
    'page.js': { type: 'chunk', fileName: 'page.js', modules: { '/web/src/main.ts': { renderedLength: 9 }, [id]: { renderedLength } } },
    'page.css': { type: 'asset' },
  };
  const generate = thirdPartyNotices(notices).generateBundle as unknown as (options: unknown, bundle: unknown) => void;
  generate.call({ error: (text: string) => { problem = text; } }, null, bundle);
  return problem;
};

describe('notices of others in the page', () => {
  it.each([
    ['/web/src/main.ts', null],
    ['/web/node_modules/left-pad/index.js', 'left-pad'],
    ['/web/node_modules/@scope/name/dist/index.js?url', '@scope/name'],
    ['C:\\web\\node_modules\\outer\\node_modules\\inner\\index.js', 'inner'],
    ['/web/node_modules/.kotodama/silero.bin?url', 'Silero VAD'],
    ['\0rolldown/runtime.js', 'rolldown'],
    ['\0commonjsHelpers.js', 'commonjsHelpers.js'],
    ['\0vite/preload-helper.js', null],
  ])('%s belongs to %s', (id, name) => expect(packageOf(id)).toBe(name));

  it('ends the build when a part has none', () => {
    expect(built('/web/node_modules/left-pad/index.js', 12, 'Silero VAD')).toContain('left-pad gets into page.js');
    expect(built('/web/node_modules/left-pad/index.js', 12, 'left-pad, MIT')).toBeNull();
  });

  it('lets pass what leaves nothing in the page', () => expect(built('/web/node_modules/left-pad/index.js', 0, '')).toBeNull());

  it('knows the page as it is', () => expect(built('/web/node_modules/.kotodama/silero.bin?url', 40, 'the weights of Silero VAD')).toBeNull());
});
