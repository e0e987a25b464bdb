/** A speech that is made quieter, and not louder again, is as loud as before after this many milliseconds. */
const longest = 60_000;

/**
 * How loud the speech is while the user speaks to the character, 0 to 1. The companion and the page's own microphone both decide, and what
 * the one says may be older than what the other has heard: the quieter one counts, until either lets it go on.
 */
export class Ducking {
  private told = 1;
  private heard = 1;
  private changed = 0;

  get gain(): number {
    return Math.min(this.told, this.heard);
  }

  tell(gain: number, now: number): void {
    this.told = gain;
    this.change(gain, now);
  }

  hear(gain: number, now: number): void {
    this.heard = gain;
    this.change(gain, now);
  }

  isForgotten(now: number): boolean {
    return this.gain < 1 && now - this.changed >= longest;
  }

  private change(gain: number, now: number): void {
    if (gain === 1) this.told = this.heard = 1;
    this.changed = now;
  }
}
