import { describe, expect, it } from 'vitest';
import { askForInvitation, readInvitation } from '../../src/phone/invitation';

const answer = {
  url: 'https://192.168.1.5:8766/#token=kt_a_b', address: 'https://192.168.1.5:8766/', others: ['https://[fd00::2]:8766/'],
  until: '2026-12-30T00:00:00+00:00', fingerprint: 'AB:CD', qrSize: 29, qrPath: 'M4 4h7v1h-7zM12 4h1v1h-1z',
};

const hub = (status: number, body: unknown): typeof fetch => async (url, init) => {
  expect([url, init?.method]).toEqual(['http://localhost:8765/api/phone', 'POST']);
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
};

const ask = (status: number, body: unknown) => askForInvitation('http://localhost:8765/', hub(status, body));

describe('an invitation', () => {
  it('is read', () => {
    expect(readInvitation(answer)).toEqual({
      address: answer.address, others: answer.others, until: new Date(answer.until), fingerprint: 'AB:CD', size: 29, path: answer.qrPath,
    });
    const { fingerprint: _, ...trusted } = answer;
    expect(readInvitation(trusted)?.fingerprint).toBeNull();
  });

  it.each([
    null, 'text', [], {}, { ...answer, address: 1 }, { ...answer, others: 'x' }, { ...answer, others: [1] }, { ...answer, until: 'soon' },
    { ...answer, until: undefined }, { ...answer, fingerprint: 5 }, { ...answer, qrSize: 0 }, { ...answer, qrSize: 186 },
    { ...answer, qrSize: 2.5 }, { ...answer, qrPath: '' }, { ...answer, qrPath: 'M0 0h1v1h-1z"onload=alert(1)' }, { ...answer, qrPath: ['M'] },
  ])('is not %j', (value) => {
    expect(readInvitation(value)).toBeNull();
  });

  it('comes from the hub', async () => {
    expect(await ask(200, answer)).toMatchObject({ address: answer.address });
  });

  it.each([
    [404, { code: 'not_found', message: 'this hub does not listen on the local network' }, 'off'],
    [409, { code: 'not_found', message: 'no address' }, 'nowhere'],
    [503, { code: 'storage_full', message: 'there are 1000 tokens' }, { reason: 'there are 1000 tokens' }],
    [200, { ...answer, qrPath: 'x' }, { reason: 'HTTP 200' }],
    [502, '<html>', { reason: 'HTTP 502' }],
  ])('is missing with %i %j', async (status, body, outcome) => {
    expect(await ask(status, body)).toEqual(outcome);
  });

  it('is missing without a connection', async () => {
    expect(await askForInvitation('http://localhost:8765/', () => Promise.reject(new TypeError('failed')))).toEqual({ reason: null });
  });
});
