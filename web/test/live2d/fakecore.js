/* global Live2DCubismCore */
/*
 * A Cubism Core for tests, written for Kotodama: a plain script that sets the global of the real one. Its "moc" is a text: MOC3, one byte
 * for the version of the format, and JSON, which has no trace of the real format:
 *
 *   shape        5: render orders on the drawables; 6: render orders on the model, blend modes and offscreens
 *   canvas       { width, height, originX, originY, pixelsPerUnit }
 *   parameters   [{ id, min, max, default }]
 *   parts        [{ id, parent, opacity }]; parent is an index
 *   drawables    [{ id, part, texture, order, opacity, visible, flags, vertices, uvs, indices, masks, multiply, screen, blend, move, fade }]
 *                flags: 1 additive, 2 multiplicative, 4 double-sided, 8 inverted mask; blend: [colour, alpha] for shape 6;
 *                move: { parameter: [dx, dy for each vertex] } for each unit of the parameter from its default;
 *                fade: { parameter: [[value, opacity], ...] }, linear between the keys
 *   offscreens   [{ part, order, opacity, flags, masks, multiply, screen, blend }], shape 6
 *   refused      true: no moc is made; damaged: true: it is not consistent; noMemory: true: no model is made of it
 *   grows        true: the memory grows when a model is made of it, and the arrays of all earlier models are cut off
 */
