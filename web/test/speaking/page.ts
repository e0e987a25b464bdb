import type { MouthPose } from '../../src/avatar/lipsync';
import type { Position } from '../../src/protocol/messages';
import type { Playback, SoundReport, SoundState } from '../../src/protocol/speech';
import type { SpokenWord } from '../../src/speaking/lips';
import type { SoundMode } from '../../src/speaking/options';
import type { Sink } from '../../src/speaking/output';
import { startSpeaking } from '../../src/speaking/player';
import type { Sound } from '../../src/speaking/sound';
import type { ManualClock } from '../base/manualclock';
import { stage } from '../scene/rehearsal';
import { begins, ends, piece, rate, sine } from './sounds';
/** A loudspeaker that plays by a manual clock. */
class FakeSink implements Sink {
  readonly rate = 48_000;
  frames = 0;
  stopped = false;
  private played = 0;
  private since: number | null = null;
  private held: { readonly running: boolean } | null = null;

  constructor(private readonly clock: ManualClock, private readonly onChange: () => void) {}

  push(frames: Float32Array): void {
    this.heard();
    this.frames += frames.length;
  }

  go(): void {
    this.since = this.clock.now();
    this.onChange();
  }

  running(): boolean {
    this.heard();
    return this.since !== null;
  }

  pending(): number {
    return this.frames - this.heard();
  }

  heard(): number {
    if (this.since === null) return this.played;
    const now = this.clock.now();
    this.played = Math.min(this.frames, this.played + ((now - this.since) * this.rate) / 1_000);
    this.since = this.played === this.frames ? null : now;
    return this.played;
  }

  hold(on: boolean): void {
    this.heard();
    const was = this.held;
    this.held = on ? { running: this.since !== null } : null;
    this.since = on || was?.running !== true ? null : this.clock.now();
  }

  stop(): void {
    this.stopped = true;
  }
}

interface PageSetting {
  readonly state?: SoundState;
  readonly mode?: SoundMode;
  readonly isStarting?: boolean;
}

/** A page that plays by a manual clock, and all that it did. */
export function page({ state = 'on', mode = 'auto', isStarting = false }: PageSetting = {}) {
  const theatre = stage();
  const { clock, store } = theatre;
  const sinks: FakeSink[] = [];
  const sent: (Playback | SoundReport)[] = [];
  const mouths: (MouthPose | null)[] = [];
  const words: (SpokenWord | null)[] = [];
  const places: number[] = [];
  const spoken: Position[] = [];
  const heard: string[] = [];
  const ducked: number[] = [];
  const watchers = new Set<() => void>();
  let loud = state;
  let starting = isStarting;
  const sound: Sound = {
    state: () => loud,
    isStarting: () => starting && loud === 'blocked',
    choice: () => ({ muted: false, volume: 1 }),
    choose() {},
    duck: (gain) => void ducked.push(gain),
    prepare() {},
    open: (onChange) => {
      const sink = new FakeSink(clock, onChange);
      sinks.push(sink);
      return sink;
    },
    watch(see) {
      watchers.add(see);
      see();
      return () => void watchers.delete(see);
    },
    stop() {},
  };
  const speaking = startSpeaking({
    channel: 'default', mode, store, clock, now: clock.now, sound, synthesis: null,
    director: { mouth: (pose) => void mouths.push(pose as MouthPose | null) },
    decode: (file) => file.size > 2 ? Promise.resolve({ samples: sine(4_410), rate: 44_100 }) : Promise.reject(new Error('no sound')),
    send: (message) => {
      sent.push(message);
      return true;
    },
    onHeard: (position, { ms, chars }, whole) => {
      if (whole) spoken.push(position);
      heard.push(`${position.seq}: ${ms} ms, ${chars}${whole ? ', whole' : ''}`);
    },
    onWord: (word) => words.push(word), onPlace: (_, chars) => void places.push(chars),
  });
  speaking.connected();
  speaking.take({ type: 'voice', channel: 'default', on: true });
  return {
    ...theatre, sinks, sent, mouths, words, places, spoken, heard, ducked, speaking,
    speaker: (on = true) => speaking.take({ type: 'speaker', channel: 'default', on }),
    /** The loudspeaker has started, or has not within its time. */
    becomes(next: SoundState): void {
      loud = next;
      starting = false;
      for (const see of watchers) see();
    },
    /** A whole clause of a second. */
    say(clause: number, final: boolean, turn = 1, id = 'r'): void {
      speaking.take({ ...begins(clause), turn, reply: id });
      speaking.take(piece(clause, sine(rate), 0, turn));
      speaking.take({ ...ends(clause, final), turn });
    },
    events(): readonly string[] {
      return sent.flatMap((message) =>
        (message.type === 'playback' ? [`${message.event} ${message.clause} ${Math.round(message.played)}`] : []));
    },
  };
}
