import type { Gestures } from './gestures';

export interface PointersOptions {
  /** The whole stage: a character may stand anywhere on it. */
  readonly stage: HTMLElement;
  readonly host: HTMLElement;
  readonly gestures: Gestures;
  readonly arranging: () => boolean;
  /** What of the character lies at a point; null beside it. */
  readonly areaAt: (x: number, y: number) => string | null;
  /** The wheel was turned to scale the character, about a point of the viewport. */
  readonly onScale: (factor: number, x: number, y: number) => void;
  readonly onReset: () => void;
}

/** A notch of a wheel is about 100 pixels: it scales by a ninth. */
const perPixel = Math.log(1.12) / 100;
const perLine = 33;

/**
 * Brings what pointers do on the stage to the gestures. What they do on a control, the bubble or a panel is not about the character, and
 * neither is a press of another button than the first.
 */
export function startPointers({ stage, host, gestures, arranging, areaAt, onScale, onReset }: PointersOptions): () => void {
  const ends = new AbortController();
  const { signal } = ends;
  const pointOf = ({ pointerId: id, clientX: x, clientY: y }: PointerEvent) => ({ id, x, y });

  const isBare = ({ target }: Event): boolean =>
    target === stage || (target instanceof Element && (host.contains(target) || target.classList.contains('backdrop')));

  stage.addEventListener('pointerdown', (event) => {
    if (!isBare(event) || event.button !== 0 || !gestures.down(pointOf(event), event.altKey)) return;
    // Whatever comes of it, also beside the stage, is about the character.
    stage.setPointerCapture(event.pointerId);
  }, { signal });
  stage.addEventListener('pointermove', (event) => gestures.move(pointOf(event)), { signal });
  stage.addEventListener('pointerup', (event) => gestures.up(pointOf(event)), { signal });
  stage.addEventListener('pointercancel', (event) => gestures.cancel(event.pointerId), { signal });

  // A press on the character takes the keyboard away from no text that is being written, and selects none.
  stage.addEventListener('mousedown', (event) => {
    if (isBare(event) && (arranging() || areaAt(event.clientX, event.clientY) !== null)) event.preventDefault();
  }, { signal });
  // A long press places the character, and opens no menu where there are no buttons.
  stage.addEventListener('contextmenu', (event) => {
    if (isBare(event) && (event as PointerEvent).pointerType === 'touch') event.preventDefault();
  }, { signal });
  stage.addEventListener('dblclick', (event) => {
    if (isBare(event) && (arranging() || (event.altKey && areaAt(event.clientX, event.clientY) !== null))) onReset();
  }, { signal });
  stage.addEventListener('wheel', (event) => {
    if (!isBare(event) || !(arranging() || (event.altKey && areaAt(event.clientX, event.clientY) !== null))) return;
    event.preventDefault();
    const pixels = (event.deltaY || event.deltaX) * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : perLine);
    onScale(Math.exp(-Math.min(400, Math.max(-400, pixels)) * perPixel), event.clientX, event.clientY);
  }, { signal, passive: false });

  return () => {
    ends.abort();
    gestures.stop();
  };
}
