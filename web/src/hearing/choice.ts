import type { TextStorage } from '../base/storage';
import type { HearingChoice } from './listener';

/** What the user chose about the microphone. */
export interface RememberedChoice extends HearingChoice {
  /** One press begins and the next one ends, for users who cannot hold. */
  readonly tap: boolean;
  /** The browser's own recognition, wherever the sound goes then. */
  readonly browser: boolean;
}

const name = 'kotodama.microphone';

/** What was chosen before. Whether the microphone is on is never remembered. */
export function readChoice(storage: TextStorage): RememberedChoice {
  let value: unknown = null;
  try {
    value = JSON.parse(storage.read(name) ?? 'null');
  } catch {
    // Not ours: as if nothing had been chosen.
  }
  const parts = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<keyof RememberedChoice, unknown>>;
  const { mode, bargeIn, device, tap, browser } = parts;
  return {
    mode: mode === 'push_to_talk' ? mode : 'hands_free', bargeIn: bargeIn !== false,
    device: typeof device === 'string' ? device.slice(0, 256) : '',
    tap: tap === true, browser: browser === true,
  };
}

export const writeChoice = (storage: TextStorage, choice: RememberedChoice): void => storage.write(name, JSON.stringify(choice));
