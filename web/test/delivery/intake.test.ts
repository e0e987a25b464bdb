import { describe, expect, it } from 'vitest';
import { answerWithin, beginIntake, takeGap, takeKept, takeTop, welcome, type Intake, type Judged } from '../../src/delivery/intake';

type Event = (intake: Intake, now: number) => Judged;

const kept = (seq: number): Event => (intake, now) => takeKept(intake, { epoch: 'e1', seq }, now);
const top = (seq: number): Event => (intake, now) => takeTop(intake, seq, now);
const gap = (from: number, to: number): Event =>
  (intake, now) => takeGap(intake, { type: 'gap', channel: 'left', from, to, reason: 'expired' }, now);
const missed = (seq: number, count: number, has = 3): Intake => welcome(having(has), { epoch: 'e1', seq, missed: count }, 0);
const having = (seq: number): Intake => beginIntake([{ epoch: 'e1', seq }]);

/** What a page makes of each event, one millisecond after the other. */
function verdicts(intake: Intake, ...events: readonly Event[]): readonly string[] {
  let now = intake;
  return events.map((event, at) => {
    const judged = event(now, at);
    now = judged.intake;
    return judged.verdict;
  });
}

describe('a page that has three messages', () => {
  it.each<[string, Intake, readonly Event[], readonly string[]]>([
    ['shows the next one', having(3), [kept(4), kept(5)], ['live', 'live']],
    ['leaves out what it has', having(3), [kept(3), kept(1)], ['had', 'had']],
    ['holds what it missed', missed(5, 2), [kept(4), kept(5), kept(6)], ['missed', 'missed', 'live']],
    ['asks when one is missing, once', having(3), [kept(5), kept(6)], ['ask', 'wait']],
    ['asks when the hub has a later one', having(3), [top(3), top(4)], ['had', 'ask']],
    ['is told what will not come', having(3), [gap(4, 5), kept(6)], ['live', 'live']],
    ['asks when a gap begins later', having(3), [gap(5, 6)], ['ask']],
    ['has nothing to do with a gap that it has passed', having(3), [gap(2, 3)], ['had']],
    ['needs no rest that will not come', missed(5, 2), [kept(4), gap(5, 5), kept(6)], ['missed', 'live', 'live']],
  ])('%s', (_, intake, events, expected) => {
    expect(verdicts(intake, ...events)).toEqual(expected);
  });

  it('gives the connection up when two questions brought nothing, and asks again after that', () => {
    let intake = having(3);
    const asked = [0, 1, 2, 3].map((time) => {
      const judged = kept(9)(intake, time * answerWithin);
      intake = judged.intake;
      return judged.verdict;
    });
    expect(asked).toEqual(['ask', 'ask', 'reconnect', 'ask']);
  });

  it('counts its questions anew when something came', () => {
    const asked = kept(9)(kept(9)(having(3), 0).intake, answerWithin).intake;
    expect(asked.questions).toBe(2);
    expect(kept(4)(asked, answerWithin + 1).intake).toMatchObject({ questions: 0, movedAt: answerWithin + 1 });
  });

  it('waits for all that came after its question, too', () => {
    expect(kept(9)(kept(6)(having(3), 0).intake, 1).intake.delivery.replay).toEqual({ to: 9, left: null });
  });

  it('asks at once again when all that it asked for has come', () => {
    const { intake } = kept(4)(kept(5)(having(3), 0).intake, 1);
    expect(kept(5)(intake, 2).intake.askedAt).toBe(-Infinity);
  });

  it('does not ask while a replay is on its way', () => {
    const moving = kept(4)(missed(9, 6), 100).intake;
    expect(top(9)(moving, 100 + answerWithin - 1).verdict).toBe('had');
    expect(top(9)(moving, 100 + answerWithin).verdict).toBe('ask');
  });
});

it('a page that has nothing asks for nothing', () => {
  expect(verdicts(beginIntake([]), top(4), kept(9))).toEqual(['had', 'live']);
});
