import type { TextStorage } from '../base/storage';

/**
 * Plays the sounds that a model's motions bring along, where the page may be heard: not with `?sound=off`, and not while the user has
 * muted it.
 * @returns what ends a sound
 */
export const startMotionSounds = (page: Document, storage: TextStorage, never: boolean) => (url: string): (() => void) | void => {
  if (never || storage.read('kotodama.muted') === 'yes') return;
  const sound = new Audio(new URL(url, page.baseURI).href);
  const volume = Number.parseFloat(storage.read('kotodama.volume') ?? '1');
  if (volume >= 0 && volume <= 1) sound.volume = volume * volume;
  // Before the user's first click browsers play nothing: the motion goes on without its sound.
  sound.play().catch(() => undefined);
  return () => sound.pause();
};
