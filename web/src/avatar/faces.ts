import type { Repertoire } from './avatar';
import type { Body } from './body';
import { findEmotion, type Emotion } from './emotions';
import type { Environment } from './environment';

const fadeMs = 280;
const calmFadeMs = 140;
const dozeOffMs = 2600;

/** What a face is asked for; see `Director.express`. */
export interface FaceOptions {
  readonly weight?: number;
  readonly worn?: string | null;
}

/** Which face is shown: the one that was asked for, one that passes over it, or that of rest. */
export interface Faces {
  /** @returns whether there is such a name. */
  express(name: string | null, options?: FaceOptions): boolean;
  /** Shows a face for a while, where no other one is. */
  pass(name: Emotion, weight: number, durationMs: number): void;
  doze(on: boolean): void;
  /** Another character shows what was asked for last, without the motion that began with it. */
  again(): void;
}

/** @param acts What the character brings along now. @param wake Lets it be drawn. */
export function startFaces(
  env: Pick<Environment, 'reducedMotion'>, { expression, player }: Pick<Body, 'expression' | 'player'>, acts: () => Repertoire | null,
  wake: () => void,
): Faces {
  let name: string | null = null;
  let strength = 1;
  let worn: string | null = null;
  let rest: Emotion = 'neutral';

  /** Lets the face show a name, by the character's own means where there are some. */
  const show = (shown: string, weight: number, durationMs: number, fade = fadeMs, isNews = true): boolean => {
    const emotion = findEmotion(shown);
    const act = acts()?.express({ name: shown, emotion, weight, worn });
    const calm = env.reducedMotion();
    expression.show(emotion ?? 'neutral', weight, calm ? calmFadeMs : fade, durationMs, act && {});
    // A motion only adds to a face: one that a publisher asked for plays on.
    if (isNews && !calm && act?.motion !== undefined && (!player.busy || player.idling)) void player.play(act.motion, 'normal');
    wake();
    return emotion !== undefined || act !== undefined;
  };

  const showAsked = (fade?: number, isNews?: boolean): boolean => show(name ?? rest, strength, Infinity, fade, isNews);

  expression.onEnd = () => showAsked();

  return {
    express(asked, { weight = 1, worn: kept = null } = {}) {
      [name, strength, worn] = [asked, Number.isFinite(weight) ? Math.min(1, Math.max(0, weight)) : 1, kept];
      return showAsked();
    },
    pass(face, weight, durationMs) {
      if (expression.emotion === rest) show(face, weight, durationMs);
    },
    doze(on) {
      rest = on ? 'sleepy' : 'neutral';
      if (name === null) showAsked(on ? dozeOffMs : fadeMs);
    },
    again: () => void showAsked(fadeMs, false),
  };
}
