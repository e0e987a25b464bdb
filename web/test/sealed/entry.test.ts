import { describe, expect, it } from 'vitest';
import type { Message, StageMessage } from '../../src/protocol/messages';
import type { SealedPart } from '../../src/sealed/sealed';
import { partWithin, startSealed } from '../../src/sealed/entry';
import { stage } from '../scene/rehearsal';
import { settled as once } from '../settled';
import { vectors } from './vectors';

const enc = { ...vectors[0]!.message, epoch: 'e1', seq: 1 };
const status = (content: string): StageMessage => ({ type: 'status', content });

const settled = async (): Promise<void> => {
  for (let i = 0; i < 4; i++) await once();
};

/** A page whose part opens a message when it is told to. */
function page(hasKey: boolean, load?: () => Promise<SealedPart>) {
  const { clock } = stage();
  const delivered: Message[] = [];
  const problems: unknown[] = [];
  const opens: (() => void)[] = [];
  const shown: StageMessage[] = [];
  const part: SealedPart = {
    open: (one) => new Promise((go) => void opens.push(() => go(status(one.id)))),
    openHistory: async () => 'opened', shown: (message) => void shown.push(message), heard() {}, save() {},
  };
  const sealed = startSealed({
    hasKey, clock, load: load ?? (async () => part), deliver: (message) => void delivered.push(message),
    onProblem: (problem, origin) => void problems.push([problem, origin?.seq]),
  });
  return { clock, delivered, problems, opens, shown, part, sealed };
}

describe('encrypted messages', () => {
  it('keep their place among the others', async () => {
    const { sealed, delivered, opens } = page(true);
    sealed.take(status('before'));
    expect(delivered).toEqual([status('before')]);
    for (const message of [enc, status('between'), { ...enc, id: 'r2' }, status('after')]) sealed.take(message);
    await settled();
    expect(delivered).toHaveLength(1);
    opens.shift()!();
    await settled();
    expect(delivered).toEqual([status('before'), status('r1'), status('between')]);
    opens.shift()!();
    await settled();
    sealed.take(status('end'));
    expect(delivered.slice(3)).toEqual([status('r2'), status('after'), status('end')]);
  });

  it('are told of, at once, by a page without a key', () => {
    const { sealed, delivered, problems } = page(false);
    sealed.take(enc);
    expect(delivered).toEqual([{ ...enc, problem: 'no_key' }]);
    sealed.shown(delivered[0] as StageMessage);
    expect(problems).toEqual([['no_key', 1]]);
  });

  it('are given up when the part that opens them does not come, and tried again with the next one', async () => {
    let tries = 0;
    const { sealed, delivered } = page(true, () => {
      tries++;
      return Promise.reject(new Error('gone'));
    });
    sealed.take(enc);
    sealed.take(status('after'));
    await settled();
    await settled();
    expect(delivered).toEqual([{ ...enc, problem: 'undecryptable' }, status('after')]);
    sealed.take(enc);
    await settled();
    expect(tries).toBeGreaterThan(1);
  });

  it('do not hold up the others for long, and only once', async () => {
    const { sealed, delivered, clock } = page(true, () => new Promise(() => {}));
    sealed.take(enc);
    sealed.take(status('after'));
    clock.advance(partWithin - 1);
    await settled();
    expect(delivered).toEqual([]);
    clock.advance(1);
    await settled();
    expect(delivered).toHaveLength(2);
    sealed.take(enc);
    await settled();
    expect(delivered).toHaveLength(3);
  });

  it('do not stop what comes behind one that breaks the page', async () => {
    const { sealed, delivered, part } = page(true);
    part.open = () => Promise.reject(new Error('no cipher'));
    await settled();
    sealed.take(enc);
    sealed.take(status('after'));
    await settled();
    expect(delivered).toEqual([{ ...enc, problem: 'undecryptable' }, status('after')]);
  });

  it('are opened in the history only by a page that has a key', async () => {
    expect(await page(true).sealed.openHistory('closed')).toBe('opened');
    expect(await page(false).sealed.openHistory('closed')).toBe('closed');
  });
});
