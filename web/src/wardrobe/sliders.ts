import type { OwnParameter } from '../avatar/avatar';
import { make } from '../base/elements';
import { hintAt, nameIt, show } from '../base/shown';
import { signButton } from './chips';
import type { Context } from './context';
import type { Desk } from './desk';
import { nameIn, withName } from './mapping';

/** So many parameters are shown at once; the search finds the others. */
const shownAtOnce = 40;

/** Steps of a slider from one end to the other. */
const steps = 200;

export interface Sliders {
  readonly element: HTMLElement;
  /** Shows which values are held. */
  draw(values: Readonly<Record<string, number>>): void;
}

/** The user's name for a parameter, the author's one, or its id. */
export const parameterName = (desk: Desk, id: string): string => nameIn(desk.mapping(), id) || desk.parts().parameterNames[id] || id;

/** A slider for each parameter of the model. `hold` is told of each value that the user wants, null: of none any more. */
export function startSliders(
  { words, tag }: Context, desk: Desk, parameters: readonly OwnParameter[], hold: (id: string, value: number | null) => void,
): Sliders {
  let held: Readonly<Record<string, number>> = {};
  let sought = '';
  const list = make('div', { className: 'sliders' });
  const more = make('p', { className: 'quiet' });
  const rows = new Map<string, () => void>();

  const number = (value: number): string => new Intl.NumberFormat(tag(), { maximumFractionDigits: 2 }).format(value);

  const row = ({ id, min, max, rest }: OwnParameter): HTMLElement => {
    const slider = make('input', { type: 'range', min: String(min), max: String(max), step: String((max - min) / steps || 1) });
    const value = make('output', { className: 'slider-value' });
    const label = make('span', { className: 'slider-name', title: id });
    const reset = signButton('slider-act', 'reset', () => {
      hold(id, null);
      held = Object.fromEntries(Object.entries(held).filter(([name]) => name !== id));
      draw();
      slider.focus();
    });
    const rename = signButton('slider-act', 'rename', () => {
      const input = make('input', {
        type: 'text', className: 'slider-rename', maxLength: 64, value: parameterName(desk, id), label: words('try.nameOf', { id }),
      });
      const keep = (save: boolean): void => {
        if (!input.isConnected) return;
        if (save) {
          const name = input.value.trim();
          // The author's own name needs no second entry.
          desk.change(withName(desk.mapping(), id, name === (desk.parts().parameterNames[id] ?? id) ? '' : name));
        }
        input.replaceWith(label);
        draw();
        rename.focus();
      };
      input.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        keep(event.key === 'Enter');
      });
      input.addEventListener('blur', () => keep(true));
      label.replaceWith(input);
      input.select();
    });
    const draw = (): void => {
      const name = parameterName(desk, id);
      const now = held[id];
      show(label, name);
      slider.value = String(now ?? rest);
      nameIt(slider, name);
      slider.style.setProperty('--level', `${max > min ? ((Number(slider.value) - min) / (max - min)) * 100 : 0}%`);
      show(value, number(now ?? rest));
      reset.disabled = now === undefined;
      for (const [act, text] of [[reset, words('try.reset', { name })], [rename, words('try.rename', { name })]] as const) {
        nameIt(act, text);
        hintAt(act, text);
      }
      line.toggleAttribute('data-held', now !== undefined);
    };
    slider.addEventListener('input', () => {
      held = { ...held, [id]: slider.valueAsNumber };
      hold(id, slider.valueAsNumber);
      draw();
    });
    const line = make('div', { className: 'slider' }, label, slider, value, reset, rename);
    rows.set(id, draw);
    draw();
    return line;
  };

  const fits = ({ id }: OwnParameter): boolean => `${id}\n${parameterName(desk, id)}`.toLowerCase().includes(sought);

  const fill = (): void => {
    const found = parameters.filter(fits);
    rows.clear();
    list.replaceChildren(...found.slice(0, shownAtOnce).map(row));
    more.hidden = found.length <= shownAtOnce;
    more.textContent = words('try.more', { count: found.length - shownAtOnce });
  };

  const search = make('input', { type: 'search', placeholder: words('try.find'), label: words('try.find') });
  search.addEventListener('input', () => {
    sought = search.value.trim().toLowerCase();
    fill();
  });
  const many = parameters.length > 8 ? [search] : [];
  const inner = parameters.length === 0 ? [make('p', { className: 'quiet' }, words('try.none'))] : [...many, list, more];
  const summary = make('summary', {}, `${words('try.parameters')} (${parameters.length})`);
  const element = make('details', { className: 'parameters' }, summary, ...inner);
  // Hundreds of sliders that are not looked at would cost the page something.
  element.addEventListener('toggle', () => element.open && rows.size === 0 && fill());

  return {
    element,
    draw(values) {
      held = values;
      for (const draw of rows.values()) draw();
    },
  };
}
