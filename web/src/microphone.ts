import type { HearingControl } from './hearing/hearing';
import type { HearingCue } from './hearwire';

export interface MicrophoneOptions {
  readonly channel: string;
  /** Brings the microphone's controls, once somebody is there who understands speech; null in views without controls. */
  readonly load: (() => Promise<HearingControl>) | null;
}

export interface Microphone {
  take(cue: HearingCue): void;
  /** There is a connection (again), or there is none. */
  connected(on: boolean): void;
  snapshot(): object;
  stop(): void;
}

/** The place of the microphone, empty until there is somebody to listen. */
export function startMicrophone({ channel, load }: MicrophoneOptions): Microphone {
  let control: HearingControl | null = null;
  let loading = false;
  let online = false;
  let hears = false;

  const bring = async (): Promise<void> => {
    if (load === null || loading) return;
    loading = true;
    try {
      control = await load();
      control.connected(online);
      control.companion(hears);
    } catch {
      // A server of another version has other files: the next companion is another attempt.
    } finally {
      loading = false;
    }
  };

  return {
    take(cue) {
      if (cue.channel !== channel) return;
      switch (cue.type) {
        case 'companion':
          hears = cue.on && cue.hears === true;
          if (control === null && hears) void bring();
          control?.companion(hears);
          break;
        case 'turn':
          control?.turn(cue.state);
          break;
        case 'duck':
          control?.ducked(cue.gain);
          break;
      }
    },
    connected(on) {
      online = on;
      control?.connected(on);
    },
    snapshot: () => control?.snapshot() ?? { state: 'off' },
    stop: () => control?.stop(),
  };
}
