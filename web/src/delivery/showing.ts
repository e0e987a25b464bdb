import type { Clock } from '../base/clock';
import type { StageMessage } from '../protocol/messages';
import type { Store } from '../scene/store';

/** What was missed is shown together; when no more of it comes for this long, what there is. */
export const replayPause = 1_000;

export interface ShowingOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Called with each message of a publisher, after it was shown. */
  readonly notes: readonly ((message: StageMessage) => void)[];
  /** Keeps the position of what was shown. */
  readonly keep: () => void;
}

/** Takes messages to the stage: one by one, or all that was missed together. */
export interface Showing {
  /** Something that was missed waits for the rest of it. */
  holds(): boolean;
  hold(message: StageMessage): void;
  /** Shows what is held, and then this one. */
  show(message: StageMessage): void;
  release(): void;
  stop(): void;
}

export function startShowing({ store, clock, notes, keep }: ShowingOptions): Showing {
  let held: StageMessage[] = [];
  let cancel = (): void => {};

  const note = (messages: readonly StageMessage[]): void => {
    for (const message of messages) for (const tell of notes) tell(message);
  };

  const showHeld = (): void => {
    cancel();
    const messages = held;
    held = [];
    if (messages.length > 0) store.happen({ type: 'catchUp', messages });
    note(messages);
  };

  const release = (): void => {
    showHeld();
    keep();
  };

  return {
    holds: () => held.length > 0,
    hold(message) {
      held.push(message);
      cancel();
      cancel = clock.after(replayPause, release);
    },
    show(message) {
      showHeld();
      store.happen({ type: 'message', message });
      keep();
      note([message]);
    },
    release,
    stop: () => cancel(),
  };
}
