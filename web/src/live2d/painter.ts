import { doubleSided, visible } from './core';
import { around, atLeast, deleteTarget, isEmpty, nothing, within, type Box, type Target } from './gl';
import { groupMasks, MaskPages } from './masks';
import { Mesh } from './mesh';
import { isSimple, type CubismModel, type Item } from './model';
import { inkOf, Pen, type Mask } from './pen';
import { isPlain, runsOf, type Run } from './runs';
import type { Look } from './shaders';
import type { View } from './view';

/** What a picture is drawn into: null for the canvas. */
export interface Canvas {
  readonly framebuffer: WebGLFramebuffer | null;
  readonly width: number;
  readonly height: number;
}

/** A layer that an offscreen is being drawn into. */
interface Layer {
  readonly offscreen: number;
  readonly target: Target;
  /** What was drawn into it, in pixels. */
  box: Box;
}

const coverage: Look = { source: 'coverage', masked: false, tinted: false, blend: null };

/** Draws the present state of a model with WebGL 2. It owns what it makes, but not the textures. */
export class Painter {
  readonly mesh: Mesh;
  readonly #gl: WebGL2RenderingContext;
  readonly #model: CubismModel;
  readonly #textures: readonly WebGLTexture[];
  readonly #pen: Pen;
  /** Drawables, then offscreens. */
  readonly #items: readonly Item[];
  readonly #looks: readonly Look[];
  /** The same without colours and opacity, null where that does not occur. */
  readonly #plain: readonly (Look | null)[];
  readonly #groups: ReturnType<typeof groupMasks>;
  readonly #pages: MaskPages;
  readonly #order: number[];
  readonly #layers: Target[] = [];
  /** For layers, whose vertices are made by the shader. */
  readonly #none: WebGLVertexArrayObject;
  #below: Target | undefined;

  // The picture that is being drawn.
  #canvas: Canvas = { framebuffer: null, width: 1, height: 1 };
  #view: View = { x: 1, y: 1, dx: 0, dy: 0 };
  #masks: readonly (Mask | null)[] = [];
  #stack: Layer[] = [];

