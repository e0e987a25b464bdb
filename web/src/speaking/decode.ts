export interface Decoded {
  readonly samples: Int16Array;
  readonly rate: number;
}

const rate = 44_100;

/** Decodes a file of any format that the browser knows; needs no permission to make a sound. */
export async function decodeFile(file: Blob): Promise<Decoded> {
  const buffer = await new OfflineAudioContext(1, 1, rate).decodeAudioData(await file.arrayBuffer());
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, i) => buffer.getChannelData(i));
  const samples = new Int16Array(buffer.length);
  for (let i = 0; i < samples.length; i++) {
    const mixed = channels.reduce((sum, channel) => sum + channel[i]!, 0) / channels.length;
    samples[i] = Math.max(-32_768, Math.min(32_767, Math.round(mixed * 32_767)));
  }
  return { samples, rate: buffer.sampleRate };
}
