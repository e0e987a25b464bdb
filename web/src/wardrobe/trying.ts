import type { ModelHotkey } from '../avatar/manifest';
import { make, outcome, tell } from '../base/elements';
import { show } from '../base/shown';
import { button, chips, drawChips } from './chips';
import type { Context } from './context';
import { describe, keyName, keysOf, type Desk } from './desk';
import { isEmpty, withAct, type ActTable } from './mapping';
import { startSliders } from './sliders';
import type { Trial } from './trial';

/** Where the user tries what a model can do. */
export interface Trying {
  readonly element: HTMLElement;
  /** Follows the stage. */
  draw(): void;
}

const keyNames: Readonly<Record<string, string>> = {
  LeftControl: 'Ctrl', RightControl: 'Ctrl', LeftShift: 'Shift', RightShift: 'Shift', LeftAlt: 'Alt', RightAlt: 'Alt', Space: '␣',
};

/** A key of VTube Studio as it stands on a keyboard: `N1` is the 1. */
export const keyText = (key: string): string => keyNames[key] ?? key.replace(/^(?:N|Numpad|Alpha)(?=\d$)/, '');

export const tables: readonly ActTable[] = ['emotions', 'gestures', 'touches'];

/** `put`: the user wants the model on the stage. */
export function startTrying(context: Context, desk: Desk, trial: Trial, put: () => void): Trying {
  const { words } = context;
  const element = make('div', { className: 'trying' });
  let live: boolean | null = null;
  let drawParts = (): void => {};

  const build = (): void => {
    const all = [hotkeyPart(context, desk, trial), expressionPart(context, desk, trial), motionPart(context, desk, trial)];
    const sliders = startSliders(context, desk, context.casting.rehearsal.parameters(), trial.hold);
    const bar = shownBar(context, desk, trial);
    element.replaceChildren(...all.flatMap((part) => part?.element ?? []), sliders.element, bar.element);
    drawParts = () => {
      for (const part of all) part?.draw();
      sliders.draw(trial.shown().parameters ?? {});
      bar.draw();
    };
    drawParts();
  };

  const draw = (): void => {
    if (live === trial.isLive()) return;
    live = trial.isLive();
    if (live) return build();
    drawParts = () => {};
    element.replaceChildren(make('p', { className: 'quiet' }, words('edit.notShown')), button('button', words('add.show'), put));
    trial.lost();
  };

  trial.watch(() => drawParts());
  draw();
  return { element, draw };
}

/** One kind of things that can be tried. */
interface Part {
  readonly element: HTMLElement;
  draw(): void;
}

const titled = (title: string, content: HTMLElement): HTMLElement => make('div', { className: 'try-part' }, make('h5', {}, title), content);
const none = ({ words }: Context): HTMLElement => make('p', { className: 'quiet' }, words('try.none'));

function expressionPart(context: Context, desk: Desk, trial: Trial): Part {
  const title = context.words('try.expressions');
  const names = desk.parts().expressions;
  const toggles = chips(title, names, () => false, trial.toggle);
  return {
    element: titled(title, names.length === 0 ? none(context) : toggles),
    draw: () => drawChips(toggles, (name) => trial.shown().expressions?.includes(name) ?? false),
  };
}

function motionPart(context: Context, desk: Desk, trial: Trial): Part {
  const title = context.words('try.motions');
  const names = desk.parts().motions;
  const players = chips(title, names, () => false, trial.play);
  players.classList.add('players');
  return {
    element: titled(title, names.length === 0 ? none(context) : players),
    draw: () => drawChips(players, (name) => name === trial.playing()),
  };
}

function hotkeyPart({ words }: Context, desk: Desk, trial: Trial): Part | null {
  const { hotkeys } = desk.parts();
  if (hotkeys.length === 0) return null;

  const press = ({ action, target }: ModelHotkey): void => {
    if (action === 'clear' || target === null) trial.clear();
    else if (action === 'expression') trial.toggle(target);
    else trial.play(target);
  };

  const isOn = ({ action, target }: ModelHotkey): boolean => target !== null
    && (action === 'expression' ? trial.shown().expressions?.includes(target) ?? false : target === trial.playing());

  const keys = hotkeys.map((key) => {
    const made = button('chip', key.name, () => press(key));
    if (key.keys.length > 0) made.append(make('kbd', {}, key.keys.map(keyText).join(' + ')));
    return [key, made] as const;
  });
  const group = make('div', { className: 'chips', role: 'group', label: words('try.hotkeys') }, ...keys.map(([, made]) => made));
  return {
    element: titled(words('try.hotkeys'), group),
    draw() {
      for (const [key, made] of keys) if (key.action !== 'clear') made.setAttribute('aria-pressed', String(isOn(key)));
    },
  };
}

/** What is shown now, and for what it is to be used. */
function shownBar({ words }: Context, desk: Desk, trial: Trial): Part {
  const told = outcome();
  const line = make('p', { className: 'shown', role: 'status' });
  const select = make('select', { label: words('try.use') }, make('option', { value: '' }, words('try.use')));
  for (const table of tables) {
    const options = keysOf(table, desk.parts(), desk.mapping())
      .map((key) => make('option', { value: `${table} ${key}` }, keyName(words, table, key)));
    const group = make('optgroup', {}, ...options);
    group.label = words(`act.${table}`);
    select.append(group);
  }
  select.addEventListener('change', () => {
    const space = select.value.indexOf(' ');
    const table = tables.find((one) => one === select.value.slice(0, space));
    if (table === undefined) return;
    const key = select.value.slice(space + 1);
    desk.change(withAct(desk.mapping(), table, key, trial.shown()));
    tell(told, words('try.used', { name: keyName(words, table, key) }), 'good');
    select.value = '';
  });
  const clear = button('text-button', words('try.clear'), () => {
    // The button goes with what it takes back.
    element.parentElement?.querySelector<HTMLElement>('.chip')?.focus();
    trial.clear();
  });
  const element = make('div', { className: 'shown-bar' }, line, make('div', { className: 'shown-acts' }, select, clear), told);
  return {
    element,
    draw() {
      const act = trial.shown();
      element.hidden = isEmpty(act);
      if (isEmpty(act)) return tell(told, '', 'good');
      const text = words('try.shown', { what: describe(words, act) });
      if (line.textContent === text) return;
      show(line, text);
      tell(told, '', 'good');
    },
  };
}
