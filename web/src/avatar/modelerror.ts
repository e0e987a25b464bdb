/**
 * Why a model cannot be shown:
 * - `core_missing`: the hub has no Core file. `core_broken`: it has one that is no Core, or never becomes ready.
 * - `core_too_old`: the model's format is newer than the Core; `need` and `have` are versions of the format (1 to 6, and newer).
 * - `moc_missing`, `file_missing`, `texture_failed`: `file` cannot be had, or is no picture.
 * - `moc_damaged`: the model file is not one, or the Core refuses it.
 * - `no_webgl`: the browser draws nothing with WebGL 2. `out_of_memory`: browser, graphics or Core have not enough of it.
 * - `too_large`: `have` is above the limit `need`, both in bytes.
 */
export type ModelErrorCode =
  | 'core_missing' | 'core_too_old' | 'core_broken' | 'moc_missing' | 'moc_damaged' | 'file_missing' | 'texture_failed'
  | 'no_webgl' | 'too_large' | 'out_of_memory';

/** What an error is about; absent where it does not matter. */
export interface ModelErrorFacts {
  /** As the manifest names it, or the Core's address. */
  readonly file?: string;
  readonly need?: number;
  readonly have?: number;
  readonly cause?: unknown;
}

/** A model cannot be loaded. The message is for developers; users read a text that is chosen by `code`. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly file: string | null;
  readonly need: number | null;
  readonly have: number | null;

  constructor(readonly code: ModelErrorCode, message: string, { file, need, have, cause }: ModelErrorFacts = {}) {
    super(message, { cause });
    this.file = file ?? null;
    this.need = need ?? null;
    this.have = have ?? null;
  }
}
