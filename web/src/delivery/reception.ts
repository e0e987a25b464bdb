import { positionOf, type GapSeen } from './position';
import { beginIntake, takeGap, takeKept, takeTop, welcome, type Judged, type Outcome } from './intake';
import { isPosition, type Gap, type Hello, type Message, type Position, type Resume, type StageMessage } from '../protocol/messages';
import { startShowing, type ShowingOptions } from './showing';
import { isSpeech } from '../protocol/speech';
import { isTalk } from '../protocol/talk';
import type { TextStorage } from '../base/storage';

export { answerWithin } from './intake';
export { replayPause } from './showing';

const gapsKept = 20;

export interface ReceptionOptions extends Omit<ShowingOptions, 'keep'> {
  readonly channel: string;
  /** Keeps the position over a reload. */
  readonly storage: TextStorage;
  readonly send: (message: Resume) => void;
  /** This connection does not say what is missing: a new one will. */
  readonly reconnect: () => void;
  /** A kept message has arrived; it is shown after this returns. */
  readonly onReceived: (position: Position) => void;
  readonly onGap: (gap: GapSeen) => void;
}

export interface Reception {
  take(message: Message): void;
  /** What `hello` says about the last message that this page has. */
  resume(): Pick<Hello, 'resume'>;
  /** The connection is gone: what has come of a replay is shown now. */
  lost(): void;
  position(): Position | null;
  /** The latest ones, oldest first. */
  gaps(): readonly GapSeen[];
  stop(): void;
}

/** Takes what arrives for this channel to the stage: each kept message once and in order, or it says what is missing. */
export function startReception({ channel, store, clock, storage, send, reconnect, onReceived, onGap, notes }: ReceptionOptions): Reception {
  const name = `kotodama.position.${channel}`;
  let intake = beginIntake(readPositions(storage.read(name)));
  let written = intake.delivery.positions;
  let gaps: readonly GapSeen[] = [];

  const position = (): Position | null => positionOf(intake.delivery);

  // Behind the showing: a page that dies in between shows a message again rather than never.
  const keep = (): void => {
    const { positions } = intake.delivery;
    if (positions === written) return;
    written = positions;
    storage.write(name, JSON.stringify(positions));
  };

  const showing = startShowing({ store, clock, notes, keep });

  /** What is missing is asked for after the page's position. */
  const become = ({ intake: next, verdict }: Judged): Outcome => {
    intake = next;
    if (verdict === 'ask') send({ type: 'resume', channel, ...position()! });
    if (verdict === 'reconnect') reconnect();
    return verdict;
  };

  const kept = (message: StageMessage, at: Position): void => {
    const verdict = become(takeKept(intake, at, clock.now()));
    if (verdict !== 'live' && verdict !== 'missed') return;
    onReceived(at);
    if (verdict === 'live') return showing.show(message);
    showing.hold(message);
    if (intake.delivery.replay === null) showing.release();
  };

  const lose = (gap: Gap): void => {
    if (become(takeGap(intake, gap, clock.now())) !== 'live') return;
    const { from, to, reason } = gap;
    // One that misses nothing says only that the numbering goes on in another epoch.
    if (from <= to) {
      const seen: GapSeen = { epoch: position()?.epoch ?? '', from, to, reason, at: clock.now() };
      gaps = [...gaps, seen].slice(-gapsKept);
      onGap(seen);
    }
    if (intake.delivery.replay === null) showing.release();
  };

  return {
    take(message) {
      if (isSpeech(message) || isTalk(message)) return;
      switch (message.type) {
        case 'welcome':
          showing.release();
          intake = welcome(intake, message.channels.get(channel), clock.now());
          return keep();
        case 'gap':
          if (message.channel === channel) lose(message);
          return;
        case 'ping':
          if (message.tops.has(channel)) become(takeTop(intake, message.tops.get(channel)!, clock.now()));
          return;
        case 'bye':
        case 'error':
        case 'avatar':
          return;
        default: {
          if ((message.channel ?? channel) !== channel) return;
          const { epoch, seq } = message;
          if (epoch !== undefined && seq !== undefined) kept(message, { epoch, seq });
          else if (showing.holds()) showing.hold(message);
          else showing.show(message);
        }
      }
    },
    resume() {
      const stands = position();
      return stands === null ? {} : { resume: { [channel]: stands } };
    },
    lost: showing.release,
    position,
    gaps: () => gaps,
    stop: showing.stop,
  };
}

function readPositions(text: string | null): readonly Position[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isPosition).map(({ epoch, seq }) => ({ epoch, seq })) : [];
  } catch {
    return [];
  }
}
