import { asked, beginDelivery, gapped, lacks, numbered, positionOf, welcomed, type Delivery } from '../delivery/position';
import type { ChannelWelcome, Gap, Position, StageMessage } from '../protocol/messages';

/** Unanswered for this long, a question is asked again. */
export const answerWithin = 10_000;

/** So many questions in a row that bring nothing are the connection's fault. */
const patience = 2;

/** What a page has of its channel, and how often it asked for the rest. Times are Unix milliseconds. */
export interface Intake {
  readonly delivery: Delivery;
  /** Questions since anything came. */
  readonly questions: number;
  readonly askedAt: number;
  /** When the position moved. */
  readonly movedAt: number;
}

interface Kept {
  readonly type: 'kept';
  readonly message: StageMessage;
  readonly position: Position;
}

export type IntakeEvent =
  | { readonly type: 'welcome'; readonly channel: ChannelWelcome | undefined }
  /** A kept message has arrived. */
  | Kept
  | { readonly type: 'gap'; readonly gap: Gap }
  /** The newest number of the channel. */
  | { readonly type: 'top'; readonly seq: number };

export type IntakeEffect =
  /** Shows a message now, or holds it until the rest of what was missed is there. */
  | { readonly type: 'show' | 'hold'; readonly message: StageMessage; readonly position: Position }
  /** Shows all that is held. */
  | { readonly type: 'release' }
  /** Tells of messages that will not come. */
  | { readonly type: 'missing'; readonly gap: Gap }
  /** Asks for everything after the position. */
  | { readonly type: 'ask' }
  /** This connection does not say what is missing: a new one will. */
  | { readonly type: 'reconnect' };

export interface IntakeStep {
  readonly intake: Intake;
  readonly effects: readonly IntakeEffect[];
}

export const beginIntake = (positions: readonly Position[]): Intake =>
  ({ delivery: beginDelivery(positions), questions: 0, askedAt: -Infinity, movedAt: -Infinity });

/** Decides what is shown when and what has to be asked for. */
export function step(intake: Intake, event: IntakeEvent, now: number): IntakeStep {
  const { delivery } = intake;
  switch (event.type) {
    case 'welcome':
      return { intake: { delivery: welcomed(delivery, event.channel), questions: 0, askedAt: -Infinity, movedAt: now }, effects: [] };
    case 'kept':
      return takeKept(intake, event, now);
    case 'gap':
      return takeGap(intake, event.gap, now);
    case 'top': {
      const waits = delivery.replay !== null && isRecent(intake.movedAt, now);
      return lacks(delivery, event.seq) && !waits ? ask(intake, event.seq, now) : { intake, effects: [] };
    }
  }
}

function takeKept(intake: Intake, { message, position }: Kept, now: number): IntakeStep {
  const { delivery, verdict } = numbered(intake.delivery, position);
  if (verdict === 'had') return { intake, effects: [] };
  if (verdict === 'hole') {
    const { intake: next, effects } = ask(intake, position.seq, now);
    return { intake: next.delivery.replay === null ? next : { ...next, delivery: asked(next.delivery, position.seq) }, effects };
  }
  const next = move(intake, delivery, now);
  const effects: IntakeEffect[] = [{ type: verdict === 'live' ? 'show' : 'hold', message, position }];
  if (delivery.replay !== null) return { intake: next, effects };
  if (verdict === 'missed') effects.push({ type: 'release' });
  return { intake: { ...next, askedAt: -Infinity }, effects };
}

function takeGap(intake: Intake, gap: Gap, now: number): IntakeStep {
  const { delivery, verdict } = gapped(intake.delivery, gap);
  if (verdict === 'hole') return ask(intake, gap.to, now);
  if (verdict === 'had') return { intake, effects: [] };
  const effects: IntakeEffect[] = [];
  // One that misses nothing says only that the numbering goes on in another epoch.
  if (gap.from <= gap.to) effects.push({ type: 'missing', gap });
  if (delivery.replay === null) effects.push({ type: 'release' });
  return { intake: move(intake, delivery, now), effects };
}

function ask(intake: Intake, to: number, now: number): IntakeStep {
  const { delivery, questions } = intake;
  if (positionOf(delivery) === null || isRecent(intake.askedAt, now)) return { intake, effects: [] };
  if (questions >= patience) return { intake: { ...intake, questions: 0 }, effects: [{ type: 'reconnect' }] };
  return { intake: { ...intake, delivery: asked(delivery, to), questions: questions + 1, askedAt: now }, effects: [{ type: 'ask' }] };
}

const move = (intake: Intake, delivery: Delivery, now: number): Intake =>
  delivery.positions === intake.delivery.positions ? { ...intake, delivery } : { ...intake, delivery, questions: 0, movedAt: now };

const isRecent = (moment: number, now: number): boolean => now - moment < answerWithin;
