import { positionFor } from '../scene/scene';
import type { SpeechStart } from '../protocol/speech';
import { Ducking } from './ducking';
import type { SpeakingOptions } from './options';
import { newPlayer, over, tuned, type PlayerState } from './playerstate';
import { startPlaying, type Playing } from './playing';
import type { Ending } from './progress';
import { startReports } from './reports';
import { Turn } from './turn';

/** Plays one speech after the other, here or for the eyes only. */
export interface Speeches {
  state(): PlayerState;
  /** The speech that plays. */
  playing(): Playing | null;
  become(state: PlayerState): void;
  /** A clause begins, and perhaps with it another speech. */
  start(message: SpeechStart): void;
  /** Ends what plays before its end. */
  end(): void;
  /** The companion, or with `hear` the page's own microphone, decides how loud the speech is. */
  duck(gain: number, by?: 'tell' | 'hear'): void;
  /** Whether this page is heard may have changed. */
  retune(): void;
  tick(): void;
  snapshot(): object;
  stop(): void;
}

const tickEvery = 20;

export function startSpeeches(options: SpeakingOptions): Speeches {
  const { store, sound, now } = options;
  const ducking = new Ducking();
  let state = newPlayer(options.mode);
  let playing: Playing | null = null;
  let cancel = (): void => {};

  const retune = (): void => {
    playing?.track.hold();
    const { told, audible } = state;
    state = tuned(state, sound.state());
    if (state.told !== told) options.send({ type: 'sound', state: state.told! });
    if (state.audible !== audible) playing?.move();
  };

  const duck = (gain: number, by: 'tell' | 'hear' = 'tell'): void => {
    const before = ducking.gain;
    ducking[by](gain, now());
    if (ducking.gain === before) return;
    if (ducking.gain > 0) sound.duck(ducking.gain);
    playing?.track.hold();
    tick();
  };

  const tick = (): void => {
    cancel();
    if (ducking.isForgotten(now())) return duck(1);
    if (playing === null) return;
    const ending = playing.tick();
    if (ending === null) cancel = options.clock.after(tickEvery, tick);
    else finish(ending);
  };

  /** What was heard is not told yet when the next speech goes on with the same reply. */
  const finish = (ending: Ending, next: string | null = null): void => {
    if (playing === null) return;
    const ended = playing;
    const { reply } = ended.turn;
    cancel();
    playing = null;
    const { heard, whole } = ended.end(ending);
    const position = positionFor(store.scene(), reply);
    if (next !== reply && heard !== null && position !== null) options.onHeard(position, heard, whole);
    state = over(state, ended.turn.id, !ended.played.torn);
    if (ending === 'stopped' && next !== reply) duck(1);
    store.happen({ type: 'speech', reply, on: false });
    retune();
  };

  const reports = startReports(options.channel, now, options.send);
  const shared = { options, ducking, reports, state: () => state, onChange: tick };

  return {
    state: shared.state,
    playing: () => playing,
    duck, retune, tick,
    become: (next) => void (state = next),
    start(message) {
      const { turn: speech, reply } = message;
      if (speech === state.done) return;
      if (playing?.turn.id !== speech) {
        const before = playing?.turn.reply === reply ? playing.played.total : null;
        finish('stopped', reply);
        playing = startPlaying(new Turn(speech, reply), before, shared);
      }
      playing!.turn.start(message);
      playing!.track.start();
      store.happen({ type: 'speech', reply, on: true });
      tick();
    },
    end: () => finish('stopped'),
    snapshot() {
      const one = playing;
      const { speaker, audible } = state;
      const at = one?.track.position() ?? 0;
      const spot = one?.turn.at(at);
      return {
        state: one === null ? 'idle' : at > 0 ? 'speaking' : 'waiting',
        turn: one?.turn.id ?? null, reply: one?.turn.reply ?? null, clause: spot?.clause.said.clause ?? null,
        position: Math.round(at), clausePosition: Math.round(spot?.ms ?? 0), word: one?.word() ?? null,
        underruns: reports.underruns(), speaker, audible, gain: ducking.gain, sound: sound.state(), voice: store.scene().voice,
      };
    },
    stop() {
      cancel();
      playing?.track.stop();
    },
  };
}
