import { expect, it } from 'vitest';
import { startKeyboard } from '../../src/figure/keyboard';

function character() {
  const host = Object.assign(new EventTarget(), { tabIndex: -1, setAttribute() {} });
  const mode = { on: false };
  const taps = { count: 0 };
  const ends = new AbortController();
  startKeyboard({
    host: host as unknown as HTMLElement, signal: ends.signal, tap: () => taps.count++,
    arranging: { on: () => mode.on, set: (on) => void (mode.on = on) },
  });
  const send = (type: string, more: object): Event => {
    const event = Object.assign(new Event(type, { cancelable: true }), more);
    host.dispatchEvent(event);
    return event;
  };
  return { host, mode, taps, ends, key: (key: string, more: object = {}) => send('keydown', { key, ...more }),
    click: (detail: number) => send('click', { detail }) };
}

it('the character is tapped by Enter, by the space bar, and by a screen reader', () => {
  const { host, taps, key, click, ends } = character();
  expect(host.tabIndex).toBe(0);
  expect([key('Enter'), key(' ')].map(({ defaultPrevented }) => defaultPrevented)).toEqual([true, true]);
  click(0);
  expect(taps.count).toBe(3);
  // What a pointer does is known from the pointer.
  click(1);
  for (const held of ['ctrlKey', 'altKey', 'metaKey', 'repeat']) key('Enter', { [held]: true });
  key('a');
  ends.abort();
  key('Enter');
  expect(taps.count).toBe(3);
});

it('Shift and Enter let it be placed, and no key taps it then', () => {
  const { mode, taps, key, click } = character();
  key('Enter', { shiftKey: true });
  expect(mode.on).toBe(true);
  key('Enter');
  key(' ');
  click(0);
  expect(taps.count).toBe(0);
});
