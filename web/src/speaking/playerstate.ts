import { localTurn, type SoundState } from '../protocol/speech';
import type { SoundMode } from './options';

/** Whether this page is heard, what the hub knows of that, and which speeches are over. */
export interface PlayerState {
  readonly mode: SoundMode;
  /** There is a connection. */
  readonly online: boolean;
  /** The hub wants this page to be heard. */
  readonly speaker: boolean;
  /** The connection is gone: being the speaker ends with the speech. */
  readonly lent: boolean;
  /** This page is heard. */
  readonly audible: boolean;
  /** The state of the loudspeaker that the hub was told on this connection. */
  readonly told: SoundState | null;
  /** The last speech that is over, of which nothing more is wanted. */
  readonly done: number | null;
  /** The last speech that played to its end or was stopped, if nothing of it was missing. */
  readonly had: number | null;
}

export const newPlayer = (mode: SoundMode): PlayerState =>
  ({ mode, online: false, speaker: false, lent: false, audible: false, told: null, done: null, had: null });

export const connected = (state: PlayerState): PlayerState => ({ ...state, online: true, told: null });

/** The connection is gone. What has come of a speech that `plays` is still played, and heard where it was. */
export const lost = (state: PlayerState, plays: boolean): PlayerState =>
  ({ ...state, online: false, lent: plays, speaker: state.speaker && plays });

/** The hub says whether this page is the speaker. */
export const named = (state: PlayerState, speaker: boolean): PlayerState => ({ ...state, speaker, lent: false });

/** A speech is over; `whole`: nothing of it was missing. */
export const over = (state: PlayerState, speech: number, whole: boolean): PlayerState =>
  ({
    ...state, done: speech, had: speech >= localTurn ? state.had : whole ? speech : null,
    speaker: state.speaker && !state.lent, lent: false,
  });

/** A speech was stopped that has not begun here. */
export const skipped = (state: PlayerState, speech: number): PlayerState => ({ ...state, done: speech });

/** The loudspeaker is in a state: the hub is told when `told` has changed, and the speech moves when `audible` has. */
export const tuned = (state: PlayerState, sound: SoundState): PlayerState =>
  ({ ...state, audible: (state.speaker || state.mode === 'on') && sound === 'on', told: state.online ? sound : state.told });
