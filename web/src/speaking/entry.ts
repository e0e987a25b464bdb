import type { Director } from '../avatar/director';
import type { Address } from '../base/address';
import type { Clock } from '../base/clock';
import type { I18n } from '../base/i18n';
import type { TextStorage } from '../base/storage';
import type { Message } from '../protocol/messages';
import { isSpeech } from '../protocol/speech';
import type { Store } from '../scene/store';
import { decodeFile } from './decode';
import type { Speaking, SpeakingOptions } from './options';
import { startSpeaking } from './player';
import { startSound } from './sound';
import { startSoundControl } from './soundcontrol';
import { startVoiceless } from './voiceless';

export interface SpeakingPartOptions extends Pick<SpeakingOptions, 'send' | 'onHeard' | 'onWord'> {
  readonly page: Document;
  readonly address: Address;
  readonly i18n: I18n;
  /** Remembers what the user chose, beyond this visit. */
  readonly storage: TextStorage;
  readonly store: Store;
  readonly clock: Clock;
  readonly director: Pick<Director, 'mouth'>;
}

export interface SpeakingPart extends Pick<Speaking, 'connected' | 'lost' | 'duck' | 'isHeard' | 'snapshot'> {
  take(message: Message): void;
  hello: Speaking['has'];
  /** The page makes speeches of its own: gets the loudspeaker ready, and shows its control. */
  prepare(): void;
}

/** Everything on the page that plays speech: the loudspeaker, its control, and a word about what no voice can say. */
export function startSpeakingPart({ page, address, i18n, storage, store, clock, director, ...options }: SpeakingPartOptions): SpeakingPart {
  const find = <E extends HTMLElement>(selector: string): E => page.querySelector<E>(selector)!;
  const { channel } = address;
  const controls = address.view === 'stage';
  const never = address.sound === 'off';
  let speaksItself = false;
  const sound = startSound({ storage: controls ? storage : null, never, page: window, after: clock.after });
  startSoundControl({
    box: find('.sound'), button: find<HTMLButtonElement>('#sound-button'), slider: find<HTMLInputElement>('#volume'),
    prompt: find<HTMLButtonElement>('#sound-prompt'),
  }, sound, store, i18n, never, () => speaksItself);
  const speaking = startSpeaking({
    ...options, channel, mode: address.sound, store, clock, now: () => performance.now(), director, sound,
    synthesis: 'speechSynthesis' in window ? speechSynthesis : null, decode: decodeFile,
    onPlace: (reply, chars) => store.happen({ type: 'uttered', reply, chars }),
  });
  const voiceless = startVoiceless({
    channel, isHeard: () => controls && speaking.isHeard(),
    tell: (lang) => store.happen({ type: 'notice', text: i18n.text('sound.voiceless', { language: i18n.nameOf(lang) }) }),
  });

  return {
    take(message) {
      if (!isSpeech(message)) return;
      speaking.take(message);
      voiceless(message);
    },
    prepare() {
      speaksItself = true;
      sound.prepare();
    },
    connected: speaking.connected, lost: speaking.lost, hello: speaking.has,
    duck: speaking.duck, isHeard: speaking.isHeard, snapshot: speaking.snapshot,
  };
}
