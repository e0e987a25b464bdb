import { microphoneFrame } from '../protocol/hearing';
import { blockLength, hearingRate, type Block } from './downsampler';
import { preRollBlocks } from './segmenter';

/** How loud a block is to an ear: nothing at -60 dB, 1 at full swing. */
export function loudness(block: Block): number {
  let sum = 0;
  for (const sample of block) sum += sample * sample;
  return Math.max(0, Math.min(1, 1 + Math.log10(Math.sqrt(sum / block.length) / 32_768 + 1e-9) / 3));
}

/** The last blocks of the microphone, with which an utterance begins, and the numbers under which they are sent. */
export class RecentSound {
  private blocks: readonly Block[] = [];
  private count = 0;
  private number = 0;
  private offset = 0;
  private now = 0;
  private most = 0;

  /** Loudness of the last block, 0 to 1. */
  get level(): number {
    return this.now;
  }

  /** The greatest level that there was. */
  get loudest(): number {
    return this.most;
  }

  /** Milliseconds of sound that came, all in all. */
  get heard(): number {
    return (this.count * blockLength * 1_000) / hearingRate;
  }

  keep(block: Block): void {
    this.blocks = [...this.blocks.slice(-preRollBlocks), block];
    this.count++;
    this.now = loudness(block);
    this.most = Math.max(this.most, this.now);
  }

  /** The microphone is off: nothing of it may be sent later. */
  forget(): void {
    this.blocks = [];
    this.now = 0;
  }

  /** An utterance begins, and its numbers at nought. */
  begin(): void {
    this.number = 0;
    this.offset = 0;
  }

  /** The last `count` blocks as the hub wants them. */
  frames(utterance: number, count: number): readonly ArrayBuffer[] {
    return this.blocks.slice(-count).map((block) => {
      const frame = microphoneFrame(utterance, this.number++, this.offset, block);
      this.offset += block.length;
      return frame;
    });
  }
}
