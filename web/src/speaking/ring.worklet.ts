import { Ring, type RingOrder } from './ring';

declare const sampleRate: number;
declare const currentTime: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

registerProcessor('kotodama-ring', class extends AudioWorkletProcessor {
  readonly #ring = new Ring(sampleRate);

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<RingOrder>) => this.#ring.order(data);
  }

  process(_: unknown, [output]: Float32Array[][]): boolean {
    const block = output?.[0];
    if (block === undefined) return true;
    const report = this.#ring.fill(block, currentTime);
    if (report !== null) this.port.postMessage(report);
    return !this.#ring.over;
  }
});
