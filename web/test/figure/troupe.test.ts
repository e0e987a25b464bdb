import { describe, expect, it, vi } from 'vitest';
import type { ModelManifest } from '../../src/avatar/manifest';
import { CastingError, startTroupe } from '../../src/figure/troupe';

vi.mock('../../src/live2d/live2d', () => ({ loadModel: (manifest: ModelManifest) => Promise.resolve({ drawn: manifest.base }) }));

const troupe = (root: string, answer: () => Promise<Response>): ReturnType<typeof startTroupe> & { readonly asked: string[] } => {
  const asked: string[] = [];
  const fetch = (url: string): Promise<Response> => {
    asked.push(url);
    return answer();
  };
  return { ...startTroupe({ root, fetch, environment: {} as never }), asked };
};
const manifest = (): Promise<Response> => Promise.resolve(Response.json({ name: '愛子 1', kind: 'cubism', base: 'models/%E6%84%9B%E5%AD%90%201/' }));

describe('the troupe', () => {
  it.each([
    ['http://localhost:8765/', 'http://localhost:8765/models/%E6%84%9B%E5%AD%90%201/'],
    ['https://example.org/avatar/', 'https://example.org/avatar/models/%E6%84%9B%E5%AD%90%201/'],
  ])('finds the files of a model below the hub at %s', async (root, base) => {
    const { load, asked } = troupe(root, manifest);
    const actor = await load('愛子 1', null);
    expect(actor.manifest?.base).toBe(base);
    expect(actor.renderer).toEqual({ drawn: base });
    expect(asked).toEqual([`${root}api/models/${encodeURIComponent('愛子 1')}`]);
  });

  it.each([
    ['not_found', () => Promise.resolve(new Response('', { status: 404 }))],
    ['unreachable', () => Promise.resolve(new Response('', { status: 500 }))],
    ['unreachable', () => Promise.reject(new TypeError('failed'))],
  ])('says %s where there is no model', async (code, answer) => {
    const failure = await troupe('http://h/', answer).load('Mira', null).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CastingError);
    expect((failure as CastingError).code).toBe(code);
  });
});
