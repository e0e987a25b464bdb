import type { Act } from '../avatar/manifest';
import { make } from '../base/elements';
import { show } from '../base/shown';
import { button, chips, drawChips } from './chips';
import type { Context } from './context';
import { describe, keyName, keysOf, type Desk } from './desk';
import { actIn, idleIn, isEmpty, withAct, withIdle, type ActTable } from './mapping';
import { parameterName } from './sliders';
import type { Trial } from './trial';

/** What the model does at each emotion, gesture or touch, a line for each that opens to be changed. */
export function actList(context: Context, desk: Desk, table: ActTable, trial: Trial): HTMLElement {
  const { words } = context;
  const note = make('p', { className: 'quiet' }, words(`act.${table}Note`));
  const rows = keysOf(table, desk.parts(), desk.mapping()).map((key) => actRow(context, desk, table, key, trial));
  return make('div', { className: 'acts-list' }, note, ...rows);
}

function actRow({ words }: Context, desk: Desk, table: ActTable, key: string, trial: Trial): HTMLElement {
  const value = make('span', { className: 'act-value' });
  const body = make('div', { className: 'act-body' });
  const summary = make('summary', {}, make('strong', {}, keyName(words, table, key)), value);
  const row = make('details', { className: 'act', data: { key } }, summary, body);
  const now = (): ReturnType<typeof actIn> => actIn(desk.mapping(), desk.saved(), desk.parts(), table, key);
  const put = (act: Act | null): void => desk.change(withAct(desk.mapping(), table, key, act));
  let inner: (() => void) | null = null;

  const change = (next: (act: Act) => Act): void => {
    const { expressions = [], motion, parameters = {} } = next(now().act ?? {});
    put({
      ...(expressions.length === 0 ? {} : { expressions }), ...(motion === undefined ? {} : { motion }),
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    });
  };

  const build = (): (() => void) => {
    const parts = desk.parts();
    const toggles = chips(words('act.expressions'), parts.expressions, () => false, (name) => change((act) => ({
      ...act,
      expressions: act.expressions?.includes(name) ? act.expressions.filter((one) => one !== name) : [...act.expressions ?? [], name],
    })));
    const none = make('option', { value: '' }, words('act.noMotion'));
    const motions = parts.motions.map((name) => make('option', { value: name }, name));
    const motion = make('select', { label: words('act.motion') }, none, ...motions);
    motion.addEventListener('change', () => change(({ motion: _, ...act }) => (
      motion.value === '' ? act : { ...act, motion: motion.value }
    )));
    const values = make('div', { className: 'chips' });
    const test = button('text-button', words('act.try'), () => trial.show(now().act ?? {}));
    const take = button('text-button', words('act.take'), () => put(trial.shown()));
    const auto = button('text-button', words('edit.toAuto'), () => {
      put(null);
      row.querySelector('summary')!.focus();
    });
    body.replaceChildren(
      ...(parts.expressions.length === 0 ? [] : [toggles]), ...(parts.motions.length === 0 ? [] : [motion]), values,
      make('div', { className: 'act-acts' }, test, take, auto),
    );
    return () => {
      const { act, own } = now();
      drawChips(toggles, (name) => act?.expressions?.includes(name) ?? false);
      motion.value = act?.motion ?? '';
      values.replaceChildren(...Object.entries(act?.parameters ?? {}).map(([id, held]) => {
        const name = parameterName(desk, id);
        return button('chip leave', `${name} ${Math.round(held * 100) / 100}`, () => change(({ parameters = {}, ...rest }) => (
          { ...rest, parameters: Object.fromEntries(Object.entries(parameters).filter(([one]) => one !== id)) }
        )), words('act.drop', { name }));
      }));
      test.disabled = act === null || isEmpty(act);
      take.hidden = isEmpty(trial.shown());
      auto.hidden = !own;
    };
  };

  const draw = (): void => {
    const { act, own } = now();
    const told = act === null ? '' : describe(words, act);
    show(value, own ? told : [words('edit.auto'), told].filter((part) => part !== '').join(': '));
    row.toggleAttribute('data-own', own);
    inner?.();
  };

  row.addEventListener('toggle', () => {
    if (!row.open) return;
    inner ??= build();
    inner();
  });
  desk.watch(draw);
  trial.watch(() => row.open && inner?.());
  draw();
  return row;
}

/** Which motions play by themselves. */
export function idleList({ words }: Context, desk: Desk): HTMLElement {
  const { motions } = desk.parts();
  if (motions.length === 0) return make('p', { className: 'quiet' }, words('try.none'));
  const now = (): readonly string[] => idleIn(desk.mapping()) ?? (idleIn(desk.saved()) === null ? desk.parts().idle : []);
  const toggles = chips(words('act.idle'), motions, () => false, (name) => {
    const idle = now();
    desk.change(withIdle(desk.mapping(), idle.includes(name) ? idle.filter((one) => one !== name) : [...idle, name]));
  });
  const state = make('span', { className: 'quiet' }, words('edit.auto'));
  const auto = button('text-button', words('edit.toAuto'), () => {
    desk.change(withIdle(desk.mapping(), null));
    toggles.querySelector('button')?.focus();
  });
  const draw = (): void => {
    const own = idleIn(desk.mapping()) !== null;
    state.hidden = own;
    auto.hidden = !own;
    drawChips(toggles, (name) => now().includes(name));
  };
  desk.watch(draw);
  draw();
  return make('div', { className: 'acts-list' }, make('p', { className: 'quiet' }, words('act.idleNote')), toggles,
    make('div', { className: 'act-acts' }, state, auto));
}
