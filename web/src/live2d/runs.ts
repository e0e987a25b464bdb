import { doubleSided, type CoreDrawables } from './core';
import { isSimple, type Item } from './model';

/** Neighbours in the order of drawing that one call draws, for they differ in nothing but their triangles. */
export interface Run {
  /** The first drawable, or an offscreen that begins, counted on from the drawables. */
  readonly item: number;
  /** Of all triangles; 0 for an offscreen. */
  corners: number;
}

/**
 * Joins what comes one after another.
 * @param order the drawables that are seen and all offscreens, in their order
 * @param groups the group of masks of each, null for most
 */
export function runsOf(
  order: readonly number[], items: readonly Item[], groups: readonly (number | null)[], d: CoreDrawables,
): readonly Run[] {
  const runs: Run[] = [];
  let last: Run | null = null;
  for (const item of order) {
    const corners = item < d.count ? d.indexCounts[item]! : 0;
    if (last && item < d.count && last.item < d.count && groups[item] === groups[last.item] && alike(items, d, item, last.item)) {
      last.corners += corners;
    } else {
      last = { item, corners };
      runs.push(last);
    }
  }
  return runs;
}

function alike(items: readonly Item[], d: CoreDrawables, a: number, b: number): boolean {
  const [one, other] = [items[a]!, items[b]!];
  // What reads from below must see the one before; within a layer each is measured for itself.
  return one.into < 0 && other.into < 0 && isSimple(one.blend) && isSimple(other.blend) && one.blend.colour === other.blend.colour
    && one.inverted === other.inverted && d.textureIndices[a] === d.textureIndices[b] && d.opacities[a] === d.opacities[b]
    && (d.constantFlags[a]! & doubleSided) === (d.constantFlags[b]! & doubleSided)
    && sameColour(d.multiplyColors, a, b) && sameColour(d.screenColors, a, b);
}

function sameColour(colours: Float32Array | undefined, a: number, b: number): boolean {
  if (!colours) return true;
  for (let k = 0; k < 3; k++) if (colours[a * 4 + k] !== colours[b * 4 + k]) return false;
  return true;
}

/** Whether opacity and colours leave a drawable as its texture is. */
export function isPlain({ opacities, multiplyColors, screenColors }: CoreDrawables, i: number): boolean {
  return opacities[i] === 1 && isGrey(multiplyColors, i, 1) && isGrey(screenColors, i, 0);
}

function isGrey(colours: Float32Array | undefined, i: number, value: number): boolean {
  return !colours || (colours[i * 4] === value && colours[i * 4 + 1] === value && colours[i * 4 + 2] === value);
}
