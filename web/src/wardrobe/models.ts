import type { Mapping } from './mapping';
import { partsOf, readFindings, readModelParts, readShelf, type Finding, type ModelParts, type Shelf } from './reading';

/** Why something could not be had of the hub: `offline`, `timeout`, or the hub's own code. */
export class HubError extends Error {
  constructor(readonly code: string, message = '', readonly hint = '', readonly status = 0) {
    super(message);
  }
}

/** The models of the hub, over its HTTP API. Everything rejects with a {@link HubError}. */
export interface Models {
  shelf(): Promise<Shelf>;
  parts(name: string): Promise<ModelParts>;
  check(name: string): Promise<readonly Finding[]>;
  remove(name: string): Promise<void>;
  /** What the user set up; empty where nothing was. */
  mapping(name: string): Promise<Mapping>;
  save(name: string, mapping: Mapping): Promise<void>;
  /** Lets the hub get the Core from Live2D. Only for a user who accepted its licence. */
  fetchCore(): Promise<void>;
}

const answerWithin = 15_000;
/** Reads all textures of a model. */
const checkWithin = 60_000;
/** Another host is asked, which may be slow. */
const coreWithin = 120_000;

/** What the hub said when it refused: its error message, whatever the status. */
export function refusalOf(status: number, text: string): HubError {
  let said: Readonly<Record<string, unknown>> = {};
  try {
    said = partsOf(JSON.parse(text));
  } catch {
    // No error of the hub's own: something between it and the page has answered.
  }
  const told = (name: string): string => (typeof said[name] === 'string' ? said[name] : '');
  return new HubError(told('code') || `http_${status}`, told('message'), told('hint'), status);
}

export function modelsOf(root: string, ask: typeof fetch = (...of) => fetch(...of)): Models {
  const base = `${root}api/models`;
  const at = (name: string): string => `${base}/${encodeURIComponent(name)}`;

  const request = async (url: string, init: RequestInit = {}, within = answerWithin): Promise<unknown> => {
    let answer: Response;
    let text: string;
    try {
      answer = await ask(url, { ...init, signal: AbortSignal.timeout(within) });
      text = await answer.text();
    } catch (error) {
      throw new HubError(error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'offline');
    }
    if (!answer.ok) throw refusalOf(answer.status, text);
    try {
      return text === '' ? null : JSON.parse(text);
    } catch {
      throw new HubError('bad_answer');
    }
  };

  const json = (method: string, value: unknown): RequestInit =>
    ({ method, body: JSON.stringify(value), headers: { 'Content-Type': 'application/json' } });

  return {
    shelf: async () => readShelf(await request(base)),
    parts: async (name) => readModelParts(await request(at(name))),
    check: async (name) => readFindings(await request(`${at(name)}/check`, {}, checkWithin)),
    async remove(name) {
      await request(at(name), { method: 'DELETE' });
    },
    async mapping(name) {
      try {
        return partsOf(await request(`${at(name)}/avatar.json`));
      } catch (error) {
        // The model is there, as its parts tell: nothing was set up yet.
        if (error instanceof HubError && error.status === 404) return {};
        throw error;
      }
    },
    async save(name, mapping) {
      await request(`${at(name)}/avatar.json`, json('PUT', mapping));
    },
    async fetchCore() {
      await request(`${base}/core/download`, json('POST', { accepted: true }), coreWithin);
    },
  };
}
