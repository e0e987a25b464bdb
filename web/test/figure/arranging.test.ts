import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { I18n } from '../../src/base/i18n';
import { startArranging } from '../../src/figure/arranging';

/** As much of an element as the line of the placing needs. */
class Box extends EventTarget {
  readonly children: Box[] = [];
  readonly attributes = new Map<string, string>();
  readonly dataset: Record<string, string> = {};
  className = '';
  hidden = false;
  textContent = '';
  clientHeight = 500;
  onclick: (() => void) | null = null;

  append(...parts: readonly (Box | string)[]): void {
    this.children.push(...parts.filter((part) => part instanceof Box));
  }

  contains(other: unknown): boolean {
    return other === this || this.children.some((child) => child.contains(other));
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  toggleAttribute(name: string, on: boolean): void {
    if (on) this.attributes.set(name, '');
    else this.attributes.delete(name);
  }

  closest = (): null => null;
  matches = (): boolean => false;
  remove = (): void => {};
  focus = (): void => void (page.activeElement = this);
  querySelector = (): Box | undefined => this.children.find(({ className }) => className === 'avatar');
}

const page = Object.assign(new EventTarget(), { activeElement: null as Box | null, createElement: () => new Box() });

beforeEach(() => {
  page.activeElement = null;
  vi.stubGlobal('document', page);
  vi.stubGlobal('Element', Box);
});
afterEach(() => void vi.unstubAllGlobals());

function placing() {
  const stage = new Box();
  const avatar = Object.assign(new Box(), { className: 'avatar' });
  stage.append(avatar);
  const done: unknown[][] = [];
  const arranging = startArranging({
    page: page as unknown as Document, stage: stage as unknown as HTMLElement, words: (key) => key,
    i18n: { watch(see: () => void) {
      see();
      return () => {};
    } } as unknown as I18n,
    placing: {
      move: (...by) => done.push(['move', ...by]), scale: (...by) => done.push(['scale', ...by]), reset: () => done.push(['reset']),
    },
  });
  const key = (name: string): void => void page.dispatchEvent(Object.assign(new Event('keydown', { cancelable: true }), { key: name }));
  return { arranging, stage, avatar, done, key, end: stage.children.at(-1)!.children.at(-1)! };
}

it('keys move, scale and reset the character while it is placed, and only then', () => {
  const { arranging, stage, done, key } = placing();
  key('ArrowLeft');
  expect(done).toEqual([]);
  arranging.set(true);
  expect(stage.attributes.has('data-arranging')).toBe(true);
  for (const name of ['ArrowLeft', 'ArrowUp', '+', '0', 'x']) key(name);
  expect(done).toEqual([
    ['move', expect.closeTo(-10), expect.closeTo(0)], ['move', 0, expect.closeTo(-10)], ['scale', 1.1, null], ['reset'],
  ]);
  key('Escape');
  expect([arranging.on(), stage.attributes.has('data-arranging')]).toEqual([false, false]);
  arranging.stop();
  arranging.set(true);
  key('0');
  expect(done).toHaveLength(4);
});

it('the keyboard goes on at the character when the button that has it ends the placing', () => {
  const { arranging, avatar, end } = placing();
  arranging.set(true);
  end.onclick!();
  expect(page.activeElement).toBeNull();
  arranging.set(true);
  end.focus();
  end.onclick!();
  expect([arranging.on(), page.activeElement]).toEqual([false, avatar]);
  arranging.stop();
});
