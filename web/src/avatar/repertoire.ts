import type { AskedFace, HitArea, OwnActs, Repertoire } from './avatar';
import type { Act, ModelManifest } from './manifest';
import { findMotion } from './motions';
import type { MotionEnd, OwnMotion, Priority } from './motionplayer';
import type { Trial } from './rehearsal';

/** How long an act without a motion lasts. */
const actMs = 2000;

/** In how many ms the parameters of an emotion or a gesture come and go. What a user tries shows at once. */
const easeMs = 350;

/** The repertoire of a model, as its manifest describes it. */
export interface ModelRepertoire extends Repertoire {
  /** Lays a user's trial over everything until null; see `Rehearsal.show`. */
  try(trial: Trial | null): void;
}

const nothing: Act = {};

/** @param after Calls back once after so many milliseconds; returns what cancels it. */
export function startRepertoire(
  own: OwnActs, manifest: ModelManifest, after: (ms: number, call: () => void) => () => void,
): ModelRepertoire {
  const expressions = byName(own.expressions);
  const motions = byName(own.motions);
  const emotions = byName(Object.keys(manifest.emotions));
  const gestures = byName(Object.keys(manifest.gestures));
  const touches = byName(Object.keys(manifest.touches));
  let face: Act = nothing;
  let worn: readonly string[] = [];
  let weight = 1;
  /** What a gesture or a touch adds for its time. */
  let passing: Act = nothing;
  let trial: Trial | null = null;

  const apply = (): void => {
    const shown = trial === null
      ? [...new Set([...face.expressions ?? [], ...worn, ...passing.expressions ?? []])]
      : trial.expressions ?? [];
    own.express(shown, trial === null ? weight : 1);
    own.hold(trial === null ? { ...face.parameters, ...passing.parameters } : trial.parameters ?? {}, trial === null ? easeMs : 0);
  };

  const expressionNamed = (name: string): Act | undefined => {
    const found = expressions.get(keyOf(name));
    return found === undefined ? undefined : { expressions: [found] };
  };

  const mapped = (known: ReadonlyMap<string, string>, acts: Readonly<Record<string, Act>>, name: string | undefined): Act | undefined => {
    const found = name === undefined ? undefined : known.get(keyOf(name));
    return found === undefined ? undefined : possible(acts[found]!);
  };

  /** What of an act the model can do: the user may have written it for other files. undefined: nothing. */
  const possible = (act: Act): Act | undefined => {
    const shown = (act.expressions ?? []).filter((name) => expressions.has(keyOf(name)));
    const motion = motions.get(keyOf(act.motion ?? ''));
    const parameters = act.parameters ?? {};
    if (shown.length === 0 && motion === undefined && Object.keys(parameters).length === 0) return undefined;
    return { expressions: shown, parameters, ...(motion === undefined ? {} : { motion }) };
  };

  const playOwn = async (motion: string, priority: Priority): Promise<MotionEnd> => {
    try {
      return await own.play(motion, priority);
    } catch (error) {
      console.warn(`The motion "${motion}" of the model "${manifest.name}" failed.`, error);
      return 'unknown';
    }
  };

  /** An act as a motion: its expressions and parameters last as long as its motion does. */
  const motionOf = (name: string, act: Act): OwnMotion => {
    let leave = (): void => {};
    return {
      name,
      async play(priority) {
        passing = act;
        apply();
        const end = act.motion === undefined
          ? await new Promise<MotionEnd>((done) => {
            const cancel = after(actMs, () => done('done'));
            leave = () => {
              cancel();
              done('interrupted');
            };
          })
          : await playOwn(act.motion, priority);
        if (passing === act) {
          passing = nothing;
          apply();
        }
        return end;
      },
      stop() {
        leave();
        if (act.motion !== undefined) own.stop();
      },
    };
  };

  return {
    idles: manifest.idle.some((name) => motions.has(keyOf(name))),

    express({ name, emotion, weight: strength, worn: kept }: AskedFace) {
      const itself = expressionNamed(name);
      const meant = mapped(emotions, manifest.emotions, emotion);
      const act = name === kept ? itself ?? meant : meant ?? itself;
      face = act ?? nothing;
      worn = kept === null || name === kept ? [] : expressionNamed(kept)?.expressions ?? [];
      weight = strength;
      apply();
      return act;
    },

    motion(name) {
      const found = motions.get(keyOf(name));
      if (found !== undefined) return { name: found, play: (priority) => playOwn(found, priority), stop: () => own.stop() };
      const gesture = findMotion(name);
      const act = mapped(gestures, manifest.gestures, gesture);
      return act === undefined ? undefined : motionOf(gesture!, act);
    },

    touch(area: HitArea) {
      const act = mapped(touches, manifest.touches, area);
      return act === undefined ? undefined : motionOf(area, act);
    },

    try(next) {
      trial = next;
      apply();
    },

    stop() {
      passing = nothing;
    },
  };
}

const keyOf = (name: string): string => name.trim().toLowerCase();

const byName = (names: readonly string[]): ReadonlyMap<string, string> => new Map(names.map((name) => [keyOf(name), name]));
