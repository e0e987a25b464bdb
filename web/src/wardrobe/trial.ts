import type { Act } from '../avatar/manifest';
import type { Rehearsal } from '../avatar/rehearsal';

/** What a user tries of a model: an act that grows piece by piece, seen on the stage. */
export interface Trial {
  /** Whether the model is on the stage; nothing can be tried of one that is not. */
  isLive(): boolean;
  /** What the user has put together. */
  shown(): Act;
  /** The motion that plays now. */
  playing(): string | null;
  toggle(expression: string): void;
  play(motion: string): void;
  /** null: the parameter is not held any more. */
  hold(id: string, value: number | null): void;
  /** Shows an act in the place of what is shown. */
  show(act: Act): void;
  /** Gives the stage back. */
  clear(): void;
  /** The model has left the stage: what was tried left with it. */
  lost(): void;
  /** Calls back after each change. */
  watch(see: () => void): void;
}

export function startTrial(rehearsal: Rehearsal, model: string): Trial {
  const watchers: (() => void)[] = [];
  let expressions: readonly string[] = [];
  let values: Readonly<Record<string, number>> = {};
  let motion: string | null = null;
  let playing: string | null = null;
  /** Counts what was played: the end of an earlier motion is not that of the last one, also of the same name. */
  let played = 0;

  const isLive = (): boolean => rehearsal.manifest?.name === model;
  const tell = (): void => {
    for (const see of watchers) see();
  };
  const forget = (): void => {
    [expressions, values, motion, playing] = [[], {}, null, null];
    played++;
  };

  const stand = (): void => {
    if (isLive()) rehearsal.show(expressions.length === 0 && Object.keys(values).length === 0 ? null : { expressions, parameters: values });
    tell();
  };

  const play = async (name: string): Promise<void> => {
    if (!isLive()) return;
    motion = playing = name;
    const mine = ++played;
    tell();
    await rehearsal.play(name);
    if (mine !== played) return;
    playing = null;
    tell();
  };

  return {
    isLive,
    shown: () => ({
      ...(expressions.length === 0 ? {} : { expressions }), ...(motion === null ? {} : { motion }),
      ...(Object.keys(values).length === 0 ? {} : { parameters: values }),
    }),
    playing: () => playing,
    toggle(name) {
      expressions = expressions.includes(name) ? expressions.filter((one) => one !== name) : [...expressions, name];
      stand();
    },
    play: (name) => void play(name),
    hold(id, value) {
      const rest = Object.fromEntries(Object.entries(values).filter(([name]) => name !== id));
      values = value === null ? rest : { ...rest, [id]: value };
      stand();
    },
    show(act) {
      forget();
      if (isLive()) rehearsal.stop();
      expressions = act.expressions ?? [];
      values = act.parameters ?? {};
      stand();
      if (act.motion !== undefined) void play(act.motion);
    },
    clear() {
      forget();
      if (isLive()) rehearsal.stop();
      stand();
    },
    lost() {
      forget();
      tell();
    },
    watch: (see) => void watchers.push(see),
  };
}
