import { createProgram, type Box, type Program } from './gl';
import { addCompatible, multiplyCompatible } from './model';
import type { View } from './view';
import { shadersOf, uniforms, type Look, type Uniform } from './shaders';

/** Where the coverage of a group lies in this picture. */
export interface Mask {
  readonly texture: WebGLTexture;
  readonly channel: number;
  /** The pixels of the picture that it is known for; it covers nothing outside. */
  readonly box: Box;
  /** From a pixel of the picture to its place in the texture. */
  readonly shift: readonly [number, number];
}

interface Tool extends Program<Uniform> {
  /** The picture whose view it has. */
  picture: number;
  opacity: number;
  /** Multiply, then screen. */
  readonly colours: Float32Array;
}

/** Adding, multiplying and mixing by the hardware, over colours that are premultiplied; `mask` adds coverage up as m + a - m a. */
export type Ink = 'normal' | 'add' | 'multiply' | 'replace' | 'mask';

export const inkOf = (colour: number): Ink => (colour === addCompatible ? 'add' : colour === multiplyCompatible ? 'multiply' : 'normal');

/** Units of textures: what is drawn, the mask, and what lies below. */
const imageUnit = 0;
const maskUnit = 1;
const belowUnit = 2;

/**
 * The state of a WebGL context while a picture is drawn, so that only what differs from one drawable to the next is told to the GPU: each
 * call costs about as much as a drawable of a few triangles.
 */
export class Pen {
  readonly #gl: WebGL2RenderingContext;
  readonly #tools = new Map<string, Tool>();
  #picture = 0;
  #view: View = { x: 1, y: 1, dx: 0, dy: 0 };
  #tool: Tool | null = null;
  #ink: Ink | null = null;
  #cull: boolean | null = null;
  #scissor: Box | null | undefined;
  readonly #textures: (WebGLTexture | null | undefined)[] = [];

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** Another picture: what others did with the context since the last one is forgotten. */
  begin(view: View): void {
    const gl = this.#gl;
    this.#picture++;
    this.#view = view;
    this.#tool = this.#ink = this.#cull = null;
    this.#scissor = undefined;
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.blendEquation(gl.FUNC_ADD);
    gl.colorMask(true, true, true, true);
    gl.cullFace(gl.BACK);
    // A mirrored model shows the other side of its triangles.
    gl.frontFace(view.x * view.y < 0 ? gl.CW : gl.CCW);
    gl.clearColor(0, 0, 0, 0);
    // What is drawn into must not be bound to be read.
    for (const unit of [belowUnit, maskUnit, imageUnit]) this.#bind(unit, null);
  }

