import type { Audio, Marks, SpeechEnd, SpeechMessage } from '../protocol/speech';
import type { Speaking, SpeakingOptions } from './options';
import type { Playing } from './playing';
import { startSpeeches } from './speeches';

/** Plays what the voice says: one line of time for sound, lips and words, whether this page is heard or not. */
export function startSpeaking(options: SpeakingOptions): Speaking {
  const { channel, store, sound } = options;
  const speeches = startSpeeches(options);
  const { state, playing, ducking, reports } = speeches;
  let { hush } = store.scene();

  const take = (message: SpeechMessage): void => {
    if (message.type !== 'audio' && message.channel !== channel) return;
    switch (message.type) {
      case 'voice':
        store.happen({ type: 'voice', on: message.on });
        if (!message.on) return;
        options.synthesis?.getVoices();
        return sound.prepare();
      case 'speaker':
        speeches.happen(message);
        return speeches.retune();
      case 'duck':
        return speeches.duck(message.gain);
      case 'speech_start':
        return speeches.start(message);
      case 'speech_stop':
        if (playing()?.turn.id === message.turn) speeches.end();
        else if (playing() === null) speeches.happen({ type: 'skipped', speech: message.turn });
        return;
      default:
        if (playing()?.turn.id !== message.turn) return;
        extend(playing()!, message);
        speeches.tick();
    }
  };

  const unwatchSound = sound.watch(speeches.retune);
  const unwatch = store.watch((scene) => {
    if (scene.hush === hush) return;
    hush = scene.hush;
    if (hush !== null && (hush.reply === null || hush.reply === playing()?.turn.reply)) speeches.end();
  });

  return {
    take,
    connected() {
      speeches.happen({ type: 'connected' });
      speeches.duck(1);
      // The server says anew whether there is one.
      store.happen({ type: 'voice', on: false });
      speeches.retune();
    },
    lost() {
      const cut = playing();
      speeches.happen({ type: 'lost', plays: cut !== null });
      if (cut !== null) {
        cut.played.torn ||= !cut.turn.complete;
        cut.turn.cut();
      }
      speeches.tick();
    },
    duck: (gain) => speeches.duck(gain, 'hear'),
    isHeard: () => state().audible,
    has() {
      const one = playing();
      const whole = one === null ? state().had : one.turn.complete && !one.played.torn ? one.turn.id : null;
      return whole === null ? {} : { speech: { [channel]: whole } };
    },
    snapshot() {
      const one = playing();
      const { speaker, audible } = state();
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
      unwatch();
      unwatchSound();
      speeches.stop();
    },
  };
}

/** More of a speech has come. */
function extend({ turn, arrived, decode }: Playing, message: Audio | Marks | SpeechEnd): void {
  switch (message.type) {
    case 'audio':
      turn.audio(message);
      return arrived();
    case 'marks':
      return turn.mark(message);
    case 'speech_end': {
      const file = turn.end(message);
      if (file !== null) decode(file);
    }
  }
}
