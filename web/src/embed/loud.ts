import type { Director } from '../avatar/director';
import { browserClock as clock } from '../base/clock';
import { show } from '../base/shown';
import type { Part } from '../link/router';
import { isSpeech } from '../protocol/speech';
import type { Store } from '../scene/store';
import { decodeFile } from '../speaking/decode';
import type { SpeakingOptions } from '../speaking/options';
import { startSpeaking } from '../speaking/player';
import { startSound } from '../speaking/sound';

export interface LoudOptions extends Pick<SpeakingOptions, 'send' | 'onHeard'> {
  readonly channel: string;
  readonly store: Store;
  readonly director: Pick<Director, 'mouth'>;
  /** Asks for the click that the browser wants before the page makes a sound. */
  readonly prompt: HTMLButtonElement;
  readonly label: () => string;
}

/** Plays what the voice says. Loaded only where the page asks for sound. */
export function startLoud({ channel, store, director, prompt, label, ...options }: LoudOptions): Part & { stop(): void } {
  const sound = startSound({ storage: null, never: false, page: window, after: clock.after });
  const speaking = startSpeaking({
    ...options, channel, mode: 'auto', store, clock, now: () => performance.now(), director, sound,
    synthesis: 'speechSynthesis' in window ? speechSynthesis : null, decode: decodeFile,
    onPlace: (reply, chars) => store.happen({ type: 'uttered', reply, chars }),
    // Marked words are named for a whole document, which is not ours.
    onWord: () => {},
  });
  let missed = false;

  const draw = (): void => {
    const { voice, speaking: said } = store.scene();
    missed = voice && sound.state() === 'blocked' && (missed || said !== null);
    prompt.hidden = !missed;
    if (missed) show(prompt, label());
  };

  const unwatch = [sound.watch(draw), store.watch(draw)];

  return {
    take(message) {
      if (isSpeech(message)) speaking.take(message);
    },
    connected: speaking.connected, lost: speaking.lost, hello: speaking.has,
    stop() {
      for (const end of unwatch) end();
      speaking.stop();
      sound.stop();
      prompt.hidden = true;
    },
  };
}