  /** Takes the program of a look; compiled at the first use. */
  take(look: Look): void {
    const gl = this.#gl;
    const tool = this.compile(look);
    if (this.#tool !== tool) gl.useProgram(tool.program);
    this.#tool = tool;
    if (tool.picture === this.#picture) return;
    tool.picture = this.#picture;
    gl.uniform1i(tool.at.image, imageUnit);
    gl.uniform1i(tool.at.mask, maskUnit);
    gl.uniform1i(tool.at.below, belowUnit);
    gl.uniform4f(tool.at.view, this.#view.x, this.#view.y, this.#view.dx, this.#view.dy);
  }

  compile(look: Look): Tool {
    const key = `${look.source} ${look.masked} ${look.tinted} ${look.blend?.colour} ${look.blend?.alpha}`;
    let tool = this.#tools.get(key);
    if (!tool) {
      tool = { ...createProgram(this.#gl, ...shadersOf(look), uniforms), picture: 0, opacity: NaN, colours: new Float32Array(6).fill(NaN) };
      this.#tools.set(key, tool);
    }
    return tool;
  }

  ink(ink: Ink): void {
    if (this.#ink === ink) return;
    const gl = this.#gl;
    this.#ink = ink;
    if (ink === 'replace') {
      gl.disable(gl.BLEND);
      return;
    }
    gl.enable(gl.BLEND);
    if (ink === 'add') gl.blendFuncSeparate(gl.ONE, gl.ONE, gl.ZERO, gl.ONE);
    else if (ink === 'multiply') gl.blendFuncSeparate(gl.DST_COLOR, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.ONE);
    else gl.blendFunc(gl.ONE, ink === 'mask' ? gl.ONE_MINUS_SRC_COLOR : gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Whether triangles that show their back are left out. */
  cull(on: boolean): void {
    if (this.#cull === on) return;
    this.#cull = on;
    if (on) this.#gl.enable(this.#gl.CULL_FACE);
    else this.#gl.disable(this.#gl.CULL_FACE);
  }

  /** Draws only within these pixels; null: everywhere. */
  limit(box: Box | null): void {
    const gl = this.#gl;
    const before = this.#scissor;
    if (before === box) return;
    this.#scissor = box;
    if (box === null) {
      gl.disable(gl.SCISSOR_TEST);
      return;
    }
    if (!before) gl.enable(gl.SCISSOR_TEST);
    gl.scissor(box.left, box.bottom, box.right - box.left, box.top - box.bottom);
  }

  image(texture: WebGLTexture | null): void {
    this.#bind(imageUnit, texture);
  }

  /** What lies below, for looks that mix with it. */
  below(texture: WebGLTexture): void {
    this.#bind(belowUnit, texture);
  }

  /** null covers nothing. */
  mask(mask: Mask | null, inverted: boolean): void {
    const gl = this.#gl;
    const { at } = this.#tool!;
    this.#bind(maskUnit, mask?.texture ?? null);
    const box = mask?.box;
    gl.uniform4f(at.box, box?.left ?? 0, box?.bottom ?? 0, box?.right ?? 0, box?.top ?? 0);
    gl.uniform2f(at.shift, mask?.shift[0] ?? 0, mask?.shift[1] ?? 0);
    const channel = mask?.channel ?? -1;
    gl.uniform4f(at.channel, Number(channel === 0), Number(channel === 1), Number(channel === 2), Number(channel === 3));
    gl.uniform1f(at.inverted, Number(inverted));
  }

  /** Opacity, and the colours at index `i` of the Core's arrays; without arrays they change nothing. */
  colours(i: number, opacity: number, multiply: Float32Array | undefined, screen: Float32Array | undefined): void {
    const gl = this.#gl;
    const tool = this.#tool!;
    if (tool.opacity !== opacity) gl.uniform1f(tool.at.opacity, tool.opacity = opacity);
    const had = tool.colours;
    let same = true;
    for (let k = 0; k < 3; k++) {
      const m = multiply ? multiply[i * 4 + k]! : 1;
      const s = screen ? screen[i * 4 + k]! : 0;
      same = same && had[k] === m && had[3 + k] === s;
      had[k] = m;
      had[3 + k] = s;
    }
    if (same) return;
    gl.uniform3f(tool.at.multiply, had[0]!, had[1]!, had[2]!);
    gl.uniform3f(tool.at.screen, had[3]!, had[4]!, had[5]!);
  }

  /** Leaves a context that surprises no other code. */
  end(): void {
    this.cull(false);
    this.limit(null);
    this.ink('normal');
  }

  dispose(): void {
    for (const { program } of this.#tools.values()) this.#gl.deleteProgram(program);
    this.#tools.clear();
  }

  #bind(unit: number, texture: WebGLTexture | null): void {
    // Unit 0 is the active one between calls: uploads and new targets bind there, so that what is bound to it is never taken for known.
    const gl = this.#gl;
    if (unit !== imageUnit && this.#textures[unit] === texture) return;
    this.#textures[unit] = texture;
    if (unit !== imageUnit) gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    if (unit !== imageUnit) gl.activeTexture(gl.TEXTURE0);
  }
}
