import { positionFor, type Hush } from '../scene/scene';
import type { PlaybackEvent, SpeechMessage, SpeechStart } from '../protocol/speech';
import { Ducking } from './ducking';
import { Played } from './played';
import { lipsAt, rest, wordAt, type SpokenWord } from './lips';
import { openOutput } from './outputs';
import type { Output } from './output';
import type { Speaking, SpeakingOptions } from './options';
import { startReports } from './reports';
import { Turn } from './turn';

const step = 20;

/** Lips move before the sound is heard, and the character needs a moment for it. */
const anticipation = 35;

/** The last frame of a device is seldom the last sample of a speech. */
const frame = 1;

/** A voice that is told that it was not heard speaks in another way within this. */
const retryWithin = 1_000;

/** A turn of which nothing more comes for this long is over. */
const patience = 15_000;

/** Plays what the voice says: one line of time for sound, lips and words, whether this page is heard or not. */
export function startSpeaking(options: SpeakingOptions): Speaking {
  const { channel, mode, store, clock, now, director, sound, synthesis } = options;
  let turn: Turn | null = null;
  let output: Output | null = null;
  let speaker = false;
  let audible = false;
  /** Nothing of this turn is wanted any more. */
  let done = -1;
  /** The last turn that is over and of which nothing was missing. */
  let had: number | null = null;
  const reports = startReports(channel, now, options.send);
  let [reached, movedAt] = [0, 0];
  let played: Played | null = null;
  let online = false;
  /** The connection is gone: being the speaker ends with the turn. */
  let lent = false;
  let underruns = 0;
  const ducking = new Ducking();
  let word: SpokenWord | null = null;
  let hush: Hush | null = store.scene().hush;
  let soundTold: string | null = null;
  let cancel: (() => void) | null = null;

  /** Nothing of a speech is to be over before it is known whether it can be heard. */
  const paused = (): boolean => ducking.gain === 0 || (speaker && sound.isStarting());

  const tell = (event: PlaybackEvent, at: number): void => {
    const spot = turn?.at(at);
    if (turn === null || played === null || spot == null || !(audible || (speaker && ducking.gain === 0))) return;
    reports.tell(event, turn, spot, played.reached(at, word));
  };

  const first = (at: number): void => {
    if (reports.begins()) tell('first', at);
  };

  const showWord = (next: SpokenWord | null): void => {
    if (next?.reply === word?.reply && next?.at === word?.at && next?.length === word?.length) return;
    word = next;
    options.onWord(word);
  };

  const outputFrom = (playing: Turn, from: number, running: boolean): Output => openOutput({
    turn: playing, from, running, held: paused(), now, synthesis, volume: () => sound.choice().volume * Math.sqrt(ducking.gain || 1),
    sink: audible ? () => sound.open(() => heardOf(playing)) : null,
    onWord: showWord,
    onEvent(event, at) {
      if (event === 'first') first(at);
      else tell(event, at);
      if (event === 'underrun') underruns++;
      if (event === 'failed') played?.fail(at);
    },
    onOver(next) {
      if (turn !== playing) return;
      output = next ?? output;
      tick();
    },
  });

  /** The loudspeaker has begun, or has nothing left. */
  const heardOf = (playing: Turn): void => {
    if (turn !== playing || output === null) return;
    first(output.position());
    tick();
  };

  /** What was heard is not told yet when the next turn goes on with the same reply. */
  const finish = (event: 'done' | 'stopped', next: string | null = null): void => {
    if (turn === null || played === null) return;
    const over = turn;
    const at = event === 'done' ? over.available : output?.position() ?? 0;
    const isHeard = audible && speaker;
    const whole = event === 'done' && isHeard && !played.failed;
    if (isHeard) played.hear(at, word);
    const heard = next === over.reply ? null : played.total;
    tell(event, at);
    cancel?.();
    cancel = null;
    output?.stop();
    output = turn = null;
    done = over.id;
    had = played.torn ? null : over.id;
    showWord(null);
    director.mouth(null);
    const position = positionFor(store.scene(), over.reply);
    if (heard !== null && position !== null) options.onHeard(position, heard, whole);
    if (lent) speaker = lent = false;
    if (event === 'stopped' && next !== over.reply) duck(1);
    store.happen({ type: 'speech', reply: over.reply, on: false });
    retune();
  };

  const duck = (next: number, by: 'tell' | 'hear' = 'tell'): void => {
    const before = ducking.gain;
    ducking[by](next, now());
    if (ducking.gain === before) return;
    if (ducking.gain > 0) sound.duck(ducking.gain);
    output?.hold(paused());
    tick();
  };

  const tick = (): void => {
    cancel?.();
    cancel = null;
    if (ducking.isForgotten(now())) return duck(1);
    if (turn === null || played === null || output === null) return;
    output.feed();
    let at = output.position();
    while (at >= output.limit() - frame && at < turn.available) {
      output.stop();
      output = outputFrom(turn, output.limit(), true);
      output.feed();
      at = output.position();
    }
    const time = now();
    if (at > reached || paused()) movedAt = time;
    reached = at;
    if (audible && speaker) played.hear(at, word);
    if (turn.complete && at >= turn.available - frame && (!played.failed || time - movedAt > retryWithin)) return finish(played.torn ? 'stopped' : 'done');
    if (time - movedAt > patience) return finish('stopped');
    const spot = turn.at(at);
    for (const clause of turn.clauses.slice(0, Math.max(0, (spot?.index ?? 0) - 1))) clause.forget();
    director.mouth(paused() ? rest : lipsAt(turn, at + anticipation));
    if (spot?.clause.said.format !== 'browser') showWord(at > 0 ? wordAt(turn, at) ?? word : null);
    options.onPlace(turn.reply, played.reached(at, word));
    if (reports.isDue(spot?.index ?? 0, ducking.gain === 0)) tell('progress', at);
    cancel = clock.after(step, tick);
  };

  /** Whether this page is heard may have changed, in the middle of a word too. */
  const retune = (): void => {
    const state = sound.state();
    if (online && soundTold !== state && options.send({ type: 'sound', state })) soundTold = state;
    output?.hold(paused());
    const wanted = (speaker || mode === 'on') && state === 'on';
    if (wanted === audible) return;
    const at = output?.position() ?? 0;
    output?.stop();
    audible = wanted;
    if (turn === null) return;
    reports.moved(at > 0);
    output = outputFrom(turn, at, at > 0);
    tick();
  };

  const start = (message: SpeechStart): void => {
    if (message.turn === done) return;
    if (turn?.id !== message.turn) {
      const before = turn?.reply === message.reply ? played?.total : null;
      finish('stopped', message.reply);
      turn = new Turn(message.turn, message.reply);
      played = new Played(turn, before);
      reports.renew();
      reached = 0;
      movedAt = now();
    }
    turn!.start(message);
    output ??= outputFrom(turn!, 0, false);
    store.happen({ type: 'speech', reply: message.reply, on: true });
  };

  const end = (playing: Turn, message: SpeechMessage & { type: 'speech_end' }): void => {
    const clause = playing.end(message);
    if (clause === null) return;
    options.decode(clause.file()).then(
      ({ samples, rate }) => clause.decoded(samples, rate),
      () => {
        clause.decoded(new Int16Array(0), 0);
        const at = playing.startOf(playing.clauses.indexOf(clause));
        if (turn === playing) played?.fail(at);
        tell('failed', at);
      },
    ).finally(() => {
      if (turn !== playing) return;
      movedAt = now();
      tick();
    });
  };

  const take = (message: SpeechMessage): void => {
    if (message.type === 'audio') {
      if (turn?.id !== message.turn) return;
      turn.audio(message);
      movedAt = now();
      tick();
      return;
    }
    if (message.channel !== channel) return;
    switch (message.type) {
      case 'voice':
        store.happen({ type: 'voice', on: message.on });
        if (!message.on) return;
        synthesis?.getVoices();
        sound.prepare();
        return;
      case 'speaker':
        speaker = message.on;
        lent = false;
        retune();
        return;
      case 'duck':
        return duck(message.gain);
      case 'speech_start':
        start(message);
        break;
      case 'marks':
        if (turn?.id === message.turn) turn.mark(message);
        break;
      case 'speech_end':
        if (turn?.id === message.turn) end(turn, message);
        break;
      case 'speech_stop':
        if (turn?.id === message.turn) finish('stopped');
        else if (turn === null) done = message.turn;
        return;
    }
    if (turn?.id === message.turn) tick();
  };

  const unwatchSound = sound.watch(retune);
  const unwatch = store.watch((scene) => {
    if (scene.hush === hush) return;
    hush = scene.hush;
    if (turn !== null && hush !== null && (hush.reply === null || hush.reply === turn.reply)) finish('stopped');
  });

  return {
    take,
    connected() {
      online = true;
      soundTold = null;
      duck(1);
      // The server says anew whether there is one.
      store.happen({ type: 'voice', on: false });
      retune();
    },
    lost() {
      online = false;
      lent = turn !== null;
      speaker &&= lent;
      if (played !== null && turn?.complete === false) played.torn = true;
      turn?.cut();
      tick();
    },
    duck: (next) => duck(next, 'hear'),
    isHeard: () => audible,
    has() {
      const whole = turn === null ? had : turn.complete && played?.torn === false ? turn.id : null;
      return whole === null ? {} : { speech: { [channel]: whole } };
    },
    snapshot() {
      const at = output?.position() ?? 0;
      const spot = turn?.at(at) ?? null;
      return {
        state: turn === null ? 'idle' : at > 0 ? 'speaking' : 'waiting',
        turn: turn?.id ?? null, reply: turn?.reply ?? null, clause: spot?.clause.said.clause ?? null,
        position: Math.round(at), clausePosition: Math.round(spot?.ms ?? 0), word, underruns, speaker, audible, gain: ducking.gain, sound: sound.state(),
        voice: store.scene().voice,
      };
    },
    stop() {
      cancel?.();
      unwatch();
      unwatchSound();
      output?.stop();
    },
  };
}
