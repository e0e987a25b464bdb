import { lastMoment } from '../protocol/messages';
import type { ConversationLine } from '../scene/conversation';

/** A server for language models that was found. */
export interface FoundServer {
  readonly server: string;
  readonly url: string;
  readonly models: readonly string[];
  /** The one to begin with. */
  readonly model: string;
}

export interface ModelChoice {
  readonly server: string;
  readonly url: string;
  readonly model: string;
  readonly demo: boolean;
  readonly found: readonly FoundServer[];
}

/** The fields of something that came from outside; nothing when it is no object. */
export const partsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : {});

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A moment as Unix milliseconds or as text; null for neither. */
export function momentOf(value: unknown): number | null {
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return at >= 0 && at <= lastMoment ? at : null;
}

export function readModelChoice(value: unknown): ModelChoice {
  const { server, url, model, demo, found } = partsOf(value);
  return {
    server: textOf(server), url: textOf(url), model: textOf(model), demo: demo === true,
    found: listOf(found).flatMap((one) => {
      const parts = partsOf(one);
      const models = listOf(parts['models']).filter((name) => typeof name === 'string');
      const url = textOf(parts['url']);
      if (url === '') return [];
      return [{ server: textOf(parts['server']) || url, url, models, model: textOf(parts['model']) || (models[0] ?? '') }];
    }),
  };
}

/** What a demo companion may be replaced with at once. */
export function offerOf({ demo, found }: ModelChoice): { readonly server: string; readonly url: string; readonly model: string } | null {
  const first = found.find(({ model }) => model !== '');
  return !demo || first === undefined ? null : { server: first.server, url: first.url, model: first.model };
}

export const readLines = (value: unknown): readonly ConversationLine[] => listOf(partsOf(value)['entries']).flatMap((entry) => {
  const { at, role, text, interrupted } = partsOf(entry);
  const moment = momentOf(at);
  return moment === null || textOf(text) === '' || (role !== 'user' && role !== 'assistant')
    ? []
    : [{ at: moment, user: role === 'user', text: textOf(text), interrupted: interrupted === true }];
});
