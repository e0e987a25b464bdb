import type { I18n, PageKey } from '../base/i18n';
import { hintAt, nameIt } from '../base/shown';
import type { SoundState } from '../protocol/speech';
import type { Store } from '../scene/store';
import type { Sound } from './sound';

export interface SoundControlParts {
  /** Holds everything; hidden while nothing speaks here. */
  readonly box: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly slider: HTMLInputElement;
  /** Asks for a click, where the browser wants one before it makes a sound. */
  readonly prompt: HTMLButtonElement;
}

const words: Readonly<Record<SoundState, PageKey>> = { on: 'sound.on', off: 'sound.off', blocked: 'sound.blocked' };

/**
 * Lets the user mute, unmute and choose how loud; asks for the click that a browser waits for. `never`: there is nothing to control.
 * @param speaksItself Whether the page speaks where no voice does.
 */
export function startSoundControl(
  { box, button, slider, prompt }: SoundControlParts, sound: Sound, store: Store, i18n: I18n, never: boolean,
  speaksItself: () => boolean = () => false,
): () => void {
  const ends = new AbortController();
  let missed = false;

  const draw = (): void => {
    const { voice, speaking } = store.scene();
    const state = sound.state();
    const { volume } = sound.choice();
    missed = state === 'blocked' && (missed || speaking !== null);
    box.hidden = never || !(voice || speaksItself());
    prompt.hidden = !missed || never;
    button.dataset['state'] = state;
    hintAt(button, i18n.text(words[state]));
    nameIt(button, button.title);
    slider.value = String(state === 'off' ? 0 : Math.round(volume * 100));
    slider.style.setProperty('--level', `${slider.value}%`);
  };

  button.addEventListener('click', () => {
    // The click itself has unlocked the sound.
    if (sound.state() === 'blocked') return;
    const { muted, volume } = sound.choice();
    sound.choose({ muted: !muted, volume: muted && volume === 0 ? 1 : volume });
  }, { signal: ends.signal });
  slider.addEventListener('input', () => {
    const volume = slider.valueAsNumber / 100;
    sound.choose(volume === 0 ? { muted: true } : { muted: false, volume });
  }, { signal: ends.signal });

  const unwatch = [sound.watch(draw), store.watch(draw), i18n.watch(draw)];
  return () => {
    ends.abort();
    for (const end of unwatch) end();
  };
}
