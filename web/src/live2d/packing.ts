/** Where a mask lies: page (a texture), channel of its colours, and the lower left corner. */
export interface Slot {
  readonly page: number;
  readonly channel: number;
  readonly x: number;
  readonly y: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

interface Shelf {
  readonly y: number;
  readonly height: number;
  x: number;
}

/**
 * Lays rectangles into pages of the given size, four layers each, one for each channel of a colour: on shelves, the highest first. None
 * may be larger than a page. @returns a place for each, and how high each page is filled.
 */
export function pack(extents: readonly Extent[], page: Extent): { readonly slots: readonly Slot[]; readonly filled: readonly number[] } {
  const layers: Shelf[][] = [];
  const slots: Slot[] = [];
  const filled: number[] = [];
  const order = extents.map((_, i) => i).sort((a, b) => extents[b]!.height - extents[a]!.height);
  for (const i of order) {
    const { width, height } = extents[i]!;
    for (let layer = 0; ; layer++) {
      const shelf = shelfFor(layers[layer] ??= [], width, height, page);
      if (!shelf) continue;
      const at = layer >> 2;
      slots[i] = { page: at, channel: layer & 3, x: shelf.x, y: shelf.y };
      shelf.x += width;
      filled[at] = Math.max(filled[at] ?? 0, shelf.y + height);
      break;
    }
  }
  return { slots, filled };
}

function shelfFor(shelves: Shelf[], width: number, height: number, page: Extent): Shelf | null {
  const found = shelves.find((shelf) => shelf.height >= height && shelf.x + width <= page.width);
  if (found) return found;
  const last = shelves.at(-1);
  const y = last ? last.y + last.height : 0;
  // Whatever is no larger than a page has room in an empty layer.
  if (last && y + height > page.height) return null;
  const shelf = { y, height, x: 0 };
  shelves.push(shelf);
  return shelf;
}
