import { describe, expect, it } from 'vitest';
import { answerWithin, beginIntake, step, type Intake, type IntakeEvent, type IntakeStep } from '../../src/delivery/intake';
import type { StageMessage } from '../../src/protocol/messages';
import { reply } from '../scene/play';

const kept = (seq: number, epoch = 'e1'): IntakeEvent =>
  ({ type: 'kept', message: { ...reply(`${epoch} ${seq}`), epoch, seq } as StageMessage, position: { epoch, seq } });
const welcome = (seq: number, missed = 0, epoch = 'e1'): IntakeEvent => ({ type: 'welcome', channel: { epoch, seq, missed } });
const top = (seq: number): IntakeEvent => ({ type: 'top', seq });
const gap = (from: number, to: number): IntakeEvent => ({ type: 'gap', gap: { type: 'gap', channel: 'left', from, to, reason: 'expired' } });
const has = (seq: number): Intake => beginIntake([{ epoch: 'e1', seq }]);

/** What a page does with each event, one millisecond after the other. */
function effects(intake: Intake, ...events: readonly IntakeEvent[]): readonly string[] {
  const done: string[] = [];
  events.reduce<Intake>((now, event, at) => {
    const next: IntakeStep = step(now, event, at);
    done.push(next.effects.map(({ type }) => type).join(' '));
    return next.intake;
  }, intake);
  return done;
}

describe('a page that has three messages', () => {
  it.each<[string, readonly IntakeEvent[], readonly string[]]>([
    ['shows the next one', [kept(4), kept(5)], ['show', 'show']],
    ['leaves out what it has', [kept(3), kept(1)], ['', '']],
    ['holds what it missed until all of it is there', [welcome(5, 2), kept(4), kept(5), kept(6)], ['', 'hold', 'hold release', 'show']],
    ['asks when one is missing, once', [kept(5), kept(6)], ['ask', '']],
    ['asks when the hub has a later one', [top(3), top(4)], ['', 'ask']],
    ['tells what will not come', [gap(4, 5), kept(6)], ['missing release', 'show']],
    ['asks when a gap begins later', [gap(5, 6)], ['ask']],
    ['has nothing to do with a gap that it has passed', [gap(2, 3)], ['']],
    ['shows what was missed when its rest will not come', [welcome(5, 2), kept(4), gap(5, 5)], ['', 'hold', 'missing release']],
  ])('%s', (_, events, expected) => {
    expect(effects(has(3), ...events)).toEqual(expected);
  });

  it('gives the connection up when two questions brought nothing, and asks again after that', () => {
    let intake = has(3);
    const asked: string[] = [];
    for (let now = 0; now < 4 * answerWithin; now += answerWithin) {
      const next = step(intake, kept(9), now);
      intake = next.intake;
      asked.push(next.effects.map(({ type }) => type).join(' '));
    }
    expect(asked).toEqual(['ask', 'ask', 'reconnect', 'ask']);
  });

  it('counts its questions anew when something came', () => {
    const asked = step(step(has(3), kept(9), 0).intake, kept(9), answerWithin).intake;
    expect(asked.questions).toBe(2);
    expect(step(asked, kept(4), answerWithin + 1).intake).toMatchObject({ questions: 0, movedAt: answerWithin + 1 });
  });

  it('does not ask while a replay is on its way', () => {
    const begun = step(has(3), welcome(9, 6), 0).intake;
    const moving = step(begun, kept(4), 100).intake;
    expect(step(moving, top(9), 100 + answerWithin - 1).effects).toEqual([]);
    expect(step(moving, top(9), 100 + answerWithin).effects).toEqual([{ type: 'ask' }]);
  });
});

it('a page that has nothing asks for nothing', () => {
  expect(effects(beginIntake([]), top(4), kept(9))).toEqual(['', 'show']);
});
