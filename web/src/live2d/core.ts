/**
 * The objects that a Cubism Core publishes, as far as they are used here. Core 4.2, 5.0, 5.1 and 6.0 (the Core of Cubism 5.3) and free
 * Cores differ; what is optional here is missing in some of them, and is looked for, never derived from a version. Arrays are views into
 * the Core's own memory.
 */
export interface Core {
  readonly Version: {
    csmGetVersion(): number;
    /** The newest format of a model file that it reads. */
    csmGetLatestMocVersion?(): number;
  };
  readonly Moc: { fromArrayBuffer(bytes: ArrayBuffer): CoreMoc | null };
  readonly Model: { fromMoc(moc: CoreMoc): CoreModel | null };
  readonly Logging?: { csmSetLogFunction?(log: (line: string) => void): void };
  readonly Memory?: { initializeAmountOfMemory?(bytes: number): void };
}

export interface CoreMoc {
  hasMocConsistency?(bytes: ArrayBuffer): number | boolean;
  _release(): void;
}

/** What drawables and, since 6.0, offscreens have in common. */
interface CoreMasked {
  readonly count: number;
  readonly constantFlags: Uint8Array;
  readonly opacities: Float32Array;
  readonly maskCounts: Int32Array;
  readonly masks: readonly Int32Array[];
  /** Four numbers each, red first. Missing before 4.2. */
  readonly multiplyColors?: Float32Array;
  readonly screenColors?: Float32Array;
  /** 6.0: the way to mix colours in the lowest byte, alpha in the next one. */
  readonly blendModes?: Int32Array;
}

export interface CoreDrawables extends CoreMasked {
  readonly ids: readonly string[];
  readonly dynamicFlags: Uint8Array;
  readonly textureIndices: Int32Array;
  /** Until 5.1. */
  readonly renderOrders?: Int32Array;
  readonly vertexCounts: Int32Array;
  readonly vertexPositions: readonly Float32Array[];
  readonly vertexUvs: readonly Float32Array[];
  readonly indexCounts: Int32Array;
  readonly indices: readonly Uint16Array[];
  readonly parentPartIndices?: Int32Array;
  resetDynamicFlags(): void;
}

/** 6.0: what the drawables below a part are drawn into before they are laid over the rest. */
export interface CoreOffscreens extends CoreMasked {
  /** The part of each. */
  readonly ownerIndices: Int32Array;
}

export interface CoreModel {
  readonly canvasinfo: {
    readonly CanvasWidth: number;
    readonly CanvasHeight: number;
    /** From the upper left corner, in pixels. */
    readonly CanvasOriginX: number;
    readonly CanvasOriginY: number;
    readonly PixelsPerUnit: number;
  };
  readonly parameters: {
    readonly count: number;
    readonly ids: readonly string[];
    readonly minimumValues: Float32Array;
    readonly maximumValues: Float32Array;
    readonly defaultValues: Float32Array;
    readonly values: Float32Array;
  };
  readonly parts: {
    readonly count: number;
    readonly ids: readonly string[];
    readonly opacities: Float32Array;
    readonly parentIndices?: Int32Array;
    /** 6.0: -1 where a part has none. */
    readonly offscreenIndices?: Int32Array;
  };
  readonly drawables: CoreDrawables;
  readonly offscreens?: CoreOffscreens;
  /** 6.0: drawables first, then offscreens. */
  readonly renderOrders?: Int32Array;
  getRenderOrders?(): Int32Array;
  update(): void;
  release(): void;
}

/** Bits of `constantFlags`. */
export const additive = 1;
export const multiplicative = 2;
export const doubleSided = 4;
export const invertedMask = 8;

/** Bit of `dynamicFlags`. */
export const visible = 1;
