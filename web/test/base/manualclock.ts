import type { Clock } from '../../src/base/clock';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that moves only when it is told to; timers fire in order at their own time. */
export class ManualClock implements Clock {
  private time = 1_000_000;
  private timers: Timer[] = [];

  now = (): number => this.time;

  after = (ms: number, call: () => void): (() => void) => {
    const timer = { at: this.time + ms, call };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  };

  /** Milliseconds until each timer that is set. */
  get waits(): readonly number[] {
    return this.timers.map((timer) => timer.at - this.time);
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = next.at;
      next.call();
    }
    this.time = end;
  }
}
