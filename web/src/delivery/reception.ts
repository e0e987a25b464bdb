import type { Clock } from '../base/clock';
import { asked, beginDelivery, gapped, lacks, numbered, positionOf, welcomed, type Delivery, type GapSeen, type Verdict } from './position';
import { isPosition, type Gap, type Hello, type Message, type Position, type Resume, type StageMessage } from '../protocol/messages';
import { isSpeech } from '../protocol/speech';
import { isTalk } from '../protocol/talk';
import type { TextStorage } from '../base/storage';
import type { Store } from '../scene/store';

/** Unanswered for this long, a question is asked again. */
export const answerWithin = 10_000;

/** What was missed is shown together; when no more of it comes for this long, what there is. */
export const replayPause = 1_000;

const gapsKept = 20;
const patience = 2;

export interface ReceptionOptions {
  readonly channel: string;
  readonly store: Store;
  readonly clock: Clock;
  /** Keeps the position over a reload. */
  readonly storage: TextStorage;
  readonly send: (message: Resume) => void;
  /** This connection does not say what is missing: a new one will. */
  readonly reconnect: () => void;
  /** A kept message has arrived; it is shown after this returns. */
  readonly onReceived: (position: Position) => void;
  readonly onGap: (gap: GapSeen) => void;
  /** Each hears of each message of a backend, after it was shown. */
  readonly notes: readonly ((message: StageMessage) => void)[];
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
  let delivery: Delivery = beginDelivery(readPositions(storage.read(name)));
  let written = delivery.positions;
  let held: StageMessage[] = [];
  let gaps: readonly GapSeen[] = [];
  let questions = 0;
  let askedAt = -Infinity;
  let movedAt = -Infinity;
  let cancel = (): void => {};

  const lately = (moment: number): boolean => clock.now() - moment < answerWithin;

  // Behind the showing: a page that dies in between shows a message again rather than never.
  const keep = (): void => {
    if (delivery.positions === written) return;
    written = delivery.positions;
    storage.write(name, JSON.stringify(written));
  };

  const note = (messages: readonly StageMessage[]): void => {
    for (const message of messages) for (const tell of notes) tell(message);
  };

  const showHeld = (): void => {
    cancel();
    const messages = held;
    held = [];
    if (messages.length > 0) store.happen({ type: 'catchUp', messages });
    note(messages);
  };

  const release = (): void => {
    showHeld();
    keep();
  };

  const hold = (message: StageMessage): void => {
    held.push(message);
    cancel();
    cancel = clock.after(replayPause, release);
  };

  const show = (message: StageMessage): void => {
    showHeld();
    store.happen({ type: 'message', message });
    keep();
    note([message]);
  };

  const move = (next: Delivery): void => {
    if (next.positions !== delivery.positions) {
      movedAt = clock.now();
      questions = 0;
    }
    delivery = next;
  };

  const ask = (to: number): void => {
    const position = positionOf(delivery);
    if (position === null || lately(askedAt)) return;
    if (questions >= patience) {
      questions = 0;
      reconnect();
      return;
    }
    askedAt = clock.now();
    questions++;
    send({ type: 'resume', channel, ...position });
    delivery = asked(delivery, to);
  };

  const remember = (from: number, to: number, reason: GapSeen['reason']): void => {
    const gap: GapSeen = { epoch: positionOf(delivery)?.epoch ?? '', from, to, reason, at: clock.now() };
    gaps = [...gaps, gap].slice(-gapsKept);
    onGap(gap);
  };

  const deliver = (message: StageMessage, position: Position, verdict: Verdict): void => {
    onReceived(position);
    if (verdict === 'missed') hold(message);
    else show(message);
    if (delivery.replay !== null) return;
    askedAt = -Infinity;
    if (verdict === 'missed') release();
  };

  const takeKept = (message: StageMessage, position: Position): void => {
    const { delivery: next, verdict } = numbered(delivery, position);
    if (verdict === 'had') return;
    if (verdict !== 'hole') {
      move(next);
      deliver(message, position, verdict);
      return;
    }
    ask(position.seq);
    if (delivery.replay !== null) delivery = asked(delivery, position.seq);
  };

  const takeGap = (gap: Gap): void => {
    const { delivery: next, verdict } = gapped(delivery, gap);
    if (verdict === 'hole') ask(gap.to);
    if (verdict === 'had' || verdict === 'hole') return;
    move(next);
    // One that misses nothing says only that the numbering goes on in another epoch.
    if (gap.from <= gap.to) remember(gap.from, gap.to, gap.reason);
    if (delivery.replay === null) release();
  };

  const takeTop = (top: number): void => {
    const waits = delivery.replay !== null && lately(movedAt);
    if (lacks(delivery, top) && !waits) ask(top);
  };

  return {
    take(message) {
      if (isSpeech(message) || isTalk(message)) return;
      switch (message.type) {
        case 'welcome':
          release();
          askedAt = -Infinity;
          questions = 0;
          movedAt = clock.now();
          delivery = welcomed(delivery, message.channels.get(channel));
          keep();
          return;
        case 'gap':
          if (message.channel === channel) takeGap(message);
          return;
        case 'ping':
          if (message.tops.has(channel)) takeTop(message.tops.get(channel)!);
          return;
        case 'bye':
        case 'error':
          return;
        default: {
          if ((message.channel ?? channel) !== channel) return;
          const { epoch, seq } = message;
          if (epoch !== undefined && seq !== undefined) takeKept(message, { epoch, seq });
          else if (held.length > 0) hold(message);
          else show(message);
        }
      }
    },
    resume() {
      const position = positionOf(delivery);
      return position === null ? {} : { resume: { [channel]: position } };
    },
    lost: release,
    position: () => positionOf(delivery),
    gaps: () => gaps,
    stop: () => cancel(),
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
