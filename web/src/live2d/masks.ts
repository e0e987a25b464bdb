import { atLeast, deleteTarget, isEmpty, within, type Box, type Target } from './gl';
import type { Item } from './model';
import { pack, type Slot } from './packing';
import type { Mask, Pen } from './pen';

/** Things that are limited by the same drawables: one mask serves all of them. */
export interface MaskGroup {
  readonly masks: readonly number[];
  /** Indices of drawables, then of offscreens, counted on. */
  readonly users: readonly number[];
}

/** The groups of all that have masks, and which group each has, null for most. */
export function groupMasks(items: readonly Item[]): { readonly groups: readonly MaskGroup[]; readonly of: readonly (number | null)[] } {
  const groups: { masks: readonly number[]; users: number[] }[] = [];
  const found = new Map<string, number>();
  const of = items.map(({ masks }, i) => {
    if (masks.length === 0) return null;
    const key = masks.join();
    const group = found.get(key) ?? groups.push({ masks, users: [] }) - 1;
    found.set(key, group);
    groups[group]!.users.push(i);
    return group;
  });
  return { groups, of };
}

/**
 * Coverage of groups at the picture's own resolution: a group takes as much room as it covers of the picture, in one channel of a
 * texture. So a hundred small masks cost what a few large ones do, and none is blurred.
 */
export class MaskPages {
  readonly #gl: WebGL2RenderingContext;
  readonly #pages: Target[] = [];

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /**
   * Draws the masks of a picture. `boxes` are the pixels that each group needs, whole numbers, null for a group that nothing needs.
   * `cover(group)` draws the coverage of a group with what is bound.
   */
  draw(pen: Pen, boxes: readonly (Box | null)[], width: number, height: number, cover: (group: number) => void): (Mask | null)[] {
    const gl = this.#gl;
    const whole = { left: 0, bottom: 0, right: width, top: height };
    const needed: { group: number; box: Box; width: number; height: number }[] = [];
    for (const [group, box] of boxes.entries()) {
      const inside = box && within(box, whole);
      if (!inside || isEmpty(inside)) continue;
      needed.push({ group, box: inside, width: inside.right - inside.left, height: inside.top - inside.bottom });
    }
    const { slots, filled } = pack(needed, { width, height });
    const masks: (Mask | null)[] = boxes.map(() => null);
    for (const [page, high] of filled.entries()) {
      const target = this.#pages[page] = atLeast(gl, this.#pages[page], width, height);
      gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
      pen.limit({ left: 0, bottom: 0, right: width, top: high });
      gl.colorMask(true, true, true, true);
      gl.clear(gl.COLOR_BUFFER_BIT);
      for (const [i, need] of needed.entries()) {
        const slot = slots[i]!;
        if (slot.page !== page) continue;
        masks[need.group] = this.#place(pen, target, slot, need.box, width, height);
        cover(need.group);
      }
    }
    gl.colorMask(true, true, true, true);
    return masks;
  }

  /** The picture's own pixels, moved to their place: what lies beside the box is cut off. */
  #place(pen: Pen, { texture }: Target, { channel, x, y }: Slot, box: Box, width: number, height: number): Mask {
    const gl = this.#gl;
    const shift: [number, number] = [x - box.left, y - box.bottom];
    gl.viewport(shift[0], shift[1], width, height);
    pen.limit({ left: x, bottom: y, right: x + box.right - box.left, top: y + box.top - box.bottom });
    gl.colorMask(channel === 0, channel === 1, channel === 2, channel === 3);
    return { texture, channel, box, shift };
  }

  dispose(): void {
    for (const page of this.#pages) deleteTarget(this.#gl, page);
    this.#pages.length = 0;
  }
}
