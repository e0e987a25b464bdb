/**
 * The values of a model, by index. Whatever evaluates the model reads them after each change. The arrays of a Core are views into memory
 * that may move when another model is loaded, so they are getters: ask again in every step and keep none of them.
 */
export interface Rig {
  readonly parameters: RigParameters;
  readonly parts: RigParts;
}

export interface RigParameters {
  readonly ids: readonly string[];
  readonly minimums: Float32Array;
  readonly maximums: Float32Array;
  readonly defaults: Float32Array;
  /** May be written. */
  readonly values: Float32Array;
}

export interface RigParts {
  readonly ids: readonly string[];
  /** 0 to 1; may be written. */
  readonly opacities: Float32Array;
}
