import { describe, expect, it } from 'vitest';
import { chosen, gather, GatheringError } from '../../src/wardrobe/gathering';
import { dropped, gone, type Tree } from './files';

const paths = async (entries: readonly FileSystemEntry[], limit?: number): Promise<readonly string[]> =>
  (await gather(entries, limit)).map(({ path }) => path);

describe('what was dropped', () => {
  it('is read to the last file of the last folder, each with its way', async () => {
    const tree = { hiyori: { 'hiyori.model3.json': '{}', motions: { 'idle.motion3.json': '{}', deep: { 'é 表情.exp3.json': '{}' } } }, 'note.txt': '' };
    expect(await paths(dropped(tree))).toEqual([
      'hiyori/hiyori.model3.json', 'hiyori/motions/idle.motion3.json', 'hiyori/motions/deep/é 表情.exp3.json', 'note.txt',
    ]);
  });

  it('is read in as many pieces as the browser makes of a folder', async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.png`, 'x']));
    expect(await paths(dropped({ textures: many }, 100))).toHaveLength(250);
  });

  it('ends where a folder holds more than any model', async () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.png`, 'x']));
    const error = await gather(dropped({ Downloads: { inner: many } }), 10).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GatheringError);
    expect(error).toMatchObject({ why: 'tooMany', of: 'Downloads', limit: 10 });
  });

  it('names the file that could not be read', async () => {
    expect(await gather([...dropped({ 'a.moc3': 'x' }), gone('b.png')]).catch((e: unknown) => e)).toMatchObject({ why: 'unreadable', of: 'b.png' });
  });

  it('ends below folders that are deeper than any model', async () => {
    let tree: Tree = { 'lost.moc3': 'x' };
    for (let i = 0; i < 40; i++) tree = { deeper: tree };
    expect(await paths(dropped(tree))).toEqual([]);
  });

  it('chosen by a button has the way that the browser knows', () => {
    const inside = Object.assign(new File(['x'], 'a.moc3'), { webkitRelativePath: 'hiyori/a.moc3' });
    expect(chosen([inside, new File(['x'], 'b.zip')]).map(({ path }) => path)).toEqual(['hiyori/a.moc3', 'b.zip']);
  });
});
