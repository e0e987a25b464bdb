import type { Clock } from '../clock';
import type { Answer, Ask } from '../talkwire';

/** Nobody has answered after this. */
export const answerWithin = 15_000;

/** A question that was not answered: `timeout`, `offline`, or the code of the companion. */
export class AskError extends Error {
  constructor(readonly code: string, message: string, readonly hint = '') {
    super(message);
  }
}

export interface Asks {
  /** Rejects with an {@link AskError}. */
  ask(name: string, value?: unknown, within?: number): Promise<unknown>;
  take(answer: Answer): void;
  /** The connection is gone: nothing that was asked is answered any more. */
  lost(): void;
}

interface Waiting {
  readonly answered: (value: unknown) => void;
  readonly failed: (error: AskError) => void;
  readonly cancel: () => void;
}

/** Questions to the companion, each with its one answer. */
export function startAsks(channel: string, language: () => string, clock: Clock, send: (ask: Ask) => boolean): Asks {
  const waiting = new Map<string, Waiting>();
  let last = 0;

  const settle = (id: string, how: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    one.cancel();
    how(one);
  };

  return {
    ask: (name, value, within = answerWithin) => new Promise((answered, failed) => {
      const id = String(++last);
      if (!send({ type: 'ask', channel, id, name, ...(value === undefined ? {} : { value }), lang: language() })) {
        failed(new AskError('offline', ''));
        return;
      }
      const cancel = clock.after(within, () => settle(id, (one) => one.failed(new AskError('timeout', ''))));
      waiting.set(id, { answered, failed, cancel });
    }),
    take({ id, value, error }) {
      settle(id, (one) => (error === undefined ? one.answered(value) : one.failed(new AskError(error.code, error.message, error.hint))));
    },
    lost() {
      for (const id of waiting.keys()) settle(id, (one) => one.failed(new AskError('offline', '')));
    },
  };
}
