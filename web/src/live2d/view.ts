import type { Placement } from '../avatar/manifest';
import type { CoreModel } from './core';
import { around, isEmpty, within, type Box } from './gl';

/** From the model's units to a target: a point times `x` and `y`, plus `dx` and `dy`, lies between -1 and 1. A negative scale mirrors. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/** How a model lies on the page: its unit in CSS pixels, and where its origin is in the host's box, from the lower left corner, y up. */
export interface Stand {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** The picture area that the model's author drew on, in units of the model. */
export function canvasBox({ canvasinfo: c }: Pick<CoreModel, 'canvasinfo'>): Box {
  const unit = c.PixelsPerUnit > 0 ? c.PixelsPerUnit : 1;
  return {
    left: -c.CanvasOriginX / unit, right: (c.CanvasWidth - c.CanvasOriginX) / unit,
    bottom: (c.CanvasOriginY - c.CanvasHeight) / unit, top: c.CanvasOriginY / unit,
  };
}

/** A layout that would make a model this many times larger or smaller than one that fits is a mistake. */
const mostUnlike = 10;

/**
 * Where a model stands without a placement: all of `shown` is to be seen, centred on the lower edge of the host. `layout` is that of
 * model3.json: it speaks of `canvas` in a view that is 2 high, with its origin in the middle of the host.
 */
export function standing(shown: Box, canvas: Box, host: Extent, layout: Readonly<Record<string, number>> | null): Stand {
  const fit = Math.min(host.width / (shown.right - shown.left), host.height / (shown.top - shown.bottom));
  const fitting = { scale: fit, x: host.width / 2 - fit * (shown.left + shown.right) / 2, y: -fit * shown.bottom };
  if (!layout) return fitting;

  const given = new Map(Object.entries(layout).map(([key, value]) => [key.toLowerCase().replaceAll('_', ''), value]));
  const unit = host.height / 2;
  const size = (key: string, extent: number): number => {
    const value = given.get(key);
    return value !== undefined && value > 0 && Number.isFinite(value) ? value * unit / extent : NaN;
  };
  const sizes = [size('height', canvas.top - canvas.bottom), size('width', canvas.right - canvas.left)];
  const scale = sizes.find((asked) => asked / fit < mostUnlike && fit / asked < mostUnlike) ?? fit;
  /** Where the origin must be for a point of the model to lie where the layout wants it. */
  const origin = (key: string, point: number, middle: number): number => {
    const value = given.get(key);
    return value !== undefined && Math.abs(value) <= mostUnlike ? middle + value * unit - point * scale : NaN;
  };
  const first = (...origins: readonly number[]): number => origins.find((value) => !Number.isNaN(value))!;
  const [centreX, centreY] = [(canvas.left + canvas.right) / 2, (canvas.bottom + canvas.top) / 2];
  const across = host.width / 2;
  return {
    scale,
    x: first(
      origin('centerx', centreX, across), origin('x', centreX, across), origin('left', canvas.left, across),
      origin('right', canvas.right, across), across - scale * (shown.left + shown.right) / 2,
    ),
    y: first(
      origin('centery', centreY, unit), origin('y', centreY, unit), origin('bottom', canvas.bottom, unit), origin('top', canvas.top, unit),
      -scale * shown.bottom,
    ),
  };
}

/** The stand at a placement: scaled about the middle of the host's lower edge, then moved by heights of the stage. */
export function placed({ scale, x, y }: Stand, host: Extent, stageHeight: number, to: Placement): Stand {
  const middle = host.width / 2;
  return { scale: scale * to.scale, x: middle + (x - middle) * to.scale + to.x * stageHeight, y: y * to.scale + to.y * stageHeight };
}

/** A canvas grows in steps of so many CSS pixels. */
const step = 32;
/** How far beyond its resting outline a model may move without leaving its canvas, as a part of its size. */
const room = 0.3;

/**
 * The CSS pixels of the host's box, y up, that a canvas must cover to show a model with room to move: no more than what can be seen.
 * Empty where the model is out of sight.
 */
export function canvasAround({ scale, x, y }: Stand, shown: Box, canvas: Box, sight: Box): Box {
  const [width, height] = [shown.right - shown.left, shown.top - shown.bottom];
  const { left: west, bottom: south, right: east, top: north } = around(canvas, {
    left: shown.left - width * room, right: shown.right + width * room,
    bottom: shown.bottom - height * room, top: shown.top + height * room,
  });
  const box = within({ left: x + west * scale, right: x + east * scale, bottom: y + south * scale, top: y + north * scale }, sight);
  if (isEmpty(box)) return box;
  const [left, bottom] = [Math.floor(box.left), Math.floor(box.bottom)];
  // In steps, so that a model that is dragged or swells keeps its canvas for a while: a new one costs more than a picture.
  const stepped = (extent: number): number => Math.ceil(extent / step) * step;
  return { left, bottom, right: left + stepped(box.right - left), top: bottom + stepped(box.top - bottom) };
}

/** The view of a canvas that covers `box`, in CSS pixels of the host with y up. */
export function viewOf({ scale, x, y }: Stand, { left, bottom, right, top }: Box): View {
  const [width, height] = [right - left, top - bottom];
  return { x: 2 * scale / width, y: 2 * scale / height, dx: 2 * (x - left) / width - 1, dy: 2 * (y - bottom) / height - 1 };
}
