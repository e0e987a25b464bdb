import type { ModelManifest, Placement } from '../avatar/manifest';
import { isEmpty, type Box } from './gl';
import { canvasAround, placed, standing, type Stand } from './view';

/** Where a model is on the page at this moment. */
export interface Scene {
  readonly stand: Stand;
  /** The canvas, in CSS pixels of the host's box, y up. */
  readonly area: Box;
  readonly host: DOMRect;
}

/** No canvas has more pixels along a side: larger ones are drawn coarser. */
const longestSide = 4096;

/** The place of a model on the page: its canvas goes where it stands. */
export class Staging {
  placement: Placement;
  private stage: HTMLElement | null = null;

  /** @param author The canvas of the model's author. @param layout How the author wants it to stand; null: all of it is shown. */
  constructor(
    private readonly canvas: HTMLCanvasElement, private readonly author: Box, placement: Placement | null,
    private readonly layout: ModelManifest['layout'],
  ) {
    this.placement = placement ?? { x: 0, y: 0, scale: 1 };
  }

  get isMounted(): boolean {
    return this.stage !== null;
  }

  mount(host: HTMLElement): void {
    this.stage = host.ownerDocument.createElement('div');
    Object.assign(this.stage.style, { position: 'relative', width: '100%', height: '100%', overflow: 'visible' });
    this.stage.append(this.canvas);
    host.append(this.stage);
  }

  /** @param shown The outline of the model at rest, in its own units. @returns null where there is nothing to be seen. */
  scene(shown: Box): Scene | null {
    const host = this.stage?.getBoundingClientRect();
    if (!host || !(host.width > 0 && host.height > 0)) return null;
    // The stage is the whole view of the page.
    const stand = placed(standing(shown, this.author, host, this.layout), host, innerHeight, this.placement);
    const sight = { left: -host.left, right: innerWidth - host.left, bottom: host.bottom - innerHeight, top: host.bottom };
    return { stand, area: canvasAround(stand, shown, this.author, sight), host };
  }

  /** Shows the canvas where it is in sight, and hides it elsewhere. @returns whether it is in sight */
  reveal(scene: Scene | null): scene is Scene {
    const seen = scene !== null && !isEmpty(scene.area);
    this.canvas.style.display = seen ? 'block' : 'none';
    return seen;
  }

  /** Moves and sizes the canvas. @returns its size in pixels */
  fit({ area: { left, bottom, right, top } }: Scene): readonly [number, number] {
    const { canvas } = this;
    const density = Math.min(devicePixelRatio || 1, longestSide / (right - left), longestSide / (top - bottom));
    const [width, height] = [Math.max(1, Math.round((right - left) * density)), Math.max(1, Math.round((top - bottom) * density))];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    Object.assign(canvas.style, { left: `${left}px`, bottom: `${bottom}px`, width: `${right - left}px`, height: `${top - bottom}px` });
    return [width, height];
  }

  /** Lets the page be seen through the model as a whole: drawables that lie over each other would shine through each other. */
  fade(opacity: number): void {
    const text = opacity >= 1 ? '' : String(opacity);
    if (this.canvas.style.opacity !== text) this.canvas.style.opacity = text;
  }

  remove(): void {
    this.stage?.remove();
  }
}

/** What a picture is drawn by: it is drawn again when this changes, or the model does. */
export const pictureKey = ({ area, stand }: Scene, losses: number): string =>
  `${Object.values(area)} ${Object.values(stand)} ${devicePixelRatio} ${losses}`;

/** A point of the viewport in the model's own units. */
export const pointIn = ({ stand, host }: Scene, clientX: number, clientY: number): readonly [number, number] =>
  [(clientX - host.left - stand.x) / stand.scale, (host.bottom - clientY - stand.y) / stand.scale];
