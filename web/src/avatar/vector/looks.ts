import type { AvatarRenderer } from '../avatar';
import { createKoto } from './koto';
import type { Look } from './look';

export { lookOf, readLook, type Look } from './look';

/** A drawn character in the look that is asked for. `prefix` keeps the ids of two characters on one page apart. */
export function createDrawn(look: Look, prefix = 'drawn'): AvatarRenderer {
  void look;
  return createKoto(prefix);
}
