import type { ParameterInfo } from './parameters';

/** A part of the character that reacts to a touch. */
export type HitArea = 'head' | 'body';

/**
 * Draws one character from parameter values. It knows no emotions, no motions and no clock: the director above it decides the
 * values and when to draw. Standard Cubism ids (`ParamAngleX`, `ParamMouthOpenY`, …) are the common language, so that a
 * drawn character and a Live2D model are moved by the same code.
 */
export interface AvatarRenderer {
  /** What this character can do, by id. Constant once mounted. */
  readonly parameters: Readonly<Record<string, ParameterInfo>>;

  /** Puts the character into `host` and lets it fill the host's box, centred and standing on its lower edge. Called once. */
  mount(host: HTMLElement): void;

  /** Holds a value until the next call with the same id; clamped to its range. Unknown ids and NaN are ignored. */
  set(id: string, value: number): void;

  /** The value as the last {@link step} drew it; NaN for an unknown id. */
  get(id: string): number;

  /**
   * Advances springs by `dtMs` and draws. Any length is safe, a tab that slept for an hour included.
   * @returns true while hair or cloth still swings visibly, so that the caller keeps drawing at full rate.
   */
  step(dtMs: number): boolean;

  /** What lies under a point of the viewport (CSS pixels), null beside the character. */
  hitTest(clientX: number, clientY: number): HitArea | null;

  /** Removes the character from its host. */
  dispose(): void;
}
