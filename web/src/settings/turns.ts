import { markNames, type MarkName, type Metrics } from '../protocol/talk';
import { make } from '../base/elements';
import { section, type Section, type SectionContext } from './section';

/** A step of a turn, as a part of the time that the longest turn took. */
export interface Step {
  readonly name: MarkName;
  readonly ms: number;
  /** 0..1 */
  readonly from: number;
  readonly to: number;
}

export interface Waterfall {
  /** So many turns ago. */
  readonly age: number;
  /** Milliseconds. */
  readonly total: number;
  readonly steps: readonly Step[];
}

/** The steps of each turn one after the other, newest turn first, all on the same scale. */
export function waterfall(turns: readonly Metrics[]): readonly Waterfall[] {
  const longest = Math.max(1, ...turns.flatMap(({ marks }) => Object.values(marks)));
  return [...turns].reverse().map(({ marks }, age) => {
    let before = 0;
    const steps = markNames.flatMap((name) => {
      const ms = marks[name];
      if (ms === undefined || ms < 0 || (name === 'endOfSpeech' && marks.transcript === undefined)) return [];
      const from = Math.min(before, ms);
      before = Math.max(before, ms);
      return [{ name, ms: Math.round(ms), from: from / longest, to: ms / longest }];
    });
    return { age, total: Math.round(before), steps };
  });
}

/** When each step of the last turns was done. */
export function turnsSection(context: SectionContext, metrics: () => readonly Metrics[]): Section {
  const { words } = context;
  return section(context, words('turns.title'), 'turns', async () => {
    const turns = waterfall(metrics());
    if (turns.length === 0) return [make('p', { className: 'quiet' }, words('turns.none'))];
    return turns.map(({ age, total, steps }) => {
      const rows = steps.map(({ name, ms, from, to }) => {
        const bar = make('span', { className: 'bar-of' });
        bar.style.setProperty('--from', String(from));
        bar.style.setProperty('--to', String(to));
        bar.dataset['step'] = name;
        return make('tr', {},
          make('th', { scope: 'row' }, words(`turns.${name}`)), make('td', { className: 'span' }, bar), make('td', {}, `${ms} ms`));
      });
      const caption = make('caption', {}, words(age === 0 ? 'turns.last' : 'turns.before', { number: age, ms: total }));
      return make('table', { className: 'waterfall' }, caption, make('tbody', {}, ...rows));
    });
  });
}
