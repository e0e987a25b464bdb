import { listOf, partsOf, textOf } from '../talk/answers';
import { reasonOf } from '../talk/badge';
import { make, outcome, tell } from '../base/elements';
import { section, type Section, type SectionContext } from './section';

const kinds = ['tts', 'asr', 'llm'] as const;
const testWithin = 60_000;

const isKind = (kind: string): kind is (typeof kinds)[number] => (kinds as readonly string[]).includes(kind);

export interface Engine {
  readonly kind: string;
  readonly name: string;
  /** Why it cannot be used; empty when nothing speaks against it. */
  readonly problem: string;
}

export const readEngines = (value: unknown): readonly Engine[] =>
  listOf(partsOf(value)['engines']).map(partsOf).flatMap(({ kind, name, problem }) =>
    (textOf(kind) === '' || textOf(name) === '' ? [] : [{ kind: textOf(kind), name: textOf(name), problem: textOf(problem) }]));

/** What became of trying an engine. */
export function readTrial(value: unknown): { readonly ok: boolean; readonly ms: number | null; readonly detail: string } {
  const { ok, ms, detail } = partsOf(value);
  return { ok: ok === true, ms: typeof ms === 'number' && Number.isFinite(ms) ? ms : null, detail: textOf(detail) };
}

/** What speaks, what recognizes and what answers, each with a button that tries it. */
export function enginesSection(context: SectionContext): Section {
  const { words, talk, asks } = context;

  const test = async (kind: string, engine: string, button: HTMLButtonElement, told: HTMLElement): Promise<void> => {
    button.disabled = true;
    tell(told, words('engines.testing'), 'busy');
    try {
      const { ok, ms, detail } = readTrial(await asks.ask('test', { kind, engine }, testWithin));
      if (ok) tell(told, words(isKind(kind) ? `engines.ok.${kind}` : 'engines.ok', { ms: ms === null ? '?' : Math.round(ms) }), 'good');
      else tell(told, words('engines.bad', { reason: detail || '?' }), 'bad');
    } catch (error) {
      tell(told, words('engines.bad', { reason: reasonOf(error, talk) }), 'bad');
    }
    button.disabled = false;
  };

  const row = ({ kind, name, problem }: Engine): HTMLElement => {
    const button = make('button', { type: 'button', className: 'button', label: words('engines.testOf', { name }) }, words('engines.test'));
    const told = outcome();
    if (problem !== '') tell(told, problem, 'bad');
    button.addEventListener('click', () => void test(kind, name, button, told));
    return make('div', { className: 'row' }, make('span', { className: 'row-main' }, make('strong', {}, name), told), button);
  };

  return section(context, words('engines.title'), 'engines', async () => {
    const all = readEngines(await asks.ask('settings'));
    return kinds.flatMap((kind) => {
      const engines = all.filter((engine) => engine.kind === kind);
      const rows = engines.length === 0 ? [make('p', { className: 'quiet' }, words('engines.none'))] : engines.map(row);
      return [make('h4', {}, words(`engines.${kind}`)), ...rows];
    });
  });
}
