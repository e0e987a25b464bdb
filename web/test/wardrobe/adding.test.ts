import { describe, expect, it } from 'vitest';
import { startAdding, type AddingState } from '../../src/wardrobe/adding';
import { GatheringError } from '../../src/wardrobe/gathering';
import { HubError } from '../../src/wardrobe/models';
import type { Parcel } from '../../src/wardrobe/parcels';
import type { Added } from '../../src/wardrobe/sending';
import { settled } from '../settled';
import { file } from './files';

interface Sent {
  readonly parcel: Parcel;
  readonly progress: (bytes: number) => void;
  readonly done: (added: Added) => void;
  readonly fail: (error: unknown) => void;
  readonly cancelled: () => boolean;
}

function adding({ bytes = Infinity, files = Infinity } = {}) {
  const sent: Sent[] = [];
  const shelf: Added[] = [];
  const states: AddingState[] = [];
  const looks: (() => void)[] = [];
  const run = startAdding({
    limits: () => ({ bytes, files }),
    send(parcel, progress) {
      const { promise, resolve, reject } = later<Added>();
      let cancelled = false;
      sent.push({ parcel, progress, done: resolve, fail: reject, cancelled: () => cancelled });
      return {
        done: promise,
        cancel() {
          cancelled = true;
          reject(new HubError('cancelled'));
        },
      };
    },
    look(name) {
      if (name === 'slow') return new Promise((done) => looks.push(() => done({ title: name, findings: [] })));
      return name === 'odd' ? Promise.reject(new Error('gone')) : Promise.resolve({ title: name.toUpperCase(), findings: [] });
    },
    size: (count) => `${count} B`,
    reason: (error) => (error instanceof HubError ? error.message : 'odd'),
    onAdded: (added) => void shelf.push(added),
    draw: (state) => void states.push(state),
  });
  const drop = (...paths: readonly string[]): void => run.take(() => Promise.resolve(paths.map((path) => file(path, '12345'))));
  const told = (): readonly string[] => run.state().notices.map((notice) =>
    (notice.kind === 'model' ? `${notice.name} is ${notice.title}` : `${notice.text.key} ${JSON.stringify(notice.text.values ?? {})}`));
  return { run, sent, shelf, states, looks, drop, told };
}

function later<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}

describe('adding', () => {
  it('sends what was dropped, tells how far it is and what came of it', async () => {
    const { run, sent, shelf, drop, told } = adding();
    drop('m/a.moc3');
    expect(run.state().busy).toMatchObject({ name: null });
    await settled();
    sent[0]!.progress(3);
    expect(run.state().busy).toEqual({ number: 1, count: 1, name: 'm', done: 3, all: 5 });
    sent[0]!.done({ names: ['m-2', 'odd'], core: null });
    await settled();
    await settled();
    expect(told()).toEqual(['m-2 is M-2', 'odd is odd']);
    expect([run.state().busy, shelf.length]).toEqual([null, 1]);
  });

  it('sends one after another, also what is dropped meanwhile', async () => {
    const { run, sent, drop } = adding();
    drop('a.zip', 'b.zip');
    await settled();
    drop('c.zip');
    expect(sent.map(({ parcel }) => parcel.name)).toEqual(['a.zip']);
    expect(run.state().busy).toMatchObject({ number: 1, count: 2 });
    for (let i = 0; i < 3; i++) {
      sent[i]!.done({ names: [], core: null });
      await settled();
    }
    expect(sent.map(({ parcel }) => parcel.name)).toEqual(['a.zip', 'b.zip', 'c.zip']);
    expect(run.state().busy).toBeNull();
  });

  it('goes on after a refusal, which it tells', async () => {
    const { sent, drop, told } = adding();
    drop('a.zip', 'b.zip');
    await settled();
    sent[0]!.fail(new HubError('too_big', 'too large'));
    await settled();
    sent[1]!.done({ names: [], core: 'core' });
    await settled();
    expect(told()).toEqual(['add.refused {"name":"a.zip","reason":"too large"}', 'add.coreDone {}']);
  });

  it('tells before it sends what the hub would refuse', async () => {
    const large = adding({ bytes: 9 });
    large.drop('m/a.moc3', 'm/b.png');
    const many = adding({ files: 1 });
    many.drop('m/a.moc3', 'm/b.png');
    await settled();
    expect([large.sent, large.told()]).toEqual([[], ['add.tooLarge {"name":"m","size":"10 B","limit":"9 B"}']]);
    expect([many.sent, many.told()]).toEqual([[], ['add.tooMany {"name":"m","limit":1}']]);
  });

  it('tells what holds no model and what could not be read', async () => {
    const { run, drop, told } = adding();
    drop('cat.png');
    await settled();
    expect(told()).toEqual(['add.nothing {"name":"cat"}']);
    run.take(() => Promise.reject(new GatheringError('tooMany', 'Downloads', 7)));
    await settled();
    expect(told()).toEqual(['add.tooMany {"name":"Downloads","limit":7}']);
    run.take(() => Promise.reject(new GatheringError('unreadable', 'b.png')));
    await settled();
    expect(told()).toEqual(['add.unreadable {"name":"b.png"}']);
  });

  it('ends when it is cancelled, with all that waits, and starts anew', async () => {
    const { run, sent, shelf, drop, told } = adding();
    drop('a.zip', 'b.zip');
    drop('c.zip');
    await settled();
    run.cancel();
    sent[0]!.progress(3);
    await settled();
    expect([run.state().busy, sent.length, told(), shelf.length]).toEqual([null, 1, ['add.cancelled {}'], 0]);
    drop('d.zip');
    await settled();
    expect([sent.at(-1)!.parcel.name, told()]).toEqual(['d.zip', []]);
  });

  it('can be cancelled again while the one before still asks what it was', async () => {
    const { run, sent, drop, states, looks } = adding();
    drop('a.zip');
    await settled();
    sent[0]!.done({ names: ['slow'], core: null });
    await settled();
    run.cancel();
    drop('b.zip');
    await settled();
    looks[0]!();
    await settled();
    run.cancel();
    await settled();
    expect(sent.map(({ cancelled }) => cancelled())).toEqual([true, true]);
    expect(states.at(-1)!.busy).toBeNull();
  });

  it('forgets a notice that was read', async () => {
    const { run, drop, told } = adding();
    drop('cat.png');
    await settled();
    run.dismiss(run.state().notices[0]!);
    expect(told()).toEqual([]);
  });
});
