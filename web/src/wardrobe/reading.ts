import type { Act, ModelHotkey, ModelManifest } from '../avatar/manifest';
import type { Language } from '../base/languages';
import { Fields } from '../protocol/fields';

/** A model as the list of all models tells it. */
export interface ModelCard {
  readonly name: string;
  readonly title: string;
  /** null for a folder that holds nothing that could be shown. */
  readonly kind: ModelManifest['kind'] | null;
  /** What the doctor of models found that the user should look at. */
  readonly problems: number;
}

/** How much may be added at once; Infinity where the hub does not say. */
export interface AddingLimits {
  readonly bytes: number;
  readonly files: number;
}

/** What can stand on the stage. */
export interface Shelf {
  readonly looks: readonly string[];
  readonly models: readonly ModelCard[];
  /** Whether the programs are there that models of either kind need. */
  readonly core: boolean;
  readonly core2: boolean;
  readonly limits: AddingLimits;
}

export const severities = ['error', 'warning', 'hint', 'mended'] as const;
export type Severity = (typeof severities)[number];

/** Something that the doctor of models found. */
export interface Finding {
  readonly severity: Severity;
  readonly file: string;
  readonly code: string;
  readonly text: Partial<Readonly<Record<Language, string>>>;
}

/** What the user may set up of a model. */
export type ModelParts =
  & Pick<ModelManifest, 'name' | 'title' | 'kind' | 'hotkeys' | 'idle' | 'emotions' | 'gestures' | 'touches'>
  & { readonly expressions: readonly string[]; readonly motions: readonly string[]; readonly areas: readonly string[] }
  & { readonly parameterNames: Readonly<Record<string, string>> };

const fieldsOf = (value: unknown): Fields => new Fields(partsOf(value) as Record<string, unknown>);

/** The fields of something that came from outside; nothing when it is no object. */
export const partsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : {});

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const nameOf = (value: unknown): string | null => textOrNull(fieldsOf(value).any('name'));
const kindOf = (f: Fields): ModelManifest['kind'] => f.oneOf('kind', ['cubism', 'cubism2']);

function readCard(value: unknown): ModelCard | null {
  const f = fieldsOf(value);
  const name = f.text('name');
  return name === '' ? null : {
    name, title: f.maybeText('title') || name,
    kind: f.any('kind') === undefined ? null : kindOf(f), problems: f.maybeCount('problems', 0) ?? 0,
  };
}

export function readShelf(value: unknown): Shelf {
  const f = fieldsOf(value);
  const limits = fieldsOf(f.any('limits'));
  return {
    looks: f.list('looks', textOrNull), models: f.list('models', readCard),
    core: fieldsOf(f.any('core')).flag('present', false), core2: fieldsOf(f.any('core2')).flag('present', false),
    limits: { bytes: limits.maybeCount('bytes', 1) ?? Infinity, files: limits.maybeCount('files', 1) ?? Infinity },
  };
}

export function readFindings(value: unknown): readonly Finding[] {
  return fieldsOf(value).list('findings', (one) => {
    const f = fieldsOf(one);
    const text = fieldsOf(f.any('text'));
    const texts = Object.fromEntries((['en', 'zh', 'ja'] as const).map((language) => [language, text.maybeText(language) ?? '']));
    const code = f.maybeText('code') ?? '';
    return code === '' ? null : { severity: f.oneOf('severity', severities), file: f.maybeText('file') ?? '', code, text: texts };
  });
}

/** An act as far as it can be played; null for what is none. */
export function readAct(value: unknown): Act | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const f = fieldsOf(value);
  const expressions = f.list('expressions', textOrNull);
  const motion = f.maybeText('motion') ?? '';
  const parameters = Object.fromEntries(f.map('parameters', numberOrNull));
  return {
    ...(expressions.length === 0 ? {} : { expressions }), ...(motion === '' ? {} : { motion }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
}

function readHotkey(value: unknown): ModelHotkey | null {
  const f = fieldsOf(value);
  const action = f.oneOf('action', ['expression', 'motion', 'clear']);
  const target = f.maybeText('target') ?? null;
  if (action !== 'clear' && target === null) return null;
  return { name: f.maybeText('name') || target || '', action, target, keys: f.list('keys', textOrNull) };
}

export function readModelParts(value: unknown): ModelParts {
  const f = fieldsOf(value);
  const acts = (name: string): Readonly<Record<string, Act>> => Object.fromEntries(f.map(name, readAct));
  const name = f.text('name');
  return {
    name, title: f.maybeText('title') || name, kind: kindOf(f), hotkeys: f.list('hotkeys', readHotkey), idle: f.list('idle', textOrNull),
    emotions: acts('emotions'), gestures: acts('gestures'), touches: acts('touches'),
    expressions: f.list('expressions', nameOf), motions: f.list('motions', nameOf), areas: f.list('hitAreas', nameOf),
    parameterNames: Object.fromEntries(fieldsOf(f.any('names')).map('parameters', textOrNull)),
  };
}
