import type { TextStorage } from '../base/storage';
import type { SoundState } from '../protocol/speech';
import type { Sink } from './output';
import ringAddress from './ring.worklet.ts?worker&url';
import { bufferSink, ringSink } from './sinks';

/** What the user chose. */
export interface SoundChoice {
  readonly muted: boolean;
  /** 0 to 1. */
  readonly volume: number;
}

export interface Sound {
  state(): SoundState;
  /** It is not known yet whether the browser waits for a click: a loudspeaker needs a moment to start. */
  isStarting(): boolean;
  choice(): SoundChoice;
  choose(choice: Partial<SoundChoice>): void;
  /** How loud the speech is for the time being, 0 to 1, of what was chosen. */
  duck(gain: number): void;
  /** A voice speaks on the channel: get the loudspeaker ready. */
  prepare(): void;
  /** A way to the loudspeaker; null unless the state is `on`. */
  open(onChange: () => void): Sink | null;
  /** Calls back now and after each change; returns what ends it. */
  watch(see: () => void): () => void;
  stop(): void;
}

export interface SoundOptions {
  /** Remembers the choice; null where there is nothing to choose with. */
  readonly storage: TextStorage | null;
  /** `?sound=off`: never heard. */
  readonly never: boolean;
  /** Where gestures of the user arrive. */
  readonly page: EventTarget;
  /** Calls something after so many milliseconds. */
  readonly after: (ms: number, call: () => void) => () => void;
}

const storedVolume = 'kotodama.volume';
const storedMute = 'kotodama.muted';
const gestures = ['pointerup', 'click', 'keydown', 'touchend'] as const;
const glide = 0.015;

/** A browser that has not started the sound after so many of the page's milliseconds waits for a click. */
const startsWithin = 600;

/** And one whose program for the sound has not come after so many. */
const loadsWithin = 3_000;

/** A page that stands still hears of nothing: the time that it ran is counted in steps of so many milliseconds. */
const startStep = 100;

/** The loudspeaker: asked for when there is something to hear, unlocked by the first gesture where the browser wants one. */
export function startSound({ storage, never, page, after }: SoundOptions): Sound {
  const watchers = new Set<() => void>();
  const volume = Number.parseFloat(storage?.read(storedVolume) ?? '1');
  let choice: SoundChoice = { muted: storage?.read(storedMute) === 'yes', volume: volume >= 0 && volume <= 1 ? volume : 1 };
  let context: AudioContext | null = null;
  let gain: GainNode | null = null;
  let ready = false;
  let left = 0;
  let ducked = 1;

  const state = (): SoundState => {
    if (never || choice.muted) return 'off';
    return ready && context?.state === 'running' ? 'on' : 'blocked';
  };

  const tell = (): void => {
    for (const see of watchers) see();
  };

  const tune = (): void => {
    if (context !== null) gain?.gain.setTargetAtTime(loudness(choice.volume) * ducked, context.currentTime, glide);
  };

  const unlock = (): void => void context?.resume().catch(() => {});

  const wait = (): void => void after(startStep, () => {
    left -= startStep;
    if (left > 0) wait();
    else tell();
  });

  const load = async (fresh: AudioContext): Promise<void> => {
    await fresh.audioWorklet?.addModule(ringAddress).catch(() => {});
    ready = true;
    left = Math.min(left, startsWithin);
    tell();
  };

  const prepare = (): void => {
    if (never || context !== null || typeof AudioContext === 'undefined') return;
    context = new AudioContext({ latencyHint: 'interactive' });
    gain = context.createGain();
    gain.gain.value = loudness(choice.volume) * ducked;
    gain.connect(context.destination);
    context.onstatechange = tell;
    left = loadsWithin;
    wait();
    void load(context);
  };

  for (const gesture of gestures) page.addEventListener(gesture, unlock, { passive: true, capture: true });

  return {
    state,
    isStarting: () => left > 0 && state() === 'blocked',
    choice: () => choice,
    choose(change) {
      choice = { ...choice, ...change };
      storage?.write(storedVolume, String(choice.volume));
      storage?.write(storedMute, choice.muted ? 'yes' : 'no');
      tune();
      tell();
    },
    duck(gain) {
      ducked = gain;
      tune();
    },
    prepare,
    open(onChange) {
      if (state() !== 'on' || context === null || gain === null) return null;
      try {
        return ringSink(context, gain, onChange);
      } catch {
        return bufferSink(context, gain, onChange);
      }
    },
    watch(see) {
      watchers.add(see);
      see();
      return () => void watchers.delete(see);
    },
    stop() {
      for (const gesture of gestures) page.removeEventListener(gesture, unlock, { capture: true });
      watchers.clear();
      void context?.close();
    },
  };
}

/** Ears hear ratios: half of the way is about half as loud. */
const loudness = (volume: number): number => volume * volume;
