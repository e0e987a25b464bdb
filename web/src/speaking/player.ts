import { localTurn, type Audio, type Marks, type SpeechEnd, type SpeechMessage } from '../protocol/speech';
import type { Speaking, SpeakingOptions } from './options';
import { connected, lost, named, skipped } from './playerstate';
import type { Playing } from './playing';
import { startSpeeches } from './speeches';

/** Plays what the voice says: one line of time for sound, lips and words, whether this page is heard or not. */
export function startSpeaking(options: SpeakingOptions): Speaking {
  const { channel, store, sound } = options;
  const { state, playing, become, start, end, duck, retune, tick, snapshot, stop } = startSpeeches(options);
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
        become(named(state(), message.on));
        return retune();
      case 'duck':
        return duck(message.gain);
      case 'speech_start':
        return start(message);
      case 'speech_stop':
        if (playing()?.turn.id === message.turn) end();
        else if (playing() === null) become(skipped(state(), message.turn));
        return;
      default:
        if (playing()?.turn.id !== message.turn) return;
        extend(playing()!, message);
        tick();
    }
  };

  const unwatchSound = sound.watch(retune);
  const unwatch = store.watch((scene) => {
    if (scene.hush === hush) return;
    hush = scene.hush;
    if (hush !== null && (hush.reply === null || hush.reply === playing()?.turn.reply)) end();
  });

  return {
    take,
    connected() {
      become(connected(state()));
      duck(1);
      // The server says anew whether there is one.
      store.happen({ type: 'voice', on: false });
      retune();
    },
    lost() {
      const cut = playing();
      become(lost(state(), cut !== null));
      if (cut !== null) {
        cut.played.torn ||= !cut.turn.complete;
        cut.turn.cut();
      }
      tick();
    },
    duck: (gain) => duck(gain, 'hear'),
    isHeard: () => state().audible,
    has() {
      const one = playing();
      const whole = one === null || one.turn.id >= localTurn ? state().had : one.turn.complete && !one.played.torn ? one.turn.id : null;
      return whole === null ? {} : { speech: { [channel]: whole } };
    },
    snapshot,
    stop() {
      unwatch();
      unwatchSound();
      stop();
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
