import type { SoundState } from '../protocol/speech';
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

export type PlayerEvent =
  | { readonly type: 'connected' }
  /** The connection is gone; `plays`: in the middle of a speech. */
  | { readonly type: 'lost'; readonly plays: boolean }
  | { readonly type: 'speaker'; readonly on: boolean }
  /** The loudspeaker may be in another state, or the page may have become the speaker. */
  | { readonly type: 'sound'; readonly state: SoundState }
  /** A speech is over; `whole`: nothing of it was missing. */
  | { readonly type: 'over'; readonly speech: number; readonly whole: boolean }
  /** A speech was stopped that has not begun here. */
  | { readonly type: 'skipped'; readonly speech: number };

/**
 * `report`: tells the hub the state of the loudspeaker.
 * `move`: the speech goes on in the loudspeaker or without it, in the middle of a word too.
 */
export type PlayerEffect = 'report' | 'move';

export interface PlayerStep {
  readonly state: PlayerState;
  readonly effects: readonly PlayerEffect[];
}

export const newPlayer = (mode: SoundMode): PlayerState =>
  ({ mode, online: false, speaker: false, lent: false, audible: false, told: null, done: null, had: null });

/** Decides who is heard, and which speech is wanted. Knows nothing of sound and time. */
export function step(state: PlayerState, event: PlayerEvent): PlayerStep {
  return event.type === 'sound' ? tune(state, event.state) : { state: next(state, event), effects: [] };
}

function next(state: PlayerState, event: Exclude<PlayerEvent, { type: 'sound' }>): PlayerState {
  const { speaker, lent } = state;
  switch (event.type) {
    case 'connected':
      return { ...state, online: true, told: null };
    case 'lost':
      // What has come is still played, and heard where it was.
      return { ...state, online: false, lent: event.plays, speaker: speaker && event.plays };
    case 'speaker':
      return { ...state, speaker: event.on, lent: false };
    case 'over':
      return { ...state, done: event.speech, had: event.whole ? event.speech : null, speaker: speaker && !lent, lent: false };
    case 'skipped':
      return { ...state, done: event.speech };
  }
}

function tune(state: PlayerState, sound: SoundState): PlayerStep {
  const { mode, online, speaker, told } = state;
  const audible = (speaker || mode === 'on') && sound === 'on';
  const effects: PlayerEffect[] = [];
  if (online && told !== sound) effects.push('report');
  if (audible !== state.audible) effects.push('move');
  return { state: { ...state, audible, told: online ? sound : told }, effects };
}