  constructor(gl: WebGL2RenderingContext, model: CubismModel, textures: readonly WebGLTexture[]) {
    this.#gl = gl;
    this.#model = model;
    this.#textures = textures;
    this.#pen = new Pen(gl);
    this.#items = [...model.drawables, ...model.offscreens];
    this.#groups = groupMasks(this.#items);
    this.#looks = this.#items.map(({ blend, masks }, i) => ({
      source: i < model.drawables.length ? 'mesh' : 'layer', masked: masks.length > 0, tinted: true, blend: isSimple(blend) ? null : blend,
    }));
    this.#plain = this.#looks.map((look) => (look.source === 'mesh' && !look.blend ? { ...look, tinted: false } : null));
    this.#pages = new MaskPages(gl);
    this.#order = this.#items.map((_, i) => i);
    this.mesh = new Mesh(gl, model);
    this.#none = gl.createVertexArray();
    // Compiled now, so that no later frame waits for it.
    for (const look of [...this.#looks, ...this.#plain]) if (look) this.#pen.compile(look);
    if (this.#groups.groups.length > 0) this.#pen.compile(coverage);
  }

  /** Draws the picture into `canvas`, which is cleared before. */
  draw(canvas: Canvas, view: View): void {
    const gl = this.#gl;
    this.#canvas = canvas;
    this.#view = view;
    this.#stack = [];
    this.#pen.begin(view);
    this.mesh.bind();
    this.mesh.upload();
    const drawables = this.#model.drawables.length;
    const order = this.#sorted();
    const isShown = order.map((i) => i >= drawables || this.isVisible(i));
    const shown = order.filter((_, k) => isShown[k]);
    this.mesh.arrange([...shown, ...order.filter((_, k) => !isShown[k])].filter((i) => i < drawables));
    this.#masks = this.#drawMasks();

    this.#bindTarget();
    this.#pen.limit(null);
    gl.clear(gl.COLOR_BUFFER_BIT);
    for (const run of runsOf(shown, this.#items, this.#groups.of, this.#model.raw.drawables)) {
      // An offscreen begins at its own rank, or earlier with the first drawable that it holds.
      this.#enter(run.item >= drawables ? run.item - drawables : this.#items[run.item]!.into);
      if (run.item < drawables) this.#drawRun(run);
    }
    this.#enter(-1);
    this.#pen.end();
    gl.bindVertexArray(null);
  }

  /** Whether anything of a drawable can be seen. */
  isVisible(i: number): boolean {
    const { drawables: d } = this.#model.raw;
    return (d.dynamicFlags[i]! & visible) !== 0 && d.opacities[i]! > 0 && d.indexCounts[i]! > 0;
  }

  dispose(): void {
    const gl = this.#gl;
    this.mesh.dispose();
    this.#pen.dispose();
    this.#pages.dispose();
    gl.deleteVertexArray(this.#none);
    for (const target of this.#layers) deleteTarget(gl, target);
    if (this.#below) deleteTarget(gl, this.#below);
  }

  /** Ranks change little from frame to frame, so the order of the last one is nearly right. */
  #sorted(): readonly number[] {
    const ranks = this.#model.renderOrders();
    const order = this.#order;
    for (let at = 1; at < order.length; at++) {
      const item = order[at]!;
      let to = at;
      for (; to > 0 && ranks[order[to - 1]!]! > ranks[item]!; to--) order[to] = order[to - 1]!;
      order[to] = item;
    }
    return order;
  }

  // Masks

  #drawMasks(): readonly (Mask | null)[] {
    const { groups } = this.#groups;
    if (groups.length === 0) return [];
    const pen = this.#pen;
    const drawables = this.#model.drawables.length;
    const counts = this.#model.raw.drawables.indexCounts;
    const covered = (indices: readonly number[]): Box => indices.map((i) => this.#pixelsOf(i)).reduce(around, nothing);
    const boxes = groups.map(({ masks, users }) => {
      const shown = users.filter((i) => i >= drawables || this.isVisible(i));
      if (shown.length === 0) return null;
      // What a layer will cover is not known yet.
      const needed = shown.some((i) => i >= drawables) ? this.#whole : covered(shown);
      return within(needed, covered(masks.filter((i) => counts[i]! > 0)));
    });
    pen.take(coverage);
    pen.ink('mask');
    return this.#pages.draw(pen, boxes, this.#canvas.width, this.#canvas.height, (group) => {
      // A mask counts by the alpha of its texture alone; whether it can be seen itself does not matter.
      for (const i of groups[group]!.masks) if (counts[i]! > 0) this.#drawMesh(i, counts[i]!);
    });
  }

  get #whole(): Box {
    return { left: 0, bottom: 0, right: this.#canvas.width, top: this.#canvas.height };
  }

  /** The pixels that a drawable may cover. */
  #pixelsOf(i: number): Box {
    const box = this.mesh.bounds(i);
    if (isEmpty(box)) return nothing;
    const { x, y, dx, dy } = this.#view;
    const { width, height } = this.#canvas;
    const across = [box.left, box.right].map((v) => (v * x + dx + 1) / 2 * width);
    const up = [box.bottom, box.top].map((v) => (v * y + dy + 1) / 2 * height);
    return within(this.#whole, {
      left: Math.floor(Math.min(...across)) - 1, right: Math.ceil(Math.max(...across)) + 1,
      bottom: Math.floor(Math.min(...up)) - 1, top: Math.ceil(Math.max(...up)) + 1,
    });
  }

  // Layers

  /** Puts the layer of what comes next on top: others are laid down before, and those that are missing begin. */
  #enter(offscreen: number): void {
    if ((this.#stack.at(-1)?.offscreen ?? -1) === offscreen) return;
    const { offscreens } = this.#model;
    const chain: number[] = [];
    for (let at = offscreen; at >= 0 && chain.length < offscreens.length; at = offscreens[at]!.into) chain.unshift(at);
    let shared = 0;
    while (shared < this.#stack.length && this.#stack[shared]!.offscreen === chain[shared]) shared++;
    while (this.#stack.length > shared) this.#layDown();
    for (const at of chain.slice(shared)) this.#begin(at);
  }

  #begin(offscreen: number): void {
    const gl = this.#gl;
    const depth = this.#stack.length;
    const target = this.#layers[depth] = atLeast(gl, this.#layers[depth], this.#canvas.width, this.#canvas.height);
    this.#stack.push({ offscreen, target, box: nothing });
    this.#pen.image(null);
    this.#bindTarget();
    this.#pen.limit(null);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  #layDown(): void {
    const { offscreen, target, box } = this.#stack.pop()!;
    this.#bindTarget();
    const { opacities, multiplyColors, screenColors } = this.#model.raw.offscreens!;
    if (isEmpty(box) || opacities[offscreen]! <= 0) return;
    const item = this.#model.drawables.length + offscreen;
    if (!this.#prepare(item, this.#looks[item]!, box)) return;
    const gl = this.#gl;
    this.#pen.colours(offscreen, opacities[offscreen]!, multiplyColors, screenColors);
    this.#pen.image(target.texture);
    this.#pen.cull(false);
    gl.bindVertexArray(this.#none);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.#pen.image(null);
    this.mesh.bind();
  }

  #bindTarget(): void {
    const gl = this.#gl;
    const layer = this.#stack.at(-1);
    gl.bindFramebuffer(gl.FRAMEBUFFER, layer ? layer.target.framebuffer : this.#canvas.framebuffer);
    gl.viewport(0, 0, this.#canvas.width, this.#canvas.height);
  }

  // Drawables

  #drawRun({ item, corners }: Run): void {
    const { drawables } = this.#model.raw;
    const plain = isPlain(drawables, item) ? this.#plain[item] : null;
    if (!this.#prepare(item, plain ?? this.#looks[item]!, null)) return;
    if (!plain) this.#pen.colours(item, drawables.opacities[item]!, drawables.multiplyColors, drawables.screenColors);
    this.#drawMesh(item, corners);
  }

  #drawMesh(i: number, corners: number): void {
    const { constantFlags, textureIndices } = this.#model.raw.drawables;
    const texture = this.#textures[textureIndices[i]!];
    if (!texture) return;
    this.#pen.cull((constantFlags[i]! & doubleSided) === 0);
    this.#pen.image(texture);
    this.mesh.draw(i, corners);
  }

  /**
   * Program, blending and mask of the next drawables, or of a layer.
   * @param pixels what it covers, where that is known.
   * @returns false if nothing of it can be seen.
   */
  #prepare(i: number, look: Look, pixels: Box | null): boolean {
    const pen = this.#pen;
    const { blend, inverted } = this.#items[i]!;
    const group = this.#groups.of[i]!;
    const mask = group === null ? null : this.#masks[group]!;
    if (group !== null && !mask && !inverted) return false;
    const parent = this.#stack.at(-1);
    let box = pixels;
    // A box costs a look at every vertex: only where something is done with it.
    if (parent || look.blend) box ??= this.#pixelsOf(i);
    if (mask && !inverted) box = box ? within(box, mask.box) : mask.box;
    if (box && isEmpty(box)) return false;
    if (parent && box) parent.box = around(parent.box, box);

    if (look.blend) this.#copyBelow(box!);
    pen.take(look);
    pen.ink(look.blend ? 'replace' : inkOf(blend.colour));
    pen.limit(box);
    if (look.masked) pen.mask(mask, inverted);
    return true;
  }

  /** Keeps what lies below for the shader, which cannot read what it draws into. */
  #copyBelow({ left, bottom, right, top }: Box): void {
    const gl = this.#gl;
    const had = this.#below;
    this.#below = atLeast(gl, had, this.#canvas.width, this.#canvas.height);
    if (this.#below !== had) this.#bindTarget();
    this.#pen.image(this.#below.texture);
    gl.copyTexSubImage2D(gl.TEXTURE_2D, 0, left, bottom, left, bottom, right - left, top - bottom);
    this.#pen.image(null);
    this.#pen.below(this.#below.texture);
  }
}
