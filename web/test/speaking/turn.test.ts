import { describe, expect, it } from 'vitest';
import { lipsAt, wordAt } from '../../src/speaking/lips';
import { clockOutput } from '../../src/speaking/output';
import { Turn } from '../../src/speaking/turn';
import { begins, ends, marks, piece, rate, sine } from './sounds';

const second = (clause = 0) => piece(clause, sine(rate));

describe('a turn', () => {
  it('is one line of time over its clauses', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0));
    turn.audio(second());
    turn.start(begins(1, { rate: 16_000 }));
    turn.audio(piece(1, new Int16Array(8_000)));
    expect(turn.available).toBe(1_000);
    turn.end(ends(0));
    expect([turn.available, turn.complete]).toEqual([1_500, false]);
    expect([turn.at(999)?.index, turn.at(1_000)?.index, turn.at(1_200)?.ms, turn.at(9_000)?.ms]).toEqual([0, 1, 200, 500]);
    turn.end(ends(1));
    turn.end(ends(1, true));
    expect(turn.complete).toBe(true);
  });

  it('loses the rest of a clause after a hole, never a piece of its middle', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0));
    turn.audio(piece(0, sine(100)));
    turn.audio(piece(0, sine(100), 200));
    turn.audio(piece(0, sine(100), 100));
    expect(turn.clauses[0]!.samples()).toEqual(sine(100));
  });

  it('takes nothing for clauses that it does not know, twice, or of another kind', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(3));
    turn.start(begins(3));
    turn.start(begins(2));
    turn.audio(piece(2, sine(100)));
    turn.audio({ ...piece(3, sine(100)), kind: 'file' });
    turn.mark(marks(7, { words: [0, 0, 1] }));
    expect(turn.end(ends(9))).toBeNull();
    expect([turn.clauses.length, turn.available]).toEqual([1, 0]);
  });

  it('knows how long a text without sound takes', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0, { format: 'silent', rate: 0, text: 'Nice to meet you' }));
    expect(turn.available).toBeGreaterThan(800);
    turn.end(ends(0, true, { duration: 700 }));
    expect(turn.available).toBe(700);
    expect(lipsAt(turn, 300).open).toBeGreaterThan(0);
  });

  it('hands out a file to decode, and goes on when that is done', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0, { format: 'encoded', rate: 0 }));
    turn.audio({ ...piece(0, sine(10)), kind: 'file' });
    const clause = turn.end(ends(0, true))!;
    expect([clause.file().size, turn.complete]).toEqual([20, false]);
    clause.decoded(sine(4_410), 44_100);
    expect([turn.available, turn.complete]).toEqual([100, true]);
  });

  it('forgets what was heard, not how long it was', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0));
    turn.audio(second());
    turn.clauses[0]!.forget();
    expect([turn.available, turn.clauses[0]!.samples().length]).toEqual([1_000, 0]);
  });
});

describe('a page that is not heard', () => {
  function muted(running = false) {
    const turn = new Turn(1, 'r');
    turn.start(begins(0));
    let time = 5_000;
    const output = clockOutput({ turn, from: 0, until: Infinity, now: () => time, running });
    return { turn, output, wait: (ms: number) => (time += ms, output.position()) };
  }

  it('goes by the clock, from enough sound on', () => {
    const { turn, output, wait } = muted();
    expect(wait(500)).toBe(0);
    turn.audio(piece(0, sine(rate / 50)));
    output.feed();
    expect(wait(200)).toBe(0);
    turn.audio(piece(0, sine(rate), rate / 50));
    output.feed();
    expect([wait(0), wait(250), wait(33)]).toEqual([0, 250, 283]);
  });

  it('waits where the sound ends, and does not jump afterwards', () => {
    const { turn, output, wait } = muted();
    turn.audio(second());
    output.feed();
    expect(wait(3_000)).toBe(1_000);
    turn.audio(piece(0, sine(rate), rate));
    output.feed();
    expect([wait(0), wait(100)]).toEqual([1_000, 1_100]);
  });

  it('begins with a short clause when that is all', () => {
    const { turn, output, wait } = muted();
    turn.audio(piece(0, sine(100)));
    turn.end(ends(0, true));
    output.feed();
    expect(wait(100)).toBe(turn.available);
  });
});

describe('the lips', () => {
  it('open as wide as it is loud', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0));
    turn.audio(piece(0, Int16Array.from({ length: rate }, (_, i) => Math.sin(i / 8) * 14_000 * Math.sin((Math.PI * i) / rate))));
    const opens = [20, 100, 250, 500].map((ms) => lipsAt(turn, ms).open);
    expect(opens).toEqual([...opens].sort((a, b) => a - b));
    expect(opens.at(-1)).toBeGreaterThan(0.75);
    expect(lipsAt(turn, 999).open).toBeLessThan(0.05);
  });

  it('close where the speech ends, however loud it was', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0));
    turn.audio(second());
    expect(lipsAt(turn, 1_000).open).toBeGreaterThan(0.3);
    turn.end(ends(0, true));
    expect([lipsAt(turn, 1_000).open, lipsAt(turn, 1_030).open]).toEqual([0, 0]);
  });

  it('round for low sounds and spread for bright ones', () => {
    const form = (hertz: number): number => {
      const turn = new Turn(1, 'r');
      turn.start(begins(0));
      turn.audio(piece(0, sine(rate, 0, hertz)));
      return lipsAt(turn, 500).form;
    };
    expect(form(250)).toBeLessThan(-0.3);
    expect(form(2_500)).toBeGreaterThan(0.3);
  });

  it('take the shapes of the marks, as wide as it is loud', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0));
    turn.audio(piece(0, sine(rate)));
    turn.mark(marks(0, { visemes: [0, 200], shapes: 'AM' }));
    turn.mark(marks(0, { visemes: [400, 600], shapes: 'UI' }));
    const [a, m, u, i] = [100, 300, 500, 800].map((ms) => lipsAt(turn, ms));
    expect(a!.open).toBeGreaterThan(0.7);
    expect(m!.open).toBeLessThan(0.1);
    expect([u!.form < -0.5, i!.form > 0.5]).toEqual([true, true]);
    const turning = lipsAt(turn, 200).open;
    expect(turning).toBeLessThan(a!.open);
    expect(turning).toBeGreaterThan(m!.open);
  });

  it('survive marks of any kind', () => {
    const turn = new Turn(1, 'r');
    expect(lipsAt(turn, 0)).toEqual({ open: 0, form: 0 });
    turn.start(begins(0));
    turn.audio(piece(0, sine(rate)));
    turn.mark(marks(0, { visemes: [900, 5, 5, 1e15], shapes: 'z?漢A' }));
    for (let ms = -100; ms < 1_200; ms += 7) {
      const { open, form } = lipsAt(turn, ms);
      expect([open >= 0 && open <= 1, Math.abs(form) <= 1]).toEqual([true, true]);
    }
  });
});

describe('the word', () => {
  it('is the one that began last', () => {
    const turn = new Turn(1, 'r');
    turn.start(begins(0));
    turn.audio(second());
    turn.mark(marks(0, { words: [50, 0, 5, 400, 6, 3] }));
    expect([wordAt(turn, 20), wordAt(turn, 50), wordAt(turn, 399), wordAt(turn, 950)]).toEqual([
      null, { reply: 'r', at: 0, length: 5 }, { reply: 'r', at: 0, length: 5 }, { reply: 'r', at: 6, length: 3 },
    ]);
  });
});
