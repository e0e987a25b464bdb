import type { Director } from '../avatar/director';
import type { Placement } from '../avatar/manifest';
import type { TextStorage } from '../base/storage';
import { inSight, moved, readPlacement, scaled, standing, type Sight, type Wishes } from './placement';

export interface PlacingOptions {
  readonly view: string;
  /** Keeps where each avatar stands, beyond this visit. */
  readonly storage: TextStorage;
  readonly wishes: Wishes;
  /** The box of the stage, and that in which an unmoved character stands. */
  readonly boxes: () => Boxes;
  readonly director: Pick<Director, 'place'>;
}

export type Box = Pick<DOMRectReadOnly, 'left' | 'width' | 'height' | 'bottom'>;

export interface Boxes {
  readonly stage: Box;
  readonly host: Box;
}

/** Where the character stands: kept for each avatar and view, unless the page's address says it. */
export interface Placing {
  now(): Placement;
  /** Where an avatar stands when it comes. `own`: by its model's author or the user's `avatar.json`. */
  of(avatar: string, own: Placement | null): Placement;
  /** The avatar that is moved from now on. */
  enter(avatar: string, own: Placement | null): void;
  /** By pixels, y down. */
  move(dx: number, dy: number): void;
  /** About a point of the viewport; null: about the character's middle. */
  scale(factor: number, at: { readonly x: number; readonly y: number } | null): void;
  /** Back to where it stands by itself. */
  reset(): void;
  /** The stage has another size: what would be out of sight comes as far as it must. */
  fit(): void;
}

export function startPlacing({ view, storage, wishes, boxes, director }: PlacingOptions): Placing {
  const { avatar: _, ...fixed } = wishes;
  const isFixed = Object.keys(fixed).length > 0;
  let avatar = '';
  let home = standing;
  /** As it was asked for last; `now` is as much of that as this stage allows. */
  let asked = standing;
  let now = standing;

  const nameOf = (name: string): string => `kotodama.place.${view}.${name}`;
  const homeOf = (own: Placement | null): Placement => ({ ...standing, ...own, ...fixed });

  const sight = (): Sight | null => {
    const { stage, host } = boxes();
    const { height } = stage;
    if (!(height > 0 && host.height > 0)) return null;
    const left = (stage.left - host.left - host.width / 2) / height;
    return { left, right: left + stage.width / height, bottom: (host.bottom - stage.bottom) / height, tall: host.height / height };
  };

  const fitting = (placement: Placement): Placement => {
    const seen = sight();
    return seen === null ? placement : inSight(placement, seen);
  };

  const become = (next: Placement): void => {
    asked = now = fitting(next);
    director.place(now);
    // What the address says holds again with the next visit.
    if (!isFixed) storage.write(nameOf(avatar), JSON.stringify(now));
  };

  const keptOr = (name: string, own: Placement | null): Placement =>
    (isFixed ? null : readPlacement(storage.read(nameOf(name)) || null)) ?? homeOf(own);

  /** Kept in a larger window, or said by its author, it may be beside this one. What the address says is meant. */
  const allowed = (placement: Placement): Placement => (isFixed ? placement : fitting(placement));

  return {
    now: () => now,
    of: (name, own) => allowed(keptOr(name, own)),
    enter(name, own) {
      avatar = name;
      home = homeOf(own);
      asked = keptOr(name, own);
      now = allowed(asked);
    },
    move(dx, dy) {
      const height = Math.max(1, boxes().stage.height);
      become(moved(now, dx / height, -dy / height));
    },
    scale(factor, at) {
      const { stage, host } = boxes();
      const height = Math.max(1, stage.height);
      const point = at === null
        ? { x: now.x, y: now.y + (now.scale * host.height) / height / 2 }
        : { x: (at.x - host.left - host.width / 2) / height, y: (host.bottom - at.y) / height };
      become(scaled(now, factor, point));
    },
    reset() {
      asked = home;
      now = allowed(asked);
      director.place(now);
      if (!isFixed) storage.write(nameOf(avatar), '');
    },
    fit() {
      now = allowed(asked);
      director.place(now);
    },
  };
}
