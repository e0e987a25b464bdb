import type { Placement } from '../avatar/manifest';
import type { Boxes } from './placing';
import { standing } from './placement';

/** How much room the bubble wants beside the character, in pixels. */
const enough = 340;
/** The bubble stands so far from the character's middle, in heights of it, as in stage.css. */
const asideOf = 0.285;

/** Tells the styles where a character was placed, and on which side of it the bubble has room. */
export function startBeside(root: HTMLElement, boxes: () => Boxes): (placement: Placement) => void {
  return ({ x, y, scale }) => {
    const moved = x !== standing.x || y !== standing.y || scale !== standing.scale;
    for (const [name, value] of Object.entries({ x, y, scale })) {
      if (moved) root.style.setProperty(`--placed-${name}`, String(value));
      else root.style.removeProperty(`--placed-${name}`);
    }
    if (moved) root.dataset['bubble'] = sideOf(x, scale, boxes());
    else delete root.dataset['bubble'];
  };
}

/** The right side, as for a character that was not moved, unless there is too little room for the words and more on the left. */
export function sideOf(x: number, scale: number, { stage, host }: Boxes): 'left' | 'right' {
  const middle = host.left + host.width / 2 + x * stage.height;
  const aside = host.height * asideOf * scale;
  const right = stage.left + stage.width - middle - aside;
  return right < enough && middle - aside - stage.left > right ? 'left' : 'right';
}
