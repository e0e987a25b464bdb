import type { Device, MicrophoneFault } from './microphone';
import type { SegmenterSettings } from './segmenter';

/**
 * What the user is told: why the microphone is off (a fault, `silent`, `ended`), why the page hears nothing (`muted`) or only while a
 * button is held (`detector`), why an utterance is lost (`slow`, `long`, `cut`); of a browser's own recognition, why that does not work:
 * its `service` is not reached, it is `refused`, `taken` by another page, or does not know the `language`.
 */
export type HearingNotice =
  | MicrophoneFault | 'silent' | 'ended' | 'muted' | 'detector' | 'slow' | 'long' | 'cut'
  | 'service' | 'refused' | 'taken' | 'language';

export type HearingState = 'off' | 'starting' | 'listening' | 'hearing';

/** Whether the microphone is used. `starting`: the browser is asked for it. */
export type Power = 'off' | 'starting' | 'on';

export interface HearingChoice extends SegmenterSettings {
  /** The microphone; empty when it does not matter. */
  readonly device: string;
}

/** One way to hear the user: the hub recognizes what the microphone sends, or the browser recognizes it. */
export interface Hearing {
  state(): HearingState;
  /** What is in effect: without the model only a button tells when the user speaks. */
  settings(): SegmenterSettings;
  notice(): HearingNotice | null;
  dismiss(): void;
  devices(): readonly Device[];
  /** Resolves when the page listens, or the microphone is off again. */
  on(): Promise<void>;
  off(): void;
  choose(choice: HearingChoice): void;
  press(): void;
  release(): void;
  /** There is a connection (again), or there is none. */
  connected(on: boolean): void;
  /** Whether the character speaks. */
  speaking(on: boolean): void;
  /** The companion decided that the character's voice resumes. */
  decided(): void;
  snapshot(): object;
}
