import type { OwnActs, OwnParameter } from './avatar';
import type { Act, ModelManifest } from './manifest';
import type { MotionEnd } from './motionplayer';

/** What a user tries is laid over what the director shows; lips alone win over it. */
export type Trial = Pick<Act, 'expressions' | 'parameters'>;

/** The character that is on the stage, for a user who tries what it can do. */
export interface Rehearsal {
  /** The model that is on the stage and drawn; null for a drawn character, and as long as a model loads. */
  readonly manifest: ModelManifest | null;

  /** What it brings along; null for a drawn character. */
  readonly own: Pick<OwnActs, 'expressions' | 'motions'> | null;

  /** All parameters of the model in its own order; empty for a drawn character. */
  parameters(): readonly OwnParameter[];

  /**
   * Shows these expressions together and holds these parameters, until the next call. null ends the trial and gives the stage back to the
   * director, whose emotions wait meanwhile. What a model does not know is ignored. Another avatar ends it too.
   */
  show(trial: Trial | null): void;

  /** Plays a motion of the model over whatever plays; the promise says how it ended. */
  play(name: string): Promise<MotionEnd>;

  /** Ends the motion that {@link play} began. */
  stop(): void;
}

/** Which avatar the channel shows, for a user who chooses it. */
export interface Casting {
  /** What was chosen for this channel: a model or a look; null: as the character says. */
  readonly chosen: string | null;

  /** What the character of the companion says; null where it says nothing or no companion is there. */
  readonly wished: string | null;

  /** What is on the stage: a model or a look. */
  readonly shown: string;

  /** What is on its way to the stage; null when nothing is. */
  readonly loading: string | null;

  /** Why what is wanted is not on the stage: the code of a `ModelError`; null when it is. */
  readonly failure: { readonly name: string; readonly code: string } | null;

  /** Chooses for all pages of the channel. @returns false when there is no connection. */
  choose(name: string | null): boolean;

  /** What is wanted is loaded anew: its files or the Core are others now. */
  reload(): void;

  /** Calls back after each change of what stands here; returns what ends it. */
  watch(see: () => void): () => void;

  readonly rehearsal: Rehearsal;
}
