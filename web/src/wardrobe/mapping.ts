import type { Act } from '../avatar/manifest';
import { partsOf, readAct, type ModelParts } from './reading';

/** `avatar.json` of a model: what the user set up. Fields that the page does not know stay as they are. */
export type Mapping = Readonly<Record<string, unknown>>;

/** For which of its acts a model is set up. */
export type ActTable = 'emotions' | 'gestures' | 'touches';

/**
 * What a model does, and whether the user said so. An empty act: nothing of the model's own, Kotodama helps itself. null: what is made of
 * the model itself, which is not told before it is saved.
 */
export interface Chosen {
  readonly act: Act | null;
  readonly own: boolean;
}

/** A mapping with another field; empty ones leave it. */
function withField(mapping: Mapping, name: string, value: unknown): Mapping {
  const rest = Object.fromEntries(Object.entries(mapping).filter(([key]) => key !== name));
  const empty = value === null || value === ''
    || (typeof value === 'object' && !Array.isArray(value) && Object.keys(partsOf(value)).length === 0);
  return empty ? rest : { ...rest, [name]: value };
}

export const textIn = (mapping: Mapping, name: 'title' | 'credit'): string => (typeof mapping[name] === 'string' ? mapping[name] : '');

/** An empty text is none. */
export const withText = (mapping: Mapping, name: 'title' | 'credit', text: string): Mapping => withField(mapping, name, text.trim());

export const isEmpty = ({ expressions = [], motion, parameters = {} }: Act): boolean =>
  expressions.length === 0 && motion === undefined && Object.keys(parameters).length === 0;

/** What a mapping says of an act: undefined where it says nothing. */
function ownAct(mapping: Mapping, table: ActTable, key: string): Act | undefined {
  const acts = partsOf(mapping[table]);
  if (!Object.hasOwn(acts, key)) return undefined;
  return acts[key] === null ? {} : readAct(acts[key]) ?? undefined;
}

/** The act that is in force: the user's own one, else as the hub guessed it. `saved` is what the hub knows. */
export function actIn(mapping: Mapping, saved: Mapping, parts: ModelParts, table: ActTable, key: string): Chosen {
  const own = ownAct(mapping, table, key);
  if (own !== undefined) return { act: own, own: true };
  // What the hub tells is what was saved, where something was: its guess is not known then.
  return { act: ownAct(saved, table, key) === undefined ? parts[table][key] ?? {} : null, own: false };
}

/** null: as it is made of the model itself. An empty act is kept as null, which the hub takes for none of the model's own. */
export const withAct = (mapping: Mapping, table: ActTable, key: string, act: Act | null): Mapping => {
  const acts = Object.fromEntries(Object.entries(partsOf(mapping[table])).filter(([name]) => name !== key));
  return withField(mapping, table, act === null ? acts : { ...acts, [key]: isEmpty(act) ? null : act });
};

/** The motions that play by themselves; null: as the model's author meant it. */
export const idleIn = (mapping: Mapping): readonly string[] | null => {
  const idle = mapping['idle'];
  return Array.isArray(idle) ? idle.filter((name) => typeof name === 'string') : null;
};

export const withIdle = (mapping: Mapping, idle: readonly string[] | null): Mapping => withField(mapping, 'idle', idle);

/** The user's name for a parameter; empty where there is none. */
export const nameIn = (mapping: Mapping, id: string): string => {
  const name = partsOf(partsOf(mapping['names'])['parameters'])[id];
  return typeof name === 'string' ? name : '';
};

export const withName = (mapping: Mapping, id: string, name: string): Mapping => {
  const names = partsOf(mapping['names']);
  return withField(mapping, 'names', withField(names, 'parameters', withField(partsOf(names['parameters']), id, name.trim())));
};

/** Whether two mappings say the same, in whatever order. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => isSame(one, b[i]));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [partsOf(a), partsOf(b)];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]));
}
