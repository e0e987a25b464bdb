import { Curve } from './curve';
import { isNumber, list, number, record, seconds, text } from './reading';

/** What a curve moves. The first two name it by id, the others are the model's groups and the model as a whole. */
export type MotionTarget = 'parameter' | 'part' | 'eyeBlink' | 'lipSync' | 'opacity';

export interface MotionCurve {
  readonly target: MotionTarget;
  /** Of a parameter or a part; else empty. */
  readonly id: string;
  readonly curve: Curve;
  /** In seconds; null: as the motion. */
  readonly fadeIn: number | null;
  readonly fadeOut: number | null;
}

export interface MotionEvent {
  /** In seconds from the motion's start. */
  readonly time: number;
  readonly value: string;
}

/** A motion3.json, read. All times are seconds. */
export interface MotionFile {
  readonly duration: number;
  readonly loop: boolean;
  /** Null: as nothing says otherwise, one second. */
  readonly fadeIn: number | null;
  readonly fadeOut: number | null;
  readonly curves: readonly MotionCurve[];
  readonly events: readonly MotionEvent[];
}

const targets: Readonly<Record<string, MotionTarget>> = {
  'Parameter': 'parameter', 'PartOpacity': 'part', 'Model EyeBlink': 'eyeBlink', 'Model LipSync': 'lipSync', 'Model Opacity': 'opacity',
};

/**
 * Reads a motion. The counts in `Meta` are not looked at: shipped models have wrong ones.
 * @returns what is wrong with it, where nothing in it moves or says anything.
 */
export function readMotion(json: unknown): MotionFile | string {
  const file = record(json);
  const meta = record(file.Meta);
  const restricted = meta.AreBeziersRestricted === true;
  const curves = list(file.Curves).flatMap((one): MotionCurve[] => {
    const { Target, Id, Segments, FadeInTime, FadeOutTime } = record(one);
    const target = targets[Target === 'Model' ? `Model ${text(Id)}` : text(Target)];
    if (target === undefined || !Array.isArray(Segments) || !isNumber(Segments[1])) return [];
    return [{ target, id: text(Id), curve: new Curve(Segments, restricted), fadeIn: seconds(FadeInTime), fadeOut: seconds(FadeOutTime) }];
  });
  const events = list(file.UserData).flatMap((one): MotionEvent[] => {
    const { Time, Value } = record(one);
    return isNumber(Time) && typeof Value === 'string' ? [{ time: number(Time, 0, 0), value: Value }] : [];
  });
  if (curves.length === 0 && events.length === 0) return 'it has no curve that can be read';
  const longest = curves.reduce((end, one) => Math.max(end, one.curve.end), 0);
  return {
    duration: number(meta.Duration, 0, 0) || longest,
    loop: meta.Loop === true,
    fadeIn: seconds(meta.FadeInTime),
    fadeOut: seconds(meta.FadeOutTime),
    curves, events,
  };
}
