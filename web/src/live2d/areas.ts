import type { HitArea } from '../avatar/avatar';
import type { ModelManifest } from '../avatar/manifest';
import { around, isEmpty, nothing, type Box } from './gl';
import type { Mesh } from './mesh';
import type { CubismModel } from './model';

/** Names of areas that every character has, however a model spells them. */
const common: readonly HitArea[] = ['head', 'face', 'body'];
const faceParts = /face|脸|臉|顔/i;

/**
 * What of a model lies at a point, in units of the model: its own areas first; where it has none there, head, face and body by its
 * outline. `shown` is the outline of the resting figure.
 */
export function createAreas(model: CubismModel, mesh: Mesh, manifest: ModelManifest, shown: Box): (x: number, y: number) => HitArea {
  const { drawables, parts } = model.raw;
  const own = manifest.hitAreas.map(({ name, id }) => ({ name: areaNamed(name), drawable: drawables.ids.indexOf(id) }))
    .filter(({ drawable }) => drawable >= 0);

  // Drawables of parts whose name says that they are the face, and of the parts within.
  const isFace = parts.ids.map((id) => faceParts.test(manifest.names.parts[id] ?? id));
  const inFace = (part: number): boolean => {
    let at = part;
    // No chain of parts is longer than there are parts, unless it is a circle.
    for (let left = parts.count; at >= 0 && left > 0 && !isFace[at]; left--) at = parts.parentIndices?.[at] ?? -1;
    return isFace[at] ?? false;
  };
  const face = Array.from(drawables.parentPartIndices ?? [])
    .map((part, i) => (drawables.opacities[i]! > 0 && inFace(part) ? mesh.bounds(i) : nothing))
    .reduce(around, nothing);
  const known = isEmpty(face) || face.top - face.bottom > (shown.top - shown.bottom) / 2 ? faceOf(shown) : face;

  return (x, y) => {
    // In the order of the author: the first one that is hit counts.
    for (const { name, drawable } of own) if (mesh.contains(drawable, x, y)) return name;
    if (y < known.bottom) return 'body';
    return x >= known.left && x <= known.right && y <= known.top ? 'face' : 'head';
  };
}

/** Without parts that say so, the head is the upper third of the figure, and the face the middle of its lower two thirds. */
function faceOf({ left, bottom, right, top }: Box): Box {
  const third = (top - bottom) / 3;
  const middle = (left + right) / 2;
  const half = Math.min(third, right - left) / 4;
  return { left: middle - half, right: middle + half, bottom: top - third, top: top - third / 3 };
}

function areaNamed(name: string): HitArea {
  return common.find((area) => area === name.toLowerCase()) ?? name;
}
