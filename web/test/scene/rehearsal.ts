import type { TextStorage } from '../../src/base/storage';
import type { StageMessage } from '../../src/protocol/messages';
import { emptyTab } from '../../src/scene/scene';
import { startStore } from '../../src/scene/store';
import { ManualClock } from '../base/manualclock';

/** A store on a clock that is moved by hand, for tests of one effect. `kept` numbers its messages, `live` does not. */
export function stage() {
  const clock = new ManualClock();
  const store = startStore(emptyTab, clock);
  let seq = 0;
  const kept = (message: StageMessage): void => store.happen({ type: 'message', message: { ...message, epoch: 'e1', seq: ++seq } });
  const live = (message: StageMessage): void => store.happen({ type: 'message', message });
  return { clock, store, kept, live };
}

/** What a tab keeps over a reload. */
export function drawer(): TextStorage & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return { values, read: (key) => values.get(key) ?? null, write: (key, value) => void values.set(key, value) };
}
