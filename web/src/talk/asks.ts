import type { Clock } from '../base/clock';
import type { Answer, Ask } from '../protocol/talk';

/** A question without an answer has failed after this. */
export const answerWithin = 15_000;

/** Questions that wait for their answers at once; the hub refuses one more of a page. */
export const mostOpen = 4;

/** Questions that wait until they may be asked. */
export const mostLater = 64;

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
  readonly answered: (answer: Answer) => void;
  readonly failed: (error: AskError) => void;
  readonly cancel: () => void;
}

/** Questions to the companion, each with its one answer. */
export function startAsks(channel: string, language: () => string, clock: Clock, send: (ask: Ask) => boolean): Asks {
  const waiting = new Map<string, Waiting>();
  const later: { readonly ask: () => void; readonly failed: (error: AskError) => void }[] = [];
  let last = 0;

  const settle = (id: string, how: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    one.cancel();
    how(one);
    while (waiting.size < mostOpen && later.length > 0) later.shift()!.ask();
  };

  const put = (name: string, value: unknown, within: number): Promise<Answer> => new Promise((answered, failed) => {
    const ask = (): void => {
      const id = String(++last);
      const asked = { type: 'ask', channel, id, name, ...(value === undefined ? {} : { value }), lang: language() } as const;
      if (!send({ ...asked, offset: 0 - new Date().getTimezoneOffset() })) {
        failed(new AskError('offline', ''));
        return;
      }
      const cancel = clock.after(within, () => settle(id, (one) => one.failed(new AskError('timeout', ''))));
      waiting.set(id, { answered, failed, cancel });
    };
    if (waiting.size < mostOpen) ask();
    else if (later.length < mostLater) later.push({ ask, failed });
    else failed(new AskError('rate_limited', ''));
  });

  /** A long answer comes piece by piece, as its JSON text. */
  const whole = async (first: Answer): Promise<unknown> => {
    let text = String(first.value);
    for (let rest = first.rest; rest === true;) {
      const next = await put('rest', { of: first.id }, answerWithin);
      text += String(next.value);
      rest = next.rest;
    }
    try {
      return JSON.parse(text);
    } catch {
      throw new AskError('bad_answer', '');
    }
  };

  return {
    async ask(name, value, within = answerWithin) {
      const answer = await put(name, value, within);
      return answer.rest === undefined ? answer.value : whole(answer);
    },
    take(answer) {
      const { id, error } = answer;
      settle(id, (one) => (error === undefined ? one.answered(answer) : one.failed(new AskError(error.code, error.message, error.hint))));
    },
    lost() {
      for (const { failed } of later.splice(0)) failed(new AskError('offline', ''));
      for (const id of waiting.keys()) settle(id, (one) => one.failed(new AskError('offline', '')));
    },
  };
}
