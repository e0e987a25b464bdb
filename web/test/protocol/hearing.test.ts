import { describe, expect, it } from 'vitest';
import { microphoneFrame } from '../../src/protocol/hearing';

describe('a piece of what a microphone hears', () => {
  it('has the header of all sounds, and samples with the low byte first', () => {
    const frame = [...new Uint8Array(microphoneFrame(0x01020304, 5, 0x0a0b, Int16Array.of(1, -2, 0x1234)))];
    expect(frame).toEqual([0xa7, 2, 0, 0, 4, 3, 2, 1, 5, 0, 0, 0, 0x0b, 0x0a, 0, 0, 1, 0, 0xfe, 0xff, 0x34, 0x12]);
  });
});
