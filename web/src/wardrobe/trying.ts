import type { Act, ModelHotkey } from '../avatar/manifest';
import { make, outcome, tell } from '../base/elements';
import { button, chips, drawChips } from './chips';
import type { Context } from './context';
import { describe, keyName, keysOf, type Desk } from './desk';
import { isEmpty, withAct, type ActTable } from './mapping';
import { startSliders, type Sliders } from './sliders';

/** Where the user tries what a model can do. */
export interface Trying {
  readonly element: HTMLElement;
  /** Follows the stage: nothing can be tried of a model that is not on it. */
  draw(): void;
  /** What the user has put together. */
  shown(): Act;
  /** Shows an act in the place of what is shown. */
  show(act: Act): void;
  /** Gives the stage back. */
  end(): void;
  /** Calls back after each change of what is shown. */
  watch(see: () => void): void;
}

const keyNames: Readonly<Record<string, string>> = {
  LeftControl: 'Ctrl', RightControl: 'Ctrl', LeftShift: 'Shift', RightShift: 'Shift', LeftAlt: 'Alt', RightAlt: 'Alt', Space: '␣',
};

/** A key of VTube Studio as it stands on a keyboard: `N1` is the 1. */
export const keyText = (key: string): string => keyNames[key] ?? key.replace(/^(?:N|Numpad|Alpha)(?=\d$)/, '');

export const tables: readonly ActTable[] = ['emotions', 'gestures', 'touches'];

export function startTrying(context: Context, desk: Desk, put: () => void): Trying {
  const { words, casting } = context;
  const { rehearsal } = casting;
  const element = make('div', { className: 'trying' });
  let expressions: readonly string[] = [];
  let values: Readonly<Record<string, number>> = {};
  let motion: string | null = null;
  let playing: string | null = null;
  let live: boolean | null = null;
  let sliders: Sliders | null = null;
  const watchers: (() => void)[] = [];
  /** Draws the parts that are there. */
  let drawParts = (): void => {};
  const redraw = (): void => {
    drawParts();
    for (const see of watchers) see();
  };

  const shown = (): Act => ({
    ...(expressions.length === 0 ? {} : { expressions }), ...(motion === null ? {} : { motion }),
    ...(Object.keys(values).length === 0 ? {} : { parameters: values }),
  });
  const isLive = (): boolean => rehearsal.manifest?.name === desk.parts().name;

  const hold = (): void => {
    if (isLive()) rehearsal.show(expressions.length === 0 && Object.keys(values).length === 0 ? null : { expressions, parameters: values });
    redraw();
  };

  const play = async (name: string): Promise<void> => {
    if (!isLive()) return;
    motion = name;
    playing = name;
    redraw();
    await rehearsal.play(name);
    if (playing === name) playing = null;
    redraw();
  };

  const toggle = (name: string): void => {
    expressions = expressions.includes(name) ? expressions.filter((one) => one !== name) : [...expressions, name];
    hold();
  };

  const clear = (): void => {
    [expressions, values, motion, playing] = [[], {}, null, null];
    if (isLive()) rehearsal.stop();
    hold();
    sliders?.draw(values);
  };

  const press = ({ action, target }: ModelHotkey): void => {
    if (action === 'clear') clear();
    else if (action === 'expression') toggle(target!);
    else void play(target!);
  };

  const hotkey = (key: ModelHotkey): HTMLButtonElement => {
    const made = button('chip hotkey', key.name, () => press(key));
    if (key.keys.length > 0) made.append(make('kbd', {}, key.keys.map(keyText).join(' + ')));
    return made;
  };

  const useFor = (told: HTMLElement): HTMLElement => {
    const select = make('select', { label: words('try.use') }, make('option', { value: '' }, words('try.use')));
    for (const table of tables) {
      const options = keysOf(table, desk.parts(), desk.mapping())
        .map((key) => make('option', { value: `${table} ${key}` }, keyName(words, table, key)));
      select.append(make('optgroup', { label: words(`act.${table}`) }, ...options));
      select.lastElementChild!.setAttribute('label', words(`act.${table}`));
    }
    select.addEventListener('change', () => {
      const [, table, key] = /^(\w+) (.*)$/s.exec(select.value) ?? [];
      if (table === undefined || key === undefined) return;
      desk.change(withAct(desk.mapping(), table as ActTable, key, shown()));
      tell(told, words('try.used', { name: keyName(words, table as ActTable, key) }), 'good');
      select.value = '';
    });
    return select;
  };

  const part = (title: string, content: HTMLElement): HTMLElement => make('div', { className: 'try-part' }, make('h5', {}, title), content);
  const none = (): HTMLElement => make('p', { className: 'quiet' }, words('try.none'));

  const build = (): void => {
    const parts = desk.parts();
    const told = outcome();
    const toggles = chips(words('try.expressions'), parts.expressions, () => false, toggle);
    const players = chips(words('try.motions'), parts.motions, () => false, (name) => void play(name));
    players.classList.add('players');
    const keys = make('div', { className: 'chips', role: 'group', label: words('try.hotkeys') }, ...parts.hotkeys.map(hotkey));
    sliders = startSliders(context, desk, rehearsal.parameters(), (id, value) => {
      values = value === null ? Object.fromEntries(Object.entries(values).filter(([name]) => name !== id)) : { ...values, [id]: value };
      hold();
    });
    sliders.draw(values);
    const line = make('p', { className: 'shown', role: 'status' });
    const back = button('text-button', words('try.clear'), () => {
      clear();
      toggles.querySelector('button')?.focus();
    });
    const use = useFor(told);
    const bar = make('div', { className: 'shown-bar' }, line, make('div', { className: 'shown-acts' }, use, back), told);
    element.replaceChildren(
      ...(parts.hotkeys.length === 0 ? [] : [part(words('try.hotkeys'), keys)]),
      part(words('try.expressions'), parts.expressions.length === 0 ? none() : toggles),
      part(words('try.motions'), parts.motions.length === 0 ? none() : players),
      sliders.element, bar,
    );
    drawParts = () => {
      const act = shown();
      drawChips(toggles, (name) => expressions.includes(name));
      drawChips(players, (name) => name === playing);
      for (const [i, key] of parts.hotkeys.entries()) {
        const { action, target } = key;
        const isOn = target !== null && (action === 'expression' ? expressions.includes(target) : target === playing);
        keys.children[i]!.setAttribute('aria-pressed', String(isOn));
      }
      bar.hidden = isEmpty(act);
      line.textContent = words('try.shown', { what: describe(words, act) });
      if (bar.hidden) tell(told, '', 'good');
    };
    redraw();
  };

  const draw = (): void => {
    if (live === isLive()) return;
    live = isLive();
    [expressions, values, motion, playing] = [[], {}, null, null];
    if (live) return build();
    drawParts = () => {};
    sliders = null;
    element.replaceChildren(make('p', { className: 'quiet' }, words('edit.notShown')), button('button', words('add.show'), put));
    redraw();
  };

  draw();
  return {
    element, draw, shown,
    watch: (see) => void watchers.push(see),
    show(act) {
      expressions = act.expressions ?? [];
      values = act.parameters ?? {};
      motion = null;
      hold();
      sliders?.draw(values);
      if (act.motion !== undefined) void play(act.motion);
    },
    end() {
      if (!isEmpty(shown())) clear();
    },
  };
}
