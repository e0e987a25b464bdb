import type { SpeechStart } from '../protocol/speech';
import { positionFor } from '../scene/scene';
import { Ducking } from './ducking';
import type { SpeakingOptions } from './options';
import { newPlayer, step, type PlayerEvent, type PlayerState } from './playerstate';
import { startPlaying, type Playing } from './playing';
import type { Ending } from './progress';
import { startReports, type Reports } from './reports';
import { Turn } from './turn';

/** Plays one speech after the other, here or for the eyes only. */
export interface Speeches {
  state(): PlayerState;
  /** The speech that plays. */
  playing(): Playing | null;
  readonly ducking: Ducking;
  readonly reports: Reports;
  happen(event: PlayerEvent): void;
  /** A clause begins, and perhaps with it another speech. */
  start(message: SpeechStart): void;
  /** Ends what plays before its end. */
  end(): void;
  /** The companion, or with `hear` the page's own microphone, decides how loud the speech is. */
  duck(gain: number, by?: 'tell' | 'hear'): void;
  /** Whether this page is heard may have changed. */
  retune(): void;
  tick(): void;
  stop(): void;
}

const tickEvery = 20;

export function startSpeeches(options: SpeakingOptions): Speeches {
  const { store, sound, now } = options;
  const ducking = new Ducking();
  let state = newPlayer(options.mode);
  let playing: Playing | null = null;
  let cancel = (): void => {};

  const happen = (event: PlayerEvent): void => {
    const next = step(state, event);
    state = next.state;
    for (const effect of next.effects) {
      if (effect === 'move') playing?.move();
      else options.send({ type: 'sound', state: state.told! });
    }
  };

  const retune = (): void => {
    playing?.track.hold();
    happen({ type: 'sound', state: sound.state() });
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
    const over = playing;
    const { reply } = over.turn;
    cancel();
    playing = null;
    const { heard, whole } = over.end(ending);
    const position = positionFor(store.scene(), reply);
    if (next !== reply && heard !== null && position !== null) options.onHeard(position, heard, whole);
    happen({ type: 'over', speech: over.turn.id, whole: !over.played.torn });
    if (ending === 'stopped' && next !== reply) duck(1);
    store.happen({ type: 'speech', reply, on: false });
    retune();
  };

  const reports = startReports(options.channel, now, options.send);
  const shared = { options, ducking, reports, state: () => state, onChange: tick };

  return {
    state: shared.state,
    playing: () => playing,
    ducking, reports, happen, duck, retune, tick,
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
    stop() {
      cancel();
      playing?.track.stop();
    },
  };
}
