import type { Emotion } from './emotions';
import type { Act, Placement } from './manifest';
import type { MotionEnd, OwnMotion, Priority } from './motionplayer';
import type { ParameterInfo } from './parameters';

/** A part of the character that reacts to a touch: `head`, `face` or `body`, or the name of one of a model's own areas. */
export type HitArea = string;

/**
 * Draws one character from parameter values. It knows no emotions, no gestures of ours and no clock: the director above it decides the
 * values and when to draw. Standard Cubism ids (`ParamAngleX`, `ParamMouthOpenY`, …) are the common language, so that a
 * drawn character and a Live2D model are moved by the same code.
 */
export interface AvatarRenderer {
  /** What this character can do, by the ids of our own table. Constant once mounted. */
  readonly parameters: Readonly<Record<string, ParameterInfo>>;

  /** Expressions and motions that the character brings along; null for one that is moved by parameters alone. */
  readonly own: OwnActs | null;

  /** Puts the character into `host` and lets it fill the host's box, centred and standing on its lower edge. Called once. */
  mount(host: HTMLElement): void;

  /** Moves and scales the character on its stage, from the next {@link step} on. */
  place(placement: Placement): void;

  /**
   * Holds a value until the next call with the same id; clamped to its range. Unknown ids and NaN are ignored. Where the character plays
   * acts of its own, the difference to the rest value is laid over them.
   */
  set(id: string, value: number): void;

  /** The value as the last {@link step} drew it, in units of our table; NaN for an unknown id. */
  get(id: string): number;

  /**
   * Advances springs, physics and own acts by `dtMs` and draws. Any length is safe, a tab that slept for an hour included.
   * @returns true while something still moves visibly by itself, so that the caller keeps drawing at full rate.
   */
  step(dtMs: number): boolean;

  /** What lies under a point of the viewport (CSS pixels), null beside the character. */
  hitTest(clientX: number, clientY: number): HitArea | null;

  /** Removes the character from its host and gives everything back that it holds. */
  dispose(): void;
}

/** The expressions and motions of a model. Names are found without regard to case. */
export interface OwnActs {
  readonly expressions: readonly string[];
  readonly motions: readonly string[];

  /** All parameters of the model by its own ids, in its own order and units, as the last frame drew them. */
  parameters?(): readonly OwnParameter[];

  /** Shows these expressions together and takes all others back, each with its own fade. Unknown names are ignored. `weight` is 0 to 1. */
  express(names: readonly string[], weight: number): void;

  /** Holds parameters by the model's own ids over everything but lips, until the next call. They come and go within `ms`; 0: at once. */
  hold(values: Readonly<Record<string, number>>, ms?: number): void;

  /** Plays a motion. It yields as the director's motions do; the promise says how it ended. */
  play(name: string, priority: Priority): Promise<MotionEnd>;

  /** Ends the motion that plays; idle motions go on. */
  stop(): void;

  /** Whether a motion plays that is none of the idle ones. */
  readonly busy: boolean;
}

/** A parameter of a model by its own id, in the model's own units. */
export interface OwnParameter {
  readonly id: string;
  readonly min: number;
  readonly max: number;
  /** The value in which the model's author left it. */
  readonly rest: number;
  /** As the last frame drew it. */
  readonly value: number;
}

/** What a face is asked for. */
export interface AskedFace {
  /** An emotion, or one of the character's own expressions. */
  readonly name: string;
  /** What the name means among our emotions. */
  readonly emotion: Emotion | undefined;
  /** 0 to 1. */
  readonly weight: number;
  /** An expression that a publisher asked for and did not take back: the character wears it on, where it is one of its own. */
  readonly worn: string | null;
}

/**
 * What a character brings along, and what it is for. The director asks here first, and helps itself with presets and motions of ours where
 * there is nothing.
 */
export interface Repertoire {
  /** Motions of the character's own play while nothing else does: none of ours are added. */
  readonly idles: boolean;

  /** Shows a face; undefined: there is nothing of its own for it, and ours is to be shown. Its motion is left to the director. */
  express(face: AskedFace): Act | undefined;

  /** The motion that a name means among its own. */
  motion(name: string): OwnMotion | undefined;

  /** What it does when it is touched there. */
  touch(area: HitArea): OwnMotion | undefined;

  /** The character leaves the stage. */
  stop(): void;
}
