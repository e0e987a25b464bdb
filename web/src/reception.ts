import type { Message, StageMessage } from './protocol';
import type { Store } from './store';

/** Takes what arrives for this channel to the stage; `notes` hear of each message of a backend after it was shown. */
export function receive(channel: string, store: Store, notes: readonly ((message: StageMessage) => void)[]): (message: Message) => void {
  return (message) => {
    if (!isForStage(message) || (message.channel ?? channel) !== channel) return;
    store.happen({ type: 'message', message });
    for (const note of notes) note(message);
  };
}

const notForStage: ReadonlySet<Message['type']> = new Set(['welcome', 'ping', 'bye', 'error']);

const isForStage = (message: Message): message is StageMessage => !notForStage.has(message.type);
