import { Downsampler } from './downsampler';

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

registerProcessor('kotodama-capture', class extends AudioWorkletProcessor {
  private readonly downsampler = new Downsampler(sampleRate);

  process([input]: Float32Array[][]): boolean {
    const frames = input?.[0];
    if (frames !== undefined) for (const block of this.downsampler.push(frames)) this.port.postMessage(block, [block.buffer]);
    return true;
  }
});
