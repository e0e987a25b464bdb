import type { AvatarRenderer, Repertoire } from './avatar';
import type { Body } from './body';
import type { Placement } from './manifest';

/** Who plays, and where: one character after the other on the same stage. */
export interface Part {
  repertoire(): Repertoire | null;
  /** The first one comes. */
  begin(): void;
  placed(): Placement;
  place(placement: Placement): void;
  /** See `Director.cast`. */
  cast(renderer: AvatarRenderer, repertoire: Repertoire | null, placement: Placement): void;
  stop(): void;
}

/** @param onEnter The character is on the stage, and not drawn yet. */
export function startPart(host: HTMLElement, body: Body, onEnter: () => void): Part {
  let repertoire: Repertoire | null = null;
  let placed: Placement = { x: 0, y: 0, scale: 1 };
  let stopped = false;

  const place = (placement: Placement): void => {
    placed = placement;
    body.renderer.place(placement);
  };

  const enter = (): void => {
    body.renderer.mount(host);
    place(placed);
    onEnter();
    body.compose(0);
    body.renderer.step(0);
  };

  const leave = (renderer: AvatarRenderer, acts: Repertoire | null): void => {
    acts?.stop();
    renderer.dispose();
  };

  return {
    repertoire: () => repertoire,
    begin: enter,
    placed: () => placed,
    place,
    cast(renderer, acts, placement) {
      if (stopped) return leave(renderer, acts);
      const before = [body.renderer, repertoire, placed] as const;
      try {
        [repertoire, placed] = [acts, placement];
        body.enter(renderer, acts);
        enter();
      } catch (error) {
        [, repertoire, placed] = before;
        body.enter(before[0], repertoire);
        onEnter();
        leave(renderer, acts);
        throw error;
      }
      // The new one was drawn in the same breath: the stage is empty in no picture.
      leave(before[0], before[1]);
    },
    stop() {
      stopped = true;
      leave(body.renderer, repertoire);
    },
  };
}
