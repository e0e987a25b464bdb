import { asked, beginDelivery, gapped, lacks, numbered, positionOf, welcomed, type Delivery, type Step, type Verdict } from './position';
import type { ChannelWelcome, Gap, Position } from '../protocol/messages';

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

/** What to do with what has arrived, or instead: `ask` for what is missing, `wait` for an answer, or `reconnect` because none comes. */
export type Outcome = Exclude<Verdict, 'hole'> | 'ask' | 'wait' | 'reconnect';

export interface Judged {
  readonly intake: Intake;
  readonly verdict: Outcome;
}

export const beginIntake = (positions: readonly Position[]): Intake =>
  ({ delivery: beginDelivery(positions), questions: 0, askedAt: -Infinity, movedAt: -Infinity });

/** The hub tells where the channel stands: nothing was asked yet on this connection. */
export const welcome = ({ delivery }: Intake, channel: ChannelWelcome | undefined, now: number): Intake =>
  ({ delivery: welcomed(delivery, channel), questions: 0, askedAt: -Infinity, movedAt: now });

/** A kept message has arrived. */
export function takeKept(intake: Intake, position: Position, now: number): Judged {
  const step = numbered(intake.delivery, position);
  const { intake: next, verdict } = judge(intake, step, position.seq, now);
  const { delivery } = next;
  if (step.verdict === 'had') return { intake, verdict };
  if (delivery.replay === null) return { intake: step.verdict === 'hole' ? next : { ...next, askedAt: -Infinity }, verdict };
  return { intake: step.verdict === 'hole' ? { ...next, delivery: asked(delivery, position.seq) } : next, verdict };
}

/** The hub says which numbers will not come. */
export const takeGap = (intake: Intake, gap: Gap, now: number): Judged => judge(intake, gapped(intake.delivery, gap), gap.to, now);

/** The hub tells the newest number; `had`: nothing is missing, or it is on its way. */
export function takeTop(intake: Intake, top: number, now: number): Judged {
  const { delivery, movedAt } = intake;
  const waits = delivery.replay !== null && isRecent(movedAt, now);
  return lacks(delivery, top) && !waits ? ask(intake, top, now) : { intake, verdict: 'had' };
}

function judge(intake: Intake, { delivery, verdict }: Step, to: number, now: number): Judged {
  if (verdict === 'hole') return ask(intake, to, now);
  const moves = delivery.positions !== intake.delivery.positions;
  return { intake: { ...intake, delivery, ...(moves && { questions: 0, movedAt: now }) }, verdict: verdict };
}

function ask(intake: Intake, to: number, now: number): Judged {
  const { delivery, questions, askedAt } = intake;
  if (positionOf(delivery) === null || isRecent(askedAt, now)) return { intake, verdict: 'wait' };
  if (questions >= patience) return { intake: { ...intake, questions: 0 }, verdict: 'reconnect' };
  return { intake: { ...intake, delivery: asked(delivery, to), questions: questions + 1, askedAt: now }, verdict: 'ask' };
}

const isRecent = (moment: number, now: number): boolean => now - moment < answerWithin;
