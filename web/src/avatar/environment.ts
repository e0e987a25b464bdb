import type { Placement } from './manifest';

/** What happens around the character. */
export interface Surroundings {
  /** Where the character stands, on which depends where its face is. */
  placement(): Placement;
  /** The pointer moved: -1..1 from the character's face towards the edges of the view, y up. */
  pointerAt(x: number, y: number): void;
  pointerLeft(): void;
  /** The page came into or went out of sight. */
  sightChanged(): void;
}

/** Everything a director takes from outside: time, chance, frames, the user's wishes. */
export interface Environment {
  /** Milliseconds of a clock that only rises. */
  now(): number;
  /** 0 up to but not including 1. */
  random(): number;
  /** Calls back once, at the first frame that is at least `afterMs` away. @returns a cancel function. */
  frame(callback: () => void, afterMs: number): () => void;
  /** The user asked for less motion. Asked again for every frame. */
  reducedMotion(): boolean;
  hidden(): boolean;
  /** @returns a function that stops listening. */
  listen(to: Surroundings): () => void;
}

/** Where the eyes are within the host's box, from its lower edge. */
const faceHeight = 0.62;

/** The environment of a real page around the element that holds the character. */
export function browserEnvironment(host: HTMLElement): Environment {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  return {
    now: () => performance.now(),
    random: Math.random,
    frame: nextFrame,
    reducedMotion: () => calm.matches,
    hidden: () => document.hidden,

    listen(to) {
      const stop = new AbortController();
      const options = { signal: stop.signal, passive: true };
      window.addEventListener('pointermove', (event) => {
        const box = host.getBoundingClientRect();
        const { x, y, scale } = to.placement();
        const dx = event.clientX - (box.left + box.width / 2) - x * innerHeight;
        const dy = box.bottom - box.height * faceHeight * scale - y * innerHeight - event.clientY;
        to.pointerAt((2 * dx) / Math.max(1, innerWidth), (1.6 * dy) / Math.max(1, innerHeight));
      }, options);
      document.documentElement.addEventListener('pointerleave', () => to.pointerLeft(), options);
      window.addEventListener('blur', () => to.pointerLeft(), options);
      document.addEventListener('visibilitychange', () => to.sightChanged(), options);
      return () => stop.abort();
    },
  };
}

function nextFrame(callback: () => void, afterMs: number): () => void {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const request = (): void => {
    frame = requestAnimationFrame(callback);
  };
  // A frame requested early would make the browser run its whole rendering loop for every frame in between.
  if (afterMs > 4) timer = setTimeout(request, afterMs - 4);
  else request();
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
}
