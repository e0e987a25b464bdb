import { describe, expect, it } from 'vitest';
import { RecentSound } from '../../src/hearing/recentsound';
import { preRollBlocks } from '../../src/hearing/segmenter';

const block = (value: number): Int16Array<ArrayBuffer> => new Int16Array(512).fill(value);

/** Utterance, number, offset and first sample of each frame. */
const read = (frames: readonly ArrayBuffer[]): number[][] =>
  frames.map((frame) => new DataView(frame)).map((view) =>
    [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true), view.getInt16(16, true)]);

describe('recent sound', () => {
  it('keeps as many blocks as an utterance may begin with, and numbers what is sent of each utterance', () => {
    const sound = new RecentSound();
    for (let i = 0; i < 50; i++) sound.keep(block(i));
    expect(read(sound.frames(1, 99)).map(([, , , sample]) => sample))
      .toEqual(Array.from({ length: preRollBlocks + 1 }, (_, i) => 50 - preRollBlocks - 1 + i));
    sound.begin();
    expect(read(sound.frames(2, 2))).toEqual([[2, 0, 0, 48], [2, 1, 512, 49]]);
    sound.keep(block(50));
    expect(read(sound.frames(2, 1))).toEqual([[2, 2, 1_024, 50]]);
  });

  it('knows how loud it is and was, and how much came', () => {
    const sound = new RecentSound();
    sound.keep(block(32_767));
    sound.keep(block(1_036));
    expect([sound.level, sound.loudest, sound.heard]).toEqual([expect.closeTo(0.5, 2), expect.closeTo(1, 3), 64]);
  });

  it('is gone when the microphone is off, except for what it came to', () => {
    const sound = new RecentSound();
    sound.keep(block(32_767));
    sound.forget();
    expect([sound.frames(1, 9), sound.level, sound.loudest, sound.heard]).toEqual([[], 0, expect.closeTo(1, 3), 32]);
  });
});
