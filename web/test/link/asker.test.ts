import { describe, expect, it } from 'vitest';
import { startAsker, type WorkerLike } from '../../src/link/asker';

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  readonly asked: string[] = [];

  postMessage(data: string): void {
    this.asked.push(data);
  }

  answer(answers: boolean): void {
    this.onmessage?.({ data: answers } as MessageEvent);
  }
}

function start() {
  const workers: FakeWorker[] = [];
  const asker = startAsker('http://host/healthz', () => {
    workers.push(new FakeWorker());
    return workers.at(-1)!;
  });
  return { workers, asker };
}

describe('the asker', () => {
  it.each([true, false])('passes on what its worker found out: %s', async (answers) => {
    const { workers, asker } = start();
    asker.prepare();
    const asked = asker.ask();
    workers[0]!.answer(answers);
    expect(await asked).toBe(answers);
    expect(workers[0]!.asked).toEqual(['http://host/healthz']);
  });

  it('asks once for all who want to know at the same time', async () => {
    const { workers, asker } = start();
    asker.prepare();
    const both = Promise.all([asker.ask(), asker.ask()]);
    workers[0]!.answer(true);
    expect(await both).toEqual([true, true]);
    expect(workers[0]!.asked).toHaveLength(1);
  });

  it('says yes without a worker, so that the page tries', async () => {
    expect(await start().asker.ask()).toBe(true);
  });

  it('says yes when its worker could not be loaded, and makes another one', async () => {
    const { workers, asker } = start();
    asker.prepare();
    const asked = asker.ask();
    workers[0]!.onerror?.({} as ErrorEvent);
    expect(await asked).toBe(true);
    asker.prepare();
    asker.prepare();
    expect(workers).toHaveLength(2);
  });
});