var Live2DCubismCore = (function () { // oxlint-disable-line no-unused-vars
  const fake = { latest: 6, mocs: 0, models: 0, updates: 0, handlers: 0, reserved: [], log: null };
  const living = new Set();

  const say = (line) => {
    if (fake.log) fake.log(line);
  };

  class Moc {
    constructor(json) {
      this.json = json;
      fake.mocs++;
    }

    static fromArrayBuffer(bytes) {
      const json = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 5)));
      if (json.refused) {
        say('[CSM] [E] refused');
        return null;
      }
      return new Moc(json);
    }

    hasMocConsistency() {
      return this.json.damaged ? 0 : 1;
    }

    _release() {
      fake.mocs--;
    }
  }

  /** Hands out arrays in one piece of memory, which moves when the memory grows. */
  class Memory {
    constructor(bytes) {
      this.buffer = new ArrayBuffer(bytes);
      this.used = 0;
    }

    take(Kind, values) {
      const array = new Kind(this.buffer, this.used, values.length);
      this.used += Math.ceil((values.length * Kind.BYTES_PER_ELEMENT) / 8) * 8;
      array.set(values);
      return array;
    }
  }

  const ids = (list) => list.map(({ id }) => id);
  const quads = (list, key, rest) => list.flatMap((one) => (one[key] ?? rest));

  function masked(memory, list, six) {
    return {
      count: list.length,
      constantFlags: memory.take(Uint8Array, list.map((one) => one.flags ?? 0)),
      opacities: memory.take(Float32Array, list.map((one) => one.opacity ?? 1)),
      maskCounts: memory.take(Int32Array, list.map((one) => (one.masks ?? []).length)),
      masks: list.map((one) => memory.take(Int32Array, one.masks ?? [])),
      multiplyColors: memory.take(Float32Array, quads(list, 'multiply', [1, 1, 1, 1])),
      screenColors: memory.take(Float32Array, quads(list, 'screen', [0, 0, 0, 1])),
      ...six && { blendModes: memory.take(Int32Array, list.map((one) => (one.blend ?? [0, 0])[0] + ((one.blend ?? [0, 0])[1] << 8))) },
    };
  }

  class Model {
    static fromMoc({ json }) {
      if (json.noMemory) {
        say('[CSM] [E] no memory');
        return null;
      }
      if (json.grows) for (const model of living) structuredClone(model.memory.buffer, { transfer: [model.memory.buffer] });
      return new Model(json);
    }

    constructor(json) {
      const { canvas, parameters = [], parts = [], drawables = [], offscreens = [] } = json;
      const six = json.shape === 6;
      this.json = json;
      const memory = this.memory = new Memory(1024 + JSON.stringify(json).length * 64);
      this.canvasinfo = {
        CanvasWidth: canvas.width, CanvasHeight: canvas.height, CanvasOriginX: canvas.originX, CanvasOriginY: canvas.originY,
        PixelsPerUnit: canvas.pixelsPerUnit,
      };
      this.parameters = {
        count: parameters.length, ids: ids(parameters),
        minimumValues: memory.take(Float32Array, parameters.map(({ min }) => min)),
        maximumValues: memory.take(Float32Array, parameters.map(({ max }) => max)),
        defaultValues: memory.take(Float32Array, parameters.map((one) => one.default)),
        values: memory.take(Float32Array, parameters.map((one) => one.default)),
      };
      const owner = (part) => offscreens.findIndex((one) => one.part === part);
      this.parts = {
        count: parts.length, ids: ids(parts), opacities: memory.take(Float32Array, parts.map(({ opacity }) => opacity ?? 1)),
        parentIndices: memory.take(Int32Array, parts.map(({ parent }) => parent ?? -1)),
        ...six && { offscreenIndices: memory.take(Int32Array, parts.map((_, i) => owner(i))) },
      };
      this.drawables = {
        ...masked(memory, drawables, six), ids: ids(drawables),
        dynamicFlags: memory.take(Uint8Array, drawables.map(() => 0)),
        textureIndices: memory.take(Int32Array, drawables.map(({ texture }) => texture ?? 0)),
        vertexCounts: memory.take(Int32Array, drawables.map(({ vertices }) => vertices.length / 2)),
        vertexPositions: drawables.map(({ vertices }) => memory.take(Float32Array, vertices)),
        vertexUvs: drawables.map(({ uvs }) => memory.take(Float32Array, uvs)),
        indexCounts: memory.take(Int32Array, drawables.map(({ indices }) => indices.length)),
        indices: drawables.map(({ indices }) => memory.take(Uint16Array, indices)),
        parentPartIndices: memory.take(Int32Array, drawables.map(({ part }) => part ?? -1)),
        resetDynamicFlags: () => this.drawables.dynamicFlags.fill(0),
        ...!six && { renderOrders: memory.take(Int32Array, drawables.map(() => 0)) },
      };
      if (six) {
        this.offscreens = { ...masked(memory, offscreens, true), ownerIndices: memory.take(Int32Array, offscreens.map(({ part }) => part)) };
        this.renderOrders = memory.take(Int32Array, [...drawables, ...offscreens].map(() => 0));
        this.getRenderOrders = () => this.renderOrders;
      }
      living.add(this);
      fake.models++;
      this.update();
    }

    update() {
      fake.updates++;
      const { json, parameters } = this;
      const value = (id) => parameters.values[parameters.ids.indexOf(id)];
      (json.drawables ?? []).forEach((drawable, i) => {
        const positions = this.drawables.vertexPositions[i];
        positions.set(drawable.vertices);
        for (const [id, by] of Object.entries(drawable.move ?? {})) {
          const distance = value(id) - parameters.defaultValues[parameters.ids.indexOf(id)];
          by.forEach((delta, k) => { positions[k] += delta * distance; });
        }
        let opacity = drawable.opacity ?? 1;
        for (const [id, keys] of Object.entries(drawable.fade ?? {})) opacity *= between(keys, value(id));
        let left = this.parts.count;
        for (let at = drawable.part ?? -1; at >= 0 && left > 0; at = this.parts.parentIndices[at], left--) opacity *= this.parts.opacities[at];
        this.drawables.opacities[i] = opacity;
        this.drawables.dynamicFlags[i] |= 32 | (drawable.visible === false ? 0 : 1);
      });
      const all = [...json.drawables ?? [], ...json.offscreens ?? []];
      const ranks = all.map((_, i) => i).sort((a, b) => (all[a].order ?? 0) - (all[b].order ?? 0) || a - b);
      const orders = this.renderOrders ?? this.drawables.renderOrders;
      ranks.slice(0, orders.length).forEach((item, rank) => { orders[item] = rank; });
    }

    release() {
      living.delete(this);
      fake.models--;
    }
  }

  function between(keys, value) {
    const after = keys.findIndex(([at]) => at >= value);
    if (after === 0) return keys[0][1];
    if (after < 0) return keys[keys.length - 1][1];
    const [[a, from], [b, to]] = [keys[after - 1], keys[after]];
    return from + ((to - from) * (value - a)) / (b - a);
  }

  return {
    /** What tests look at and set. */
    fake,
    Version: { csmGetVersion: () => 0x06000000, csmGetLatestMocVersion: () => fake.latest },
    Logging: {
      csmSetLogFunction(log) {
        fake.handlers++;
        if (fake.handlers > 1) throw new Error('table index is out of bounds');
        fake.log = log;
      },
    },
    Memory: { initializeAmountOfMemory: (bytes) => fake.reserved.push(bytes) },
    Moc,
    Model,
  };
}());
