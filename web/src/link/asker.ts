import workerAddress from './ask.worker.ts?worker&url';

/** The part of a browser's Worker that is used here. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(data: string): void;
}

/**
 * Asks whether the server answers. A browser writes each request and each WebSocket of a page that fails into its console, where no
 * script can keep it out; what fails in a worker it does not write there.
 */
export interface Asker {
  /** To be called while the server is there: the worker's script comes from it. */
  prepare(): void;
  /** Whether anything answers. Never rejects. Without a worker it says yes: then only an attempt can tell. */
  ask(): Promise<boolean>;
}

export function startAsker(url: string, makeWorker: () => WorkerLike): Asker {
  let worker: WorkerLike | null = null;
  let waiting: ((answers: boolean) => void)[] = [];

  const tell = (answers: boolean): void => {
    const told = waiting;
    waiting = [];
    for (const each of told) each(answers);
  };

  return {
    prepare() {
      if (worker !== null) return;
      const made = makeWorker();
      made.onmessage = ({ data }) => tell(data === true);
      made.onerror = () => {
        worker = null;
        tell(true);
      };
      worker = made;
    },
    ask: () => new Promise((resolve) => {
      if (worker === null) {
        resolve(true);
        return;
      }
      waiting.push(resolve);
      if (waiting.length === 1) worker.postMessage(url);
    }),
  };
}

interface ScriptPolicy {
  createScriptURL(address: string): string;
}

/** The page requires Trusted Types, and makes workers of this one script only. */
export function browserWorker(): WorkerLike {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy } }).trustedTypes;
  const policy = types?.createPolicy('kotodama-worker', { createScriptURL: () => workerAddress });
  return new Worker(policy?.createScriptURL(workerAddress) ?? workerAddress, { type: 'module' });
}
