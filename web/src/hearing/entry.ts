import type { Clock } from '../base/clock';
import type { Listener, TalkMessage } from '../protocol/talk';
import type { HearingControl } from './hearing';

export interface MicrophoneOptions {
  readonly channel: string;
  readonly clock: Pick<Clock, 'after'>;
  /** Whether the browser can recognise speech by itself. */
  readonly browserHears: boolean;
  /** Brings the microphone's controls, once somebody is there who is understood; null in views without controls. */
  readonly load: (() => Promise<HearingControl>) | null;
}

export interface Microphone {
  take(message: TalkMessage): void;
  /** There is a connection (again), or there is none. */
  connected(on: boolean): void;
  snapshot(): object;
  stop(): void;
}

const nobody: Listener = { on: false, hears: false, bargeIn: true };

/** After a new connection a companion that is still there is heard of within this. */
const announcedWithin = 2_000;

/** The place of the microphone, empty until there is somebody to listen. */
export function startMicrophone({ channel, clock, browserHears, load }: MicrophoneOptions): Microphone {
  let control: HearingControl | null = null;
  let loading = false;
  let online = false;
  let companion = nobody;
  let cancel = (): void => {};

  const meet = (now: Listener): void => {
    cancel();
    companion = now;
    if (control === null && now.on && (now.hears || browserHears)) void bring();
    control?.companion(now);
  };

  const bring = async (): Promise<void> => {
    if (load === null || loading) return;
    loading = true;
    try {
      control = await load();
      control.connected(online);
      control.companion(companion);
    } catch {
      // A server of another version has other files: the next companion is another attempt.
    } finally {
      loading = false;
    }
  };

  return {
    take(message) {
      if (message.type === 'answer' || message.channel !== channel) return;
      switch (message.type) {
        case 'companion':
          meet(message.on ? message : nobody);
          break;
        case 'turn':
          control?.turn(message.state);
          break;
        case 'duck':
          control?.ducked(message.gain);
          break;
        default:
      }
    },
    connected(on) {
      online = on;
      control?.connected(on);
      cancel();
      if (on && companion.on) cancel = clock.after(announcedWithin, () => meet(nobody));
    },
    snapshot: () => control?.snapshot() ?? { state: 'off' },
    stop() {
      cancel();
      control?.stop();
    },
  };
}
