import type { AvatarRenderer } from '../avatar';
import type { Sleeve } from './arm';
import { createCollar, createSkirt, drawRobe } from './body';
import { looseSides } from './crown';
import { allColours, createDye } from './dye';
import { createEars } from './ears';
import { roundEyes, type EyeShape } from './eye';
import { createBrows, createFace } from './face';
import { createBackHair, createFrontHair } from './hair';
import { createHeadset } from './headset';
import {
  createJacket, createLeaf, createShortSkirt, foxfire, keenEyes, tufts, tuftsFringe, tuftsGround, tuftsSides,
} from './kitsu';
import { createKoto, type Make, type Outfit } from './koto';
import type { Base, Look } from './look';
import { createAura, createMarks } from './marks';
import {
  calmEyes, createLongSkirt, createMoon, createNeckHeadset, createNothing, createRoundCollar, radio, straight, straightFringe,
  straightGround, straightSides,
} from './nagi';
import { createTail } from './tail';

export { lookOf, readLook, type Look } from './look';

const eyes: Readonly<Record<Look['eyeShape'], EyeShape>> = { round: roundEyes, keen: keenEyes, calm: calmEyes };

const hairstyles: Readonly<Record<Look['hairstyle'], { readonly behind: Make; readonly before: Make }>> = {
  tails: {
    behind: createBackHair,
    before: (parent, paint) => createFrontHair(parent, paint, looseSides, undefined, undefined, true),
  },
  tufts: {
    behind: (parent, paint) => createBackHair(parent, paint, tufts, tuftsGround),
    before: (parent, paint) => createFrontHair(parent, paint, tuftsSides, tuftsFringe, createLeaf, true),
  },
  straight: {
    behind: (parent, paint) => createBackHair(parent, paint, straight, straightGround),
    before: (parent, paint) => createFrontHair(parent, paint, straightSides, straightFringe, createNothing, true),
  },
};

interface Clothes {
  readonly skirt: Make;
  readonly collar: Make;
  readonly sleeve?: Sleeve;
}

const clothes: Readonly<Record<Look['clothes'], Clothes>> = {
  shrine: { skirt: createSkirt, collar: createCollar },
  wander: { skirt: createShortSkirt, collar: createJacket },
  gown: { skirt: createLongSkirt, collar: createRoundCollar, sleeve: [22, 6] },
};

const auras: Readonly<Record<Base, Make>> = {
  koto: createAura,
  kitsu: (parent, paint) => createAura(parent, paint, foxfire),
  nagi: (parent, paint) => createAura(parent, paint, radio),
};

/** Draws several parts in their order, as one. */
const together = (...makes: readonly Make[]): Make => (parent, paint) => {
  const parts = makes.map((make) => make(parent, paint));
  return (frame) => parts.reduce((moving, part) => part(frame) === true || moving, false);
};

function outfit(look: Look): Outfit {
  const hair = hairstyles[look.hairstyle];
  const worn = clothes[look.clothes];
  // A headset hides where the locks of Koto begin.
  const covered = look.hairstyle === 'tails' && look.headset === 'ears';
  return {
    dye: createDye(look.base, look.colours, allColours(look.base, look.colours, look.clothes === 'gown'), !covered),
    aura: auras[look.base],
    tail: look.tail === 'none' ? undefined : createTail(look.tail),
    behind: hair.behind,
    robe: drawRobe,
    ...worn,
    collar: look.headset === 'neck' ? together(worn.collar, createNeckHeadset) : worn.collar,
    face: (parent, paint, prefix) => createFace(parent, paint, prefix, eyes[look.eyeShape]),
    head: [
      ...(look.ears === 'none' ? [] : [createEars(look.ears)]),
      covered ? createFrontHair : hair.before,
      ...(look.headset === 'ears' ? [createHeadset] : []),
      ...(look.hairstyle === 'straight' && look.headset !== 'ears' ? [createMoon] : []),
      look.eyeShape === 'calm' ? (parent, paint) => createBrows(parent, paint, 3.5) : createBrows,
      createMarks,
    ],
  };
}

/** A drawn character in the look that is asked for. `prefix` keeps the ids of two characters on one page apart. */
export function createDrawn(look: Look, prefix = 'drawn'): AvatarRenderer {
  return createKoto(prefix, outfit(look));
}
