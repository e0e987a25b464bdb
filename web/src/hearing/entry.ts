import type { Clock } from '../base/clock';
import { startLazy } from '../base/lazy';
import { startPresence } from '../link/presence';
import type { Message } from '../protocol/messages';
import { isTalk, type Listener } from '../protocol/talk';
import type { HearingControl } from './hearing';

export interface HearingPartOptions {
  readonly channel: string;
  readonly clock: Pick<Clock, 'after'>;
  /** Whether the browser can recognize speech by itself. */
  readonly browserHears: boolean;
  /** Loads the microphone's controls, once what the user says can be understood; null in views without controls. */
  readonly load: (() => Promise<HearingControl>) | null;
}

export interface HearingPart {
  take(message: Message): void;
  connected(): void;
  lost(): void;
  snapshot(): object;
  stop(): void;
}

const noCompanion: Listener = { on: false, hears: false, bargeIn: true };

/** The place of the microphone, empty until a companion or the browser understands speech. */
export function startHearingPart({ channel, clock, browserHears, load }: HearingPartOptions): HearingPart {
  let online = false;
  let companion = noCompanion;

  const control = startLazy(load, (loaded) => {
    loaded.connected(online);
    loaded.companion(companion);
  });
  const presence = startPresence(clock, () => meet(noCompanion));

  function meet(now: Listener): void {
    presence.announced(now.on);
    companion = now;
    if (now.on && (now.hears || browserHears)) control.fetch();
    control.part()?.companion(now);
  }

  return {
    take(message) {
      if (!isTalk(message) || message.type === 'answer' || message.channel !== channel) return;
      switch (message.type) {
        case 'companion':
          meet(message.on ? message : noCompanion);
          break;
        case 'turn':
          control.part()?.turn(message.state);
          break;
        case 'duck':
          control.part()?.ducked(message.gain);
          break;
        default:
      }
    },
    connected() {
      online = true;
      control.part()?.connected(true);
      presence.connected();
    },
    lost() {
      online = false;
      control.part()?.connected(false);
      presence.lost();
    },
    snapshot: () => control.part()?.snapshot() ?? { state: 'off' },
    stop() {
      presence.stop();
      control.part()?.stop();
    },
  };
}
