import type { StageMessage } from '../src/protocol';
import { emptyMemory } from '../src/scene';
import { startStore } from '../src/store';
import { ManualClock } from './clock';

/** A store on a clock that is moved by hand, for tests of one effect. `kept` numbers its messages, `live` does not. */
export function stage() {
  const clock = new ManualClock();
  const store = startStore(emptyMemory, clock);
  let seq = 0;
  const kept = (message: StageMessage): void => store.happen({ type: 'message', message: { ...message, epoch: 'e1', seq: ++seq } });
  const live = (message: StageMessage): void => store.happen({ type: 'message', message });
  return { clock, store, kept, live };
}
