import { afterEach, expect, it, vi } from 'vitest';
import { startWardrobeSlot } from '../../src/view/wardrobeslot';
import { settled } from '../settled';

afterEach(() => void vi.unstubAllGlobals());

/** A page whose panel of avatars comes when a test says so. */
function slot() {
  const page = new EventTarget();
  const element = (): object => Object.assign(new EventTarget(), { setAttribute() {}, dataset: {}, inert: true, querySelector: element });
  Object.assign(page, { querySelector: element });
  vi.stubGlobal('document', page);
  const seen: (number | null)[] = [];
  let come = (): void => {};
  startWardrobeSlot(page as Document, () => new Promise((done) => {
    come = () => done({ open() {}, closed() {}, dragged: (entries) => void seen.push(entries?.length ?? null) });
  }));
  const drag = (type: string, relatedTarget: object | null = null): void => {
    const items = [{ webkitGetAsEntry: () => ({}) }];
    page.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { dataTransfer: { types: ['Files'], items }, relatedTarget }));
  };
  return {
    seen, drag,
    come(): Promise<void> {
      come();
      return settled();
    },
  };
}

it('files that left the page before the panel came are not over it', async () => {
  const { seen, drag, come } = slot();
  drag('dragenter');
  drag('dragleave', {});
  drag('dragleave');
  await come();
  expect(seen).toEqual([]);
  drag('dragenter');
  await settled();
  expect(seen).toEqual([null]);
});

it('files that were dropped before the panel came are taken', async () => {
  const { seen, drag, come } = slot();
  drag('dragenter');
  drag('drop');
  await come();
  expect(seen).toEqual([1]);
});
