import { make } from '../base/elements';

/** Small buttons that are on or off. */
export function chips(label: string, names: readonly string[], isOn: (name: string) => boolean, toggle: (name: string) => void): HTMLElement {
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

export function button(className: string, text: string, act: () => void, label?: string): HTMLButtonElement {
  const made = make('button', { type: 'button', className, ...(label === undefined ? {} : { label, title: label }) }, text);
  made.addEventListener('click', act);
  return made;
}
