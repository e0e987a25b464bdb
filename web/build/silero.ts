import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The model's tensors in the order of the file, and how many weights each has. Convolutions are written tap by tap, so that the page reads them in a row. */
const tensors = [
  { name: 'encoder.0.reparam_conv.weight', shape: [128, 129, 3] }, { name: 'encoder.0.reparam_conv.bias', shape: [128] },
  { name: 'encoder.1.reparam_conv.weight', shape: [64, 128, 3] }, { name: 'encoder.1.reparam_conv.bias', shape: [64] },
  { name: 'encoder.2.reparam_conv.weight', shape: [64, 64, 3] }, { name: 'encoder.2.reparam_conv.bias', shape: [64] },
  { name: 'encoder.3.reparam_conv.weight', shape: [128, 64, 3] }, { name: 'encoder.3.reparam_conv.bias', shape: [128] },
  { name: 'decoder.rnn.weight_ih', shape: [512, 128] }, { name: 'decoder.rnn.weight_hh', shape: [512, 128] },
  { name: 'decoder.rnn.bias_ih', shape: [512] }, { name: 'decoder.rnn.bias_hh', shape: [512] },
  { name: 'decoder.decoder.2.weight', shape: [1, 128, 1] }, { name: 'decoder.decoder.2.bias', shape: [1] },
] as const;

type Field = readonly [number, number | Uint8Array];

/** The fields of a protocol buffers message. */
function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if ((tag & 7) === 0) yield [tag >>> 3, varint()];
    else {
      const length = (tag & 7) === 2 ? varint() : (tag & 7) === 5 ? 4 : 8;
      yield [tag >>> 3, bytes.subarray(at, at += length)];
    }
  }
}

const inner = (bytes: Uint8Array, field: number): Uint8Array[] =>
  [...fields(bytes)].flatMap(([number, value]) => (number === field && typeof value !== 'number' ? [value] : []));

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** Finds the constants of a graph and of the graphs within it; the fields are those of onnx.proto. */
function constants(graph: Uint8Array, found = new Map<string, Uint8Array>()): Map<string, Uint8Array> {
  for (const node of inner(graph, 1)) {
    for (const attribute of inner(node, 5)) {
      for (const branch of inner(attribute, 6)) constants(branch, found);
      for (const tensor of inner(attribute, 5)) {
        const [raw] = inner(tensor, 9);
        if (raw !== undefined) found.set(text(inner(node, 2)[0]), raw);
      }
    }
  }
  return found;
}

/** The nearest number of half precision, as its bits. */
function half(value: number): number {
  const bits = new Uint32Array(new Float32Array([value]).buffer)[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  return sign | (Math.round((bits & 0x7fffffff) / 2 ** 13) - (112 << 10));
}

/** The weights of the Silero model for 16 kHz, in half precision. */
export function sileroWeights(model: Uint8Array): Uint16Array {
  const all = constants(inner(model, 7)[0]!);
  const parts = tensors.flatMap(({ name, shape: [rows, columns = 1, taps = 1] }) => {
    const raw = all.get(`If_0_then_branch__Inline_0__${name}`);
    if (raw?.length !== rows * columns * taps * 4) throw new Error(`The model of @ricky0123/vad-web is not the one that is known here: ${name}`);
    const values = new Float32Array(new Uint8Array(raw).buffer);
    return Array.from({ length: values.length }, (_, i) => {
      const [row, tap, column] = [Math.floor(i / (columns * taps)), Math.floor(i / columns) % taps, i % columns];
      return half(values[(row * columns + column) * taps + tap]!);
    });
  });
  return Uint16Array.from(parts);
}

/** Writes the weights where the page's build finds them; returns where. Several builds may run at once. */
export function writeSileroWeights(): string {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const target = here('../node_modules/.kotodama/silero.bin');
  const weights = new Uint8Array(sileroWeights(readFileSync(here('../node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx'))).buffer);
  if (existsSync(target) && readFileSync(target).equals(weights)) return target;
  mkdirSync(here('../node_modules/.kotodama'), { recursive: true });
  const fresh = `${target}.${process.pid}`;
  writeFileSync(fresh, weights);
  renameSync(fresh, target);
  return target;
}
