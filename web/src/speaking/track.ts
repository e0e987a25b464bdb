import type { SpokenWord } from './lips';
import type { Output } from './output';
import { openOutput, type OutputOptions } from './outputs';
import { frame } from './progress';
import type { Shared } from './shared';
import type { Turn } from './turn';

/** What plays a speech from its beginning to its end, one output after the other. */
export interface Track {
  /** Milliseconds of the speech that were played. */
  position(): number;
  isPaused(): boolean;
  start(): void;
  /** Plays what has come, in the next output where the one before ends; returns the position. */
  feed(): number;
  /** Pauses, or goes on exactly there. */
  hold(): void;
  /** Goes on in the loudspeaker, or without it. */
  move(): void;
  stop(): void;
}

export function startTrack(turn: Turn, shared: Shared, onWord: (word: SpokenWord) => void, onEvent: OutputOptions['onEvent']): Track {
  const { options: { sound, now, synthesis }, ducking, state, onChange } = shared;
  let output: Output | null = null;
  let over = false;

  const position = (): number => output?.position() ?? 0;

  /** Nothing of a speech is to be over before it is known whether it can be heard. */
  const isPaused = (): boolean => ducking.gain === 0 || (state().speaker && sound.isStarting());

  /** The loudspeaker has begun, or has nothing left. */
  const sinkChanged = (): void => {
    if (over || output === null) return;
    onEvent('first', position());
    onChange();
  };

  const open = (from: number, running: boolean): Output => openOutput({
    turn, from, running, now, synthesis, onWord, onEvent, held: isPaused(),
    volume: () => sound.choice().volume * Math.sqrt(ducking.gain || 1),
    sink: state().audible ? () => sound.open(sinkChanged) : null,
    onOver(next) {
      if (over) return;
      output = next ?? output;
      onChange();
    },
  });

  return {
    position, isPaused,
    start() {
      output ??= open(0, false);
    },
    feed() {
      output?.feed();
      let at = position();
      while (output !== null && at >= output.limit() - frame && at < turn.available) {
        output.stop();
        output = open(output.limit(), true);
        output.feed();
        at = position();
      }
      return at;
    },
    hold: () => output?.hold(isPaused()),
    move() {
      const at = position();
      output?.stop();
      output = open(at, at > 0);
    },
    stop() {
      over = true;
      output?.stop();
    },
  };
}
