import { describe, expect, it } from 'vitest';
import { newsOf } from '../../src/wardrobe/coredialog';

const busy = { number: 1, count: 1, name: 'core.js', done: 0, all: 5 };

describe('the question for a Core', () => {
  it('tells what came of the file that was chosen', () => {
    expect(newsOf({ busy: null, notices: [] })).toBeNull();
    expect(newsOf({ busy, notices: [] })).toEqual({ text: { key: 'add.reading' }, state: 'busy' });
    const text = { key: 'add.nothing', values: { name: 'jquery' } } as const;
    expect(newsOf({ busy: null, notices: [{ kind: 'bad', text }] })).toEqual({ text, state: 'bad' });
  });

  it('says that another Core came than the one that was asked for', () => {
    const notices = [{ kind: 'bad', text: { key: 'add.nothing' } }, { kind: 'core', text: { key: 'add.core2Done' } }] as const;
    expect(newsOf({ busy: null, notices })).toEqual({ text: { key: 'add.core2Done' }, state: 'bad' });
    expect(newsOf({ busy: null, notices: [{ kind: 'model', name: 'm', title: 'M', findings: [] }] })).toBeNull();
  });
});
