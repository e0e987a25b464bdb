import { describe, expect, it } from 'vitest';
import { reasonOf, sizeIn } from '../../src/wardrobe/context';
import { HubError, modelsOf, refusalOf } from '../../src/wardrobe/models';

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

function hub(answers: Readonly<Record<string, readonly [status: number, body: unknown]>>) {
  const asked: Asked[] = [];
  const models = modelsOf('http://hub/', (url, init = {}) => {
    asked.push({ url: String(url), init });
    const found = answers[`${init.method ?? 'GET'} ${String(url).slice('http://hub/api/models'.length)}`];
    if (found === undefined) return Promise.reject(new TypeError('Failed to fetch'));
    return Promise.resolve(new Response(found[1] === null ? null : JSON.stringify(found[1]), { status: found[0] }));
  });
  return { models, asked };
}

const words = (key: string): string => key;

describe('the models of the hub', () => {
  it('are asked for by their name, whatever it is', async () => {
    const { models, asked } = hub({ 'GET /%E9%9B%AA%20(1)': [200, { name: '雪 (1)' }] });
    expect((await models.parts('雪 (1)')).name).toBe('雪 (1)');
    expect(asked[0]!.url).toBe('http://hub/api/models/%E9%9B%AA%20(1)');
  });

  it('refuse in the words of the hub', async () => {
    const { models } = hub({ 'DELETE /mao': [404, { type: 'error', code: 'not_found', message: 'there is no model', hint: 'See the list.' }] });
    const error = await models.remove('mao').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'not_found', status: 404 });
    expect(reasonOf(error, words)).toBe('there is no model See the list.');
  });

  it('that are not answered are offline or late', async () => {
    const { models } = hub({});
    expect(reasonOf(await models.shelf().catch((e: unknown) => e), words)).toBe('offline');
    const late = modelsOf('http://hub/', () => Promise.reject(new DOMException('', 'TimeoutError')));
    expect(reasonOf(await late.shelf().catch((e: unknown) => e), words)).toBe('timeout');
  });

  it('are set up by a mapping, which need not be there', async () => {
    const { models, asked } = hub({ 'PUT /mao/avatar.json': [204, null], 'GET /mao/avatar.json': [404, { code: 'not_found' }] });
    expect(await models.mapping('mao')).toEqual({});
    await models.save('mao', { title: 'Mao' });
    expect(asked[1]!.init).toMatchObject({ method: 'PUT', body: '{"title":"Mao"}', headers: { 'Content-Type': 'application/json' } });
    const broken = hub({ 'GET /mao/avatar.json': [503, {}] });
    await expect(broken.models.mapping('mao')).rejects.toMatchObject({ status: 503 });
  });

  it('get their Core only for one who accepted', async () => {
    const { models, asked } = hub({ 'POST /core/download': [200, { core: { file: 'live2dcubismcore.min.js', bytes: 1 } }] });
    await models.fetchCore();
    expect(asked[0]!.init.body).toBe('{"accepted":true}');
  });

  it('whose answer is no JSON are refused', async () => {
    const models = modelsOf('http://hub/', () => Promise.resolve(new Response('<html>')));
    await expect(models.shelf()).rejects.toMatchObject({ code: 'bad_answer' });
    expect(refusalOf(502, '<html>')).toMatchObject({ code: 'http_502', message: '' });
    expect(reasonOf(new HubError('http_502'), words)).toBe('http_502');
  });
});

describe('a size', () => {
  it.each([[0, '0 byte'], [999, '999 byte'], [1_500, '1.5 kB'], [12_345_678, '12 MB'], [3_400_000, '3.4 MB'], [2_000_000_000, '2 GB']])(
    'of %d bytes is %s', (bytes, text) => {
      expect(sizeIn('en', bytes)).toBe(text);
    });
});
