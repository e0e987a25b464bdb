import captureAddress from './capture.worklet.ts?worker&url';
import type { Block } from './downsampler';

/**
 * Why there is no microphone. `insecure`: the page came over an unsafe connection; `missing`: there is none; `busy`: another program
 * has it.
 */
export type MicrophoneFault = 'insecure' | 'denied' | 'missing' | 'busy' | 'failed';

export interface Device {
  readonly id: string;
  readonly name: string;
}

export interface Microphone {
  /** The device that is heard, and the others that there are. */
  readonly device: string;
  devices(): Promise<readonly Device[]>;
  stop(): void;
}

export interface MicrophoneOptions {
  /** The wanted device; empty when it does not matter. */
  readonly device: string;
  readonly onBlock: (block: Block) => void;
  /** The device is gone. */
  readonly onEnded: () => void;
}

/** Asks for the microphone; in vain it throws a {@link MicrophoneRefusal}. */
export type OpenMicrophone = (options: MicrophoneOptions) => Promise<Microphone>;

export class MicrophoneRefusal extends Error {
  constructor(readonly fault: MicrophoneFault) {
    super(fault);
  }
}

const faults: Readonly<Record<string, MicrophoneFault>> = {
  NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'missing', OverconstrainedError: 'missing',
  NotReadableError: 'busy', AbortError: 'busy',
};

export const faultOf = (error: unknown): MicrophoneFault => (error instanceof Error ? faults[error.name] : undefined) ?? 'failed';

/** The browser's microphone, without the echo of what the page plays. */
export const openMicrophone: OpenMicrophone = async ({ device, onBlock, onEnded }) => {
  // Browsers hide it from pages that came over plain http.
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (media === undefined || typeof AudioContext === 'undefined') throw new MicrophoneRefusal('insecure');
  const processing = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const audio = device === '' ? processing : { ...processing, deviceId: device };
  const stream = await media.getUserMedia({ audio }).catch((error: unknown) => {
    throw new MicrophoneRefusal(faultOf(error));
  });
  const context = new AudioContext({ latencyHint: 'interactive' });
  const [track] = stream.getAudioTracks();
  const stop = (): void => {
    for (const each of stream.getTracks()) each.stop();
    void context.close().catch(() => {});
  };
  try {
    await context.audioWorklet.addModule(captureAddress);
    const capture = new AudioWorkletNode(context, 'kotodama-capture', { outputChannelCount: [1] });
    capture.port.onmessage = ({ data }: MessageEvent<Block>) => onBlock(data);
    // It plays nothing, but some browsers run only what leads to the loudspeaker.
    context.createMediaStreamSource(stream).connect(capture).connect(context.destination);
    // Without any audio device a browser never says how that went; whether sound comes is watched anyway.
    void context.resume().catch(() => {});
  } catch {
    stop();
    throw new MicrophoneRefusal('failed');
  }
  track?.addEventListener('ended', onEnded);
  return {
    device: track?.getSettings().deviceId ?? '',
    async devices() {
      const all = await media.enumerateDevices();
      return all.flatMap(({ kind, deviceId, label }) => (kind === 'audioinput' && deviceId !== '' ? [{ id: deviceId, name: label }] : []));
    },
    stop() {
      track?.removeEventListener('ended', onEnded);
      stop();
    },
  };
};
