import type { CubismModel } from './model';
import { isEmpty, nothing, type Box } from './gl';

/** Vertices and triangles of all drawables in one buffer each: a frame uploads once and switches none. */
export class Mesh {
  readonly #gl: WebGL2RenderingContext;
  readonly #model: CubismModel;
  readonly #array: WebGLVertexArrayObject;
  readonly #buffers: readonly WebGLBuffer[];
  readonly #firstVertex: number[] = [];
  /** Where the triangles of each drawable begin, in the present arrangement. */
  readonly #firstIndex: number[] = [];
  readonly #positions: Float32Array;
  readonly #indices: Uint32Array;
  #arrangement: readonly number[] = [];

  constructor(gl: WebGL2RenderingContext, model: CubismModel) {
    this.#gl = gl;
    this.#model = model;
    const { drawables: d } = model.raw;
    let vertices = 0;
    let corners = 0;
    for (let i = 0; i < d.count; i++) {
      this.#firstVertex.push(vertices);
      vertices += d.vertexCounts[i]!;
      corners += d.indexCounts[i]!;
    }
    this.#positions = new Float32Array(vertices * 2);
    const uvs = new Float32Array(vertices * 2);
    this.#indices = new Uint32Array(corners);
    for (let i = 0; i < d.count; i++) {
      // Without triangles there may be no arrays behind the Core's addresses.
      if (d.indexCounts[i] === 0) continue;
      uvs.set(d.vertexUvs[i]!, this.#firstVertex[i]! * 2);
    }

    const buffer = (kind: number, data: ArrayBufferView<ArrayBuffer>, usage: number): WebGLBuffer => {
      const made = gl.createBuffer();
      gl.bindBuffer(kind, made);
      gl.bufferData(kind, data, usage);
      return made;
    };
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    const positions = buffer(gl.ARRAY_BUFFER, this.#positions as Float32Array<ArrayBuffer>, gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    const places = buffer(gl.ARRAY_BUFFER, uvs, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 2, gl.FLOAT, false, 0, 0);
    this.#buffers = [positions, places, buffer(gl.ELEMENT_ARRAY_BUFFER, this.#indices as Uint32Array<ArrayBuffer>, gl.DYNAMIC_DRAW)];
    gl.bindVertexArray(null);
  }

  bind(): void {
    this.#gl.bindVertexArray(this.#array);
  }

  /** All vertices: a Core marks all of them as changed at every update. */
  upload(): void {
    const gl = this.#gl;
    const { drawables: d } = this.#model.raw;
    for (let i = 0; i < d.count; i++) {
      if (d.indexCounts[i]! > 0) this.#positions.set(d.vertexPositions[i]!, this.#firstVertex[i]! * 2);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[0]!);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.#positions);
  }

  /**
   * Lays the triangles of the drawables one after another in this order, so that neighbours can be drawn by one call. The mesh must be
   * bound. Most frames have the order of the one before.
   */
  arrange(order: readonly number[]): void {
    if (order.length === this.#arrangement.length && order.every((i, k) => i === this.#arrangement[k])) return;
    this.#arrangement = [...order];
    const { drawables: d } = this.#model.raw;
    let at = 0;
    for (const i of order) {
      this.#firstIndex[i] = at;
      const first = this.#firstVertex[i]!;
      const count = d.indexCounts[i]!;
      const corners = count > 0 ? d.indices[i]! : [];
      for (let k = 0; k < count; k++) this.#indices[at + k] = corners[k]! + first;
      at += count;
    }
    this.#gl.bufferSubData(this.#gl.ELEMENT_ARRAY_BUFFER, 0, this.#indices);
  }

  /** Draws so many corners of triangles with what is bound, from those of a drawable on. */
  draw(i: number, corners: number): void {
    const gl = this.#gl;
    gl.drawElements(gl.TRIANGLES, corners, gl.UNSIGNED_INT, this.#firstIndex[i]! * 4);
  }

  /** Where the vertices of a drawable lie, in units of the model. */
  bounds(i: number): Box {
    const first = this.#firstVertex[i]! * 2;
    const end = this.#firstVertex[i + 1] === undefined ? this.#positions.length : this.#firstVertex[i + 1]! * 2;
    let { left, bottom, right, top } = nothing;
    for (let k = first; k < end; k += 2) {
      const x = this.#positions[k]!;
      const y = this.#positions[k + 1]!;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < bottom) bottom = y;
      if (y > top) top = y;
    }
    const box = { left, bottom, right, top };
    return isEmpty(box) ? nothing : box;
  }

  /** Whether a point, in units of the model, lies in a triangle of a drawable. */
  contains(i: number, x: number, y: number): boolean {
    const { drawables: d } = this.#model.raw;
    if (d.indexCounts[i] === 0) return false;
    const corners = d.indices[i]!;
    const first = this.#firstVertex[i]! * 2;
    const p = this.#positions;
    const side = (a: number, b: number): number => {
      const [ax, ay] = [p[first + a * 2]!, p[first + a * 2 + 1]!];
      return (p[first + b * 2]! - ax) * (y - ay) - (p[first + b * 2 + 1]! - ay) * (x - ax);
    };
    for (let k = 0; k + 2 < corners.length; k += 3) {
      const [a, b, c] = [corners[k]!, corners[k + 1]!, corners[k + 2]!];
      const [ab, bc, ca] = [side(a, b), side(b, c), side(c, a)];
      if ((ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0)) return true;
    }
    return false;
  }

  dispose(): void {
    this.#gl.deleteVertexArray(this.#array);
    for (const buffer of this.#buffers) this.#gl.deleteBuffer(buffer);
  }
}
