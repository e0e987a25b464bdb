import { make } from '../base/elements';

/** Small buttons that are on or off. */
export function chips(
  label: string, names: readonly string[], isOn: (name: string) => boolean, toggle: (name: string) => void,
): HTMLElement {
  const group = make('div', { className: 'chips', role: 'group', label });
  for (const name of names) {
    const chip = make('button', { type: 'button', className: 'chip', data: { name } }, name);
    chip.addEventListener('click', () => toggle(name));
    group.append(chip);
  }
  drawChips(group, isOn);
  return group;
}

export function drawChips(group: HTMLElement, isOn: (name: string) => boolean): void {
  for (const chip of group.querySelectorAll<HTMLElement>('.chip')) chip.setAttribute('aria-pressed', String(isOn(chip.dataset['name']!)));
}

const icons = {
  reset: 'M5 12a7 7 0 1 0 2.2-5.1M5 4.5v4h4',
  rename: 'M5 19l.8-3.8L15.6 5.4a2.1 2.1 0 0 1 3 3L8.8 18.2ZM13.6 7.4l3 3',
  close: 'M7 7l10 10M17 7 7 17',
} as const;

/** A button that shows a sign; its words are its label. */
export function signButton(className: string, icon: keyof typeof icons, act: () => void, label = ''): HTMLButtonElement {
  const made = button(`${className} sign`, '', act, label);
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(picture.namespaceURI, 'path');
  path.setAttribute('d', icons[icon]);
  picture.append(path);
  made.append(picture);
  return made;
}

export function button(className: string, text: string, act: () => void, label?: string): HTMLButtonElement {
  const made = make('button', { type: 'button', className, ...(label === undefined ? {} : { label, title: label }) }, text);
  made.addEventListener('click', act);
  return made;
}
