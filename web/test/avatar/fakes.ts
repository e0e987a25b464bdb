import type { AvatarRenderer, HitArea, OwnActs } from '../../src/avatar/avatar';
import { startDirector, type Director } from '../../src/avatar/director';
import type { Environment, Surroundings } from '../../src/avatar/environment';
import type { ModelManifest, Placement } from '../../src/avatar/manifest';
import type { MotionEnd, Priority } from '../../src/avatar/motionplayer';
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
  readonly parameters: AvatarRenderer['parameters'] = parameters;
  readonly values = new Map<string, number>();
  steps: number[] = [];
  mounted = 0;
  disposed = 0;
  area: HitArea | null = null;
  placement: Placement | null = null;
  /** What each step says: something still moves. */
  swings = false;

  constructor(readonly own: OwnActs | null = null) {}

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
    return this.swings;
  }

  place(placement: Placement): void {
    this.placement = placement;
  }

  hitTest(): HitArea | null {
    return this.area;
  }

  dispose(): void {
    this.disposed++;
  }
}

/** A model's acts: it writes down what it is told, and a motion ends when a test says so. */
export class FakeActs implements OwnActs {
  shown: readonly string[] = [];
  weight = Number.NaN;
  held: Readonly<Record<string, number>> = {};
  playing: { readonly name: string; readonly priority: Priority; readonly end: (result: MotionEnd) => void } | null = null;

  constructor(readonly expressions: readonly string[], readonly motions: readonly string[]) {}

  get busy(): boolean {
    return this.playing !== null;
  }

  express(names: readonly string[], weight: number): void {
    this.shown = names;
    this.weight = weight;
  }

  hold(values: Readonly<Record<string, number>>): void {
    this.held = values;
  }

  play(name: string, priority: Priority): Promise<MotionEnd> {
    this.stop();
    return new Promise((end) => {
      this.playing = { name, priority, end };
    });
  }

  stop(): void {
    this.end('interrupted');
  }

  end(result: MotionEnd): void {
    const { playing } = this;
    this.playing = null;
    playing?.end(result);
  }
}

/** A model's description with nothing in it but what a test says. */
export const manifestOf = (part: Partial<ModelManifest> = {}): ModelManifest => ({
  name: 'hiyori', title: 'Hiyori', kind: 'cubism', base: 'models/hiyori/', moc: 'hiyori.moc3', textures: [], physics: null, pose: null,
  expressions: [], motions: [], idle: [], eyeBlink: [], lipSync: [], hitAreas: [], layout: null, names: { parameters: {}, parts: {} },
  notes: {}, hotkeys: [], placement: null, emotions: {}, gestures: {}, touches: {}, ...part,
});

/** A director whose time passes only when a test says so. */
export class Scene {
  readonly renderer = new FakeRenderer();
  readonly director: Director;
  surroundings: Surroundings | null = null;
  hidden = false;
  calm = false;
  private ms = 0;
  private due: { at: number; callback: () => void } | null = null;

  constructor(options: Partial<Environment> = {}, seed = 1) {
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
