import { list, number, record, text } from '../live2d/life/reading';

const usualFade = 500;

/** Milliseconds of a file in seconds. */
const inSeconds = (value: unknown): number => number(value, usualFade, 0) / 1000;

/** An exp3.json of an expression of Cubism 2, null for what is none. Its values are written as what they become from `def`. */
export function readOlderExpression(json: unknown): unknown {
  const file = record(json);
  if (Object.keys(file).length === 0) return null;
  return {
    FadeInTime: number(file.fade_in, 1000, 0) / 1000, FadeOutTime: number(file.fade_out, 1000, 0) / 1000,
    Parameters: list(file.params).map((one) => {
      const { id, val, def, calc } = record(one);
      const value = number(val, 0);
      if (calc === 'mult') return { Id: id, Blend: 'Multiply', Value: value / (number(def, 1) || 1) };
      return calc === 'set' ? { Id: id, Blend: 'Overwrite', Value: value } : { Id: id, Blend: 'Add', Value: value - number(def, 0) };
    }),
  };
}

/** A pose3.json of a pose of Cubism 2. */
export function readOlderPose(json: unknown): unknown {
  const file = record(json);
  return {
    FadeInTime: inSeconds(file.fade_in),
    Groups: list(file.parts_visible).map((one) =>
      list(record(one).group).map(record).map(({ id, link }) => ({ Id: id, Link: list(link) }))),
  };
}

export interface Hair {
  readonly length: number;
  readonly resistance: number;
  readonly mass: number;
  readonly sources: readonly HairLink[];
  readonly targets: readonly HairLink[];
}

export interface HairLink {
  readonly id: string;
  /** Of a source `x`, `y` or `angle`; of a target `angle` or `angle_v`. */
  readonly kind: string;
  readonly scale: number;
  /** 0 to 1. */
  readonly weight: number;
}

/** The pendulums of a physics file of Cubism 2, which the user's `live2d.min.js` swings. Those that name no parameter are left out. */
export function readHairs(json: unknown, has: (id: string) => boolean): readonly Hair[] {
  const links = (value: unknown): readonly HairLink[] => list(value).map(record)
    .map(({ id, ptype, scale, weight }) => ({ id: text(id), kind: text(ptype), scale: number(scale, 0), weight: number(weight, 1, 0, 1) }))
    .filter(({ id }) => has(id));
  return list(record(json).physics_hair).map(record).map(({ setup, src, targets }) => {
    const { length, regist, mass } = record(setup);
    return {
      // A pendulum without length or mass would divide by zero.
      length: number(length, 0.2, 0.001, 100), resistance: number(regist, 0.5, 0, 100), mass: number(mass, 0.1, 0.001, 100),
      sources: links(src), targets: links(targets),
    };
  }).filter(({ sources, targets }) => sources.length > 0 && targets.length > 0);
}
