import type { PlaybackEvent } from '../protocol/speech';
import { isGrowing } from '../scene/scene';
import { Played, type PlayedPart } from './played';
import { lipsAt, rest, wordAt, type SpokenWord } from './lips';
import { outcome, progressed, type Ending, type Progress } from './progress';
import type { Shared } from './shared';
import { startTrack, type Track } from './track';
import type { Clause, Turn } from './turn';

/** Lips move before the sound is heard, and the character needs a moment for it. */
const anticipation = 35;

/** One speech while it plays: what has come of it, and how far it is heard. */
export interface Playing {
  readonly turn: Turn;
  readonly played: Played;
  readonly track: Track;
  /** The word that is said now. */
  word(): SpokenWord | null;
  /** Sound has come. */
  arrived(): void;
  /** The browser makes samples of the file of a clause. */
  decode(clause: Clause): void;
  /** It goes on in the loudspeaker, or without it. */
  move(): void;
  /** Moves lips and words to where the sound is; returns how the speech ended when it did. */
  tick(): Ending | null;
  /** Ends it, and says what was heard of its reply; `whole`: to the end. */
  end(ending: Ending): { readonly heard: PlayedPart | null; readonly whole: boolean };
}

/** @param before What was heard of the same reply in the speech before; null: nothing. */
export function startPlaying(turn: Turn, before: PlayedPart | null, shared: Shared): Playing {
  const { options, ducking, reports, state, onChange } = shared;
  const { now, director } = options;
  const played = new Played(turn, before);
  let word: SpokenWord | null = null;
  let over = false;
  let progress: Progress = { at: 0, movedAt: now() };
  reports.renew();

  /** What plays in the loudspeaker of the speaker counts as heard. */
  const counts = (): boolean => state().audible && state().speaker;

  const show = (next: SpokenWord | null): void => {
    if (next?.reply === word?.reply && next?.at === word?.at && next?.length === word?.length) return;
    word = next;
    options.onWord(next);
  };

  const tell = (event: PlaybackEvent, at: number): void => {
    const spot = turn.at(at);
    const { audible, speaker } = state();
    if (!over && spot !== null && (audible || (speaker && ducking.gain === 0))) reports.tell(event, turn, spot, played.reached(at, word));
  };

  const onEvent = (event: 'first' | 'failed' | 'underrun', at: number): void => {
    if (event !== 'first' || reports.begins()) tell(event, at);
    if (event === 'failed') played.fail(at);
  };

  const track = startTrack(turn, shared, show, onEvent);

  const arrived = (): void => {
    progress = { ...progress, movedAt: now() };
  };

  /** Lips and words at a moment of it. */
  const act = (at: number, paused: boolean): void => {
    const spot = turn.at(at);
    const clause = spot?.index ?? 0;
    for (let i = 0; i < clause - 1; i++) turn.clauses[i]!.forget();
    director.mouth(paused ? rest : lipsAt(turn, at + anticipation));
    if (spot?.clause.said.format !== 'browser') show(at > 0 ? wordAt(turn, at) ?? word : null);
    options.onPlace(turn.reply, played.reached(at, word));
    if (reports.isDue(clause, ducking.gain === 0)) tell('progress', at);
  };

  return {
    turn, played, track, arrived,
    word: () => word,
    decode: (clause) => void options.decode(clause.file()).then(
      ({ samples, rate }) => clause.decoded(samples, rate),
      () => {
        clause.decoded(new Int16Array(0), 0);
        onEvent('failed', turn.startOf(turn.clauses.indexOf(clause)));
      },
    ).finally(() => {
      if (over) return;
      arrived();
      onChange();
    }),
    move() {
      reports.moved(track.position() > 0);
      track.move();
      onChange();
    },
    tick() {
      const at = track.feed();
      const time = now();
      const paused = track.isPaused();
      // While its reply is written, a tool may run for longer than a speech may stand still.
      progress = progressed(progress, at, time, paused || isGrowing(options.store.scene(), turn.reply));
      if (counts()) played.hear(at, word);
      const ending = outcome(turn, progress, time, played.failed);
      if (ending === null) act(at, paused);
      return ending === 'done' && played.torn ? 'stopped' : ending;
    },
    end(ending) {
      const done = ending === 'done';
      const at = done ? turn.available : track.position();
      const heard = counts();
      if (heard) played.hear(at, word);
      tell(ending, at);
      over = true;
      track.stop();
      show(null);
      director.mouth(null);
      return { heard: played.total, whole: done && heard && !played.failed };
    },
  };
}
