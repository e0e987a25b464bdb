import type { Ducking } from './ducking';
import type { SpeakingOptions } from './options';
import type { PlayerState } from './playerstate';
import type { Reports } from './reports';

/** What the speeches of a page share. */
export interface Shared {
  readonly options: SpeakingOptions;
  readonly ducking: Ducking;
  readonly reports: Reports;
  readonly state: () => PlayerState;
  /** Something has changed between two ticks. */
  readonly onChange: () => void;
}
