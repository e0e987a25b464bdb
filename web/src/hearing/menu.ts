import { label } from '../base/i18n';
import { hintAt } from '../base/shown';
import { clean } from '../base/text';
import type { HearingMode } from '../protocol/hearing';
import type { RememberedChoice } from './choice';
import type { HearingKey } from './hearingwords';
import type { Device } from './microphone';

export interface MenuOptions {
  readonly page: Document;
  readonly words: (key: HearingKey) => string;
  readonly choose: (part: Partial<RememberedChoice>) => void;
  readonly off: () => void;
}

export interface MenuView {
  readonly choice: RememberedChoice;
  /** Whether the companion may be interrupted at all. */
  readonly interruptible: boolean;
  /** What is in effect, which without the model is not what was chosen. */
  readonly mode: HearingMode;
  readonly on: boolean;
  readonly devices: readonly Device[];
  /** Whether the browser recognizes speech: `none`: it cannot; `local`: it would, or does, without sending the sound to a service. */
  readonly browser: { readonly can: 'none' | 'local' | 'remote'; readonly used: boolean };
}

export interface Menu {
  draw(view: MenuView): void;
  stop(): void;
}

/** The options of the microphone, in a small panel above its button. */
export function startMenu({ page, words, choose, off }: MenuOptions): Menu {
  const $ = <E extends HTMLElement>(selector: string): E => page.querySelector<E>(selector)!;
  const [box, panel, opener] = [$('#ear'), $('#ear-menu'), $<HTMLButtonElement>('#ear-more')];
  const modes = [...panel.querySelectorAll<HTMLInputElement>('input[name="ear-mode"]')];
  const [bargeIn, tap] = [$<HTMLInputElement>('#ear-barge-in'), $<HTMLInputElement>('#ear-tap')];
  const [browserBox, browserNote] = [$<HTMLInputElement>('#ear-browser'), $('#ear-browser-note')];
  const [devices, device, turnOff] = [$('#ear-devices'), $<HTMLSelectElement>('#ear-device'), $<HTMLButtonElement>('#ear-off')];
  const ends = new AbortController();
  const { signal } = ends;

  const open = (to: boolean): void => {
    panel.hidden = !to;
    opener.setAttribute('aria-expanded', String(to));
  };

  const close = (): void => {
    if (panel.hidden) return;
    const had = panel.contains(page.activeElement);
    open(false);
    if (had) opener.focus();
  };

  opener.addEventListener('click', () => {
    open(panel.hidden);
    if (!panel.hidden) modes.find(({ checked }) => checked)?.focus();
  }, { signal });
  page.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close();
  }, { signal });
  page.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !panel.contains(target) && !opener.contains(target)) close();
  }, { signal });
  const modeOf = ({ value }: HTMLInputElement): HearingMode => (value === 'push_to_talk' ? value : 'hands_free');
  for (const mode of modes) mode.addEventListener('change', () => choose({ mode: modeOf(mode) }), { signal });
  bargeIn.addEventListener('change', () => choose({ bargeIn: bargeIn.checked }), { signal });
  tap.addEventListener('change', () => choose({ tap: tap.checked }), { signal });
  browserBox.addEventListener('change', () => choose({ browser: browserBox.checked }), { signal });
  device.addEventListener('change', () => choose({ device: device.value }), { signal });
  turnOff.addEventListener('click', () => {
    close();
    off();
  }, { signal });

  return {
    draw({ choice, interruptible, mode, on, devices: known, browser }) {
      for (const element of box.querySelectorAll<HTMLElement>('[data-ear]')) {
        element.textContent = words(element.dataset['ear'] as HearingKey);
      }
      for (const element of box.querySelectorAll<HTMLElement>('[data-ear-label]')) {
        label(element, words(element.dataset['earLabel'] as HearingKey));
      }
      for (const each of modes) each.checked = each.value === mode;
      bargeIn.checked = choice.bargeIn && interruptible;
      bargeIn.disabled = !interruptible;
      hintAt(bargeIn.closest('label')!, interruptible ? '' : words('bargeInNever'));
      tap.checked = choice.tap;
      bargeIn.closest('label')!.hidden = mode !== 'hands_free';
      tap.closest('label')!.hidden = mode !== 'push_to_talk';
      browserBox.checked = browser.used;
      browserBox.closest('label')!.hidden = browser.can === 'none';
      browserNote.textContent = words(browser.can === 'local' ? 'browserLocalNote' : 'browserNote');
      turnOff.hidden = !on;
      devices.hidden = known.length < 2;
      const any = { id: '', name: words('deviceAny') };
      const options = [any, ...known.filter(({ id }) => id !== 'default' && id !== 'communications')];
      if (options.length !== device.options.length || options.some(({ name }, i) => device.options[i]?.textContent !== clean(name))) {
        device.replaceChildren(...options.map(({ id, name }) => new Option(clean(name), id)));
      }
      device.value = options.some(({ id }) => id === choice.device) ? choice.device : '';
    },
    stop() {
      ends.abort();
    },
  };
}
