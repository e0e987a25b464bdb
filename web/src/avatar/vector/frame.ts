import type { ParameterId } from '../parameters';
import type { HeadTurn } from './head';

/** What every part of the drawing may know when it redraws itself. */
export interface Frame {
  readonly values: Readonly<Record<ParameterId, number>>;
  readonly turn: HeadTurn;
  /** Seconds since the last frame. */
  readonly seconds: number;
  /** Seconds since the character appeared. */
  readonly time: number;
}

/** Redraws one part. True while it still swings by itself. */
export type Part = (frame: Frame) => boolean | void;

/** Where the head goes sideways, in pixels of the drawing: what hair and ribbons lag behind. */
export function headDrift({ values: v }: Frame): number {
  return v.ParamAngleX * 0.9 + v.ParamAngleZ * 1.7 + v.ParamBodyAngleX * 2 + v.ParamBodyAngleZ * 4;
}
