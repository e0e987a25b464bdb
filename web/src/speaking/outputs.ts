import { browserVoiceOutput } from './browservoice';
import type { SpokenWord } from './lips';
import { clockOutput, streamOutput, type Output, type Sink } from './output';
import type { Turn } from './turn';

export interface OutputOptions {
  readonly turn: Turn;
  readonly from: number;
  /** It was playing already, elsewhere. */
  readonly running: boolean;
  /** It pauses until it is told to go on. */
  readonly held: boolean;
  readonly now: () => number;
  readonly synthesis: SpeechSynthesis | null;
  readonly volume: () => number;
  /** A way to the loudspeaker; null where this page is not heard. */
  readonly sink: (() => Sink | null) | null;
  readonly onWord: (word: SpokenWord) => void;
  readonly onEvent: (event: 'first' | 'failed' | 'underrun', at: number) => void;
  /** A clause that the browser said is over, or goes on with another output. */
  readonly onOver: (next: Output | null) => void;
}

/** A browser says a clause from its beginning or not at all. */
const beginning = 50;

/** What plays from a moment on: by ear where this page is heard, by the clock everywhere else. */
export function openOutput(options: OutputOptions): Output {
  const output = choose(options);
  output.hold(options.held);
  return output;
}

function choose(options: OutputOptions): Output {
  const { turn, from, running, now, sink } = options;
  const spot = turn.at(from);
  if (sink !== null && spot?.clause.said.format === 'browser') {
    const start = turn.startOf(spot.index);
    const byClock = (): Output => clockOutput({ turn, from, until: start + spot.clause.ms, now, running });
    if (spot.ms >= beginning) return byClock();
    if ((options.synthesis?.getVoices().length ?? 0) > 0) return say(options, options.synthesis!, start, byClock);
    options.onEvent('failed', from);
    return byClock();
  }
  const open = sink?.() ?? null;
  if (open === null) return clockOutput({ turn, from, until: Infinity, now, running });
  return streamOutput({
    turn, from, until: () => turn.nextUtterance(from), sink: open, running, onUnderrun: (at) => options.onEvent('underrun', at),
  });
}

function say(
  { turn, now, volume, onWord, onEvent, onOver }: OutputOptions, synthesis: SpeechSynthesis, start: number, byClock: () => Output,
): Output {
  onEvent('first', start);
  return browserVoiceOutput({
    synthesis, clause: turn.at(start)!.clause, reply: turn.reply, start, volume: volume() ** 2, now, onWord,
    onEnd(heard) {
      if (!heard) onEvent('failed', start);
      onOver(heard ? null : byClock());
    },
  });
}
