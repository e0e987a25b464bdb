import { describe, expect, it } from 'vitest';
import { parcelsOf, type Parcel } from '../../src/wardrobe/parcels';
import { readAdded, send, type Sending } from '../../src/wardrobe/sending';
import { ManualClock } from '../base/manualclock';
import { file } from './files';

class FakeRequest {
  readonly upload: { onprogress?: (event: object) => void; onload?: () => void } = {};
  readonly headers: Record<string, string> = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  opened = '';
  body: unknown = null;
  status = 0;
  responseText = '';

  open(method: string, url: string): void {
    this.opened = `${method} ${url}`;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  send(body: unknown): void {
    this.body = body;
  }
  abort(): void {
    this.onabort?.();
  }
  answer(status: number, value: unknown): void {
    this.status = status;
    this.responseText = JSON.stringify(value);
    this.onload?.();
  }
}

function sending(parcel: Parcel) {
  const request = new FakeRequest();
  const clock = new ManualClock();
  const progress: number[] = [];
  const sent: Sending = send('http://hub/', parcel, clock, (bytes) => void progress.push(bytes), () => request as unknown as XMLHttpRequest);
  const failure = sent.done.then(() => null, (error: unknown) => error);
  return { request, clock, progress, sent, failure };
}

const parcelOf = (...paths: readonly string[]): Parcel => parcelsOf(paths.map((path) => file(path, '0123456789'))).parcels[0]!;

describe('a parcel', () => {
  it('of files goes as a form whose names are their ways', () => {
    const { request } = sending(parcelOf('雪/雪.moc3', '雪/t/"0".png'));
    expect(request.opened).toBe('POST http://hub/api/models');
    expect((request.body as FormData).getAll('files').map((one) => (one as File).name)).toEqual(['雪/雪.moc3', '雪/t/"0".png']);
    expect(request.headers).toEqual({});
  });

  it('that is a zip goes as it is, with its name', () => {
    const { request } = sending(parcelOf('Mao & Co.zip'));
    expect(request.opened).toBe('POST http://hub/api/models?name=Mao%20%26%20Co');
    expect(request.headers).toEqual({ 'Content-Type': 'application/zip' });
    expect((request.body as File).size).toBe(10);
  });

  it('tells how far it is in bytes of the files', () => {
    const { request, progress } = sending(parcelOf('m/a.moc3', 'm/b.png'));
    request.upload.onprogress?.({ loaded: 500, total: 1_000 });
    request.upload.onprogress?.({ loaded: 7, total: 0 });
    request.upload.onload?.();
    expect(progress).toEqual([10, 7, 20]);
  });

  it('is done with what the hub made of it', async () => {
    const { request, sent } = sending(parcelOf('m/a.moc3'));
    request.answer(201, { added: 'm-2', models: ['m-2', 'n'], core: null });
    expect(await sent.done).toEqual({ names: ['m-2', 'n'], core: null });
  });

  it('that is refused fails with the reason', async () => {
    const { request, failure } = sending(parcelOf('m/a.moc3'));
    request.answer(413, { code: 'too_big', message: 'the upload is too large', hint: 'h' });
    expect(await failure).toMatchObject({ code: 'too_big', message: 'the upload is too large' });
  });

  it('that gets nowhere fails, however slow the rest was', async () => {
    const { request, clock, failure } = sending(parcelOf('m/a.moc3'));
    for (let i = 0; i < 5; i++) {
      clock.advance(100_000);
      request.upload.onprogress?.({ loaded: i, total: 10 });
    }
    clock.advance(120_000);
    expect(await failure).toMatchObject({ code: 'timeout' });
  });

  it('can be cancelled, and lost', async () => {
    const cancelled = sending(parcelOf('m/a.moc3'));
    cancelled.sent.cancel();
    expect(await cancelled.failure).toMatchObject({ code: 'cancelled' });
    const lost = sending(parcelOf('m/a.moc3'));
    lost.request.onerror?.();
    expect(await lost.failure).toMatchObject({ code: 'offline' });
  });
});

describe('the answer', () => {
  it.each([
    ['{"added":"m"}', { names: ['m'], core: null }],
    ['{"added":null,"models":[],"core":{"file":"live2dcubismcore.min.js","bytes":9}}', { names: [], core: 'core' }],
    ['{"added":null,"models":[],"core":{"file":"live2d.min.js","bytes":9}}', { names: [], core: 'core2' }],
    ['7', { names: [], core: null }],
  ])('%s is read', (text, added) => {
    expect(readAdded(text)).toEqual(added);
  });

  it('that is no JSON is refused', () => {
    expect(() => readAdded('<html>')).toThrow(expect.objectContaining({ code: 'bad_answer' }));
  });
});
