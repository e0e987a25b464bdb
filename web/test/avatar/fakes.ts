import type { AvatarRenderer, HitArea } from '../../src/avatar/avatar';
import { startDirector, type Director, type DirectorOptions } from '../../src/avatar/director';
import type { Surroundings } from '../../src/avatar/environment';
import { parameters } from '../../src/avatar/parameters';

/** Chance that repeats: a small linear congruential generator. */
export function seeded(seed = 1): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Remembers what it was told to draw. */
export class FakeRenderer implements AvatarRenderer {
  readonly parameters = parameters;
  readonly values = new Map<string, number>();
  steps: number[] = [];
  mounted = 0;
  disposed = 0;
  area: HitArea | null = null;
  readonly own = null;

  mount(): void {
    this.mounted++;
  }

  set(id: string, value: number): void {
    this.values.set(id, value);
  }

  get(id: string): number {
    return this.values.get(id) ?? Number.NaN;
  }

  step(dtMs: number): boolean {
    this.steps.push(dtMs);
    return false;
  }

  place(): void {}

  hitTest(): HitArea | null {
    return this.area;
  }

  dispose(): void {
    this.disposed++;
  }
}

/** A director whose time passes only when a test says so. */
export class Scene {
  readonly renderer = new FakeRenderer();
  readonly director: Director;
  surroundings: Surroundings | null = null;
  hidden = false;
  calm = false;
  private ms = 0;
  private due: { at: number; callback: () => void } | null = null;

  constructor(options: DirectorOptions = {}, seed = 1) {
    this.director = startDirector({} as HTMLElement, this.renderer, {
      now: () => this.ms,
      random: seeded(seed),
      frame: (callback, afterMs) => {
        const due = { at: this.ms + Math.max(16, afterMs), callback };
        this.due = due;
        return () => {
          if (this.due === due) this.due = null;
        };
      },
      reducedMotion: () => this.calm,
      hidden: () => this.hidden,
      listen: (to) => {
        this.surroundings = to;
        return () => {
          this.surroundings = null;
        };
      },
      ...options,
    });
  }

  get waiting(): boolean {
    return this.due !== null;
  }

  /** Lets time pass, frame by frame; `see` looks at each frame. */
  run(ms: number, see: () => void = () => undefined): void {
    const end = this.ms + ms;
    while (this.due && this.due.at <= end) {
      const { at, callback } = this.due;
      this.due = null;
      this.ms = at;
      callback();
      see();
    }
    this.ms = end;
  }

  value(id: string): number {
    return this.renderer.get(id);
  }
}
