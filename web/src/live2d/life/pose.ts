import { list, number, record, text } from './reading';

interface PoseEntry {
  readonly id: string;
  readonly part: number;
  /** Parts that follow it. */
  readonly links: readonly number[];
}

interface PoseGroup {
  readonly entries: readonly PoseEntry[];
  shown: number;
}

const fadeSeconds = 0.5;

/**
 * How much of the background may shine through while one part takes the place of another; measured at the runtime that models are made for.
 */
const glimmer = 0.15;

/**
 * A pose3.json: of the parts of a group one is seen, for instance of two left arms. Motions say which by the value they give to a part's
 * id. The new part comes in a straight line; the old one goes no sooner than the new one covers it.
 */
export class Pose {
  private readonly fade: number;
  private readonly groups: readonly PoseGroup[];
  private readonly ids: ReadonlySet<string>;
  private started = false;
  /** Something still fades. */
  moving = false;

  constructor(json: unknown, places: ReadonlyMap<string, number>) {
    const file = record(json);
    this.fade = number(file.FadeInTime, fadeSeconds);
    if (this.fade < 0) this.fade = fadeSeconds;
    const place = (id: unknown): number[] => {
      const part = places.get(text(id));
      return part === undefined ? [] : [part];
    };
    this.groups = list(file.Groups).flatMap((group): PoseGroup[] => {
      const entries = list(group).flatMap((one): PoseEntry[] => {
        const { Id, Link } = record(one);
        return place(Id).map((part) => ({ id: text(Id), part, links: list(Link).flatMap(place) }));
      });
      return entries.length > 0 ? [{ entries, shown: 0 }] : [];
    });
    this.ids = new Set(this.groups.flatMap(({ entries }) => entries.map(({ id }) => id)));
  }

  /** Whether the pose decides about a part. */
  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Shows the first part of each group, from which the first wish leads away. */
  private start(opacities: Float32Array): void {
    this.started = true;
    for (const { entries } of this.groups) {
      entries.forEach(({ part, links }, at) => {
        for (const one of [part, ...links]) opacities[one] = at === 0 ? 1 : 0;
      });
    }
  }

  /** @param wishes What motions give to parts, by id; a part with more than nothing is wanted. */
  step(opacities: Float32Array, wishes: ReadonlyMap<string, number>, dt: number): void {
    this.moving = false;
    const passed = this.started ? dt : 0;
    if (!this.started) this.start(opacities);
    for (const group of this.groups) {
      const { entries } = group;
      const wanted = entries.findIndex(({ id }) => (wishes.get(id) ?? 0) > 0.001);
      if (wanted >= 0) group.shown = wanted;
      const top = entries[group.shown]!;
      const before = opacities[top.part]!;
      const now = Math.min(1, (before >= 0 ? before : 0) + (this.fade > 0 ? passed / this.fade : 1));
      opacities[top.part] = now;
      const under = now < 1 ? Math.max(1 - now, 1 - glimmer / (1 - now)) : 0;
      for (const entry of entries) {
        if (entry !== top && !(opacities[entry.part]! <= under)) opacities[entry.part] = under;
        for (const link of entry.links) opacities[link] = opacities[entry.part]!;
      }
      if (now < 1) this.moving = true;
    }
  }
}
