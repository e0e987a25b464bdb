import type { Clock } from '../base/clock';
import type { MicReport, VadReport, VoiceEvent } from '../protocol/hearing';
import type { Hearing, HearingChoice } from './contract';
import type { Block } from './downsampler';
import { newListening, settingsOf, stateOf, step, type Listening, type ListeningEffect, type ListeningEvent } from './listening';
import { MicrophoneRefusal, type Microphone, type OpenMicrophone } from './microphone';
import { RecentSound } from './recentsound';
import type { Detector } from './silero';

export type { Hearing, HearingChoice, HearingNotice, HearingState } from './contract';
export { mutedAfter } from './listening';
export { loudness } from './recentsound';

export interface HearingOptions {
  readonly channel: string;
  readonly clock: Clock;
  readonly choice: HearingChoice;
  readonly open: OpenMicrophone;
  readonly load: () => Promise<Detector>;
  /** Both return false when there is no connection. */
  readonly send: (message: MicReport | VadReport) => boolean;
  readonly sendBytes: (bytes: ArrayBuffer) => boolean;
  /** Bytes that the network has not taken yet. */
  readonly pending: () => number;
  /** Turns the character's own voice up and down. */
  readonly duck: (gain: number) => void;
  /** The language that is probably spoken. */
  readonly language: () => string;
  /** Something of this has changed. */
  readonly onChange: () => void;
  /** A block was heard. */
  readonly onLevel: (level: number) => void;
}

/** About two seconds of sound: on a network that is so far behind no conversation is possible. */
export const mostPending = 65_536;

/** A microphone from which nothing comes for this long does not work. */
export const silentAfter = 2_000;

/** When the companion has not decided about the character's voice within this, the voice resumes. */
export const decideWithin = 2_500;

/** Hears the user through the microphone and sends what is said, utterance by utterance. */
export const startHearing = (options: HearingOptions): Hearing => new Listener(options);

/** Carries out what {@link step} decides: with the microphone, the model, the connection and the clock. */
class Listener implements Hearing {
  private listening: Listening;
  private microphone: Microphone | null = null;
  private detector: Detector | null = null;
  private readonly sound = new RecentSound();
  /** Done when the last attempt to open the microphone is. */
  private opening = Promise.resolve();
  private unwait = (): void => {};
  private unwatch = (): void => {};

  constructor(private readonly options: HearingOptions) {
    this.listening = newListening(options.choice);
  }

  state = () => stateOf(this.listening);
  settings = () => settingsOf(this.listening);
  notice = () => this.listening.notice;
  devices = () => this.listening.devices;
  off = () => this.happen({ type: 'off' });
  dismiss = () => this.happen({ type: 'dismiss' });
  choose = (choice: HearingChoice) => this.happen({ type: 'choose', choice });
  press = () => this.happen({ type: 'press' });
  release = () => this.happen({ type: 'release' });
  connected = (on: boolean) => this.happen({ type: 'connected', on });
  speaking = (on: boolean) => this.happen({ type: 'speaking', on });
  decided = () => this.happen({ type: 'decided' });

  on(): Promise<void> {
    this.happen({ type: 'on' });
    return this.opening;
  }

  snapshot(): object {
    const { power, segmenter, notice } = this.listening;
    const { level, loudest, heard } = this.sound;
    return {
      state: power, phase: segmenter.phase, mode: segmenter.mode, utterance: segmenter.utterance, awaiting: segmenter.awaiting,
      notice, level, loudest, heard, device: this.microphone?.device ?? null,
    };
  }

  private happen(event: ListeningEvent): void {
    const { state, effects } = step(this.listening, event);
    this.listening = state;
    for (const effect of effects) this.carryOut(effect);
  }

  private carryOut(effect: ListeningEffect): void {
    const { options } = this;
    switch (effect.type) {
      case 'open':
        this.opening = this.open(effect.attempt, effect.device);
        break;
      case 'close':
        this.close();
        break;
      case 'prepare':
        void this.prepare().then(() => this.happen({ type: 'chosen', attempt: effect.attempt, report: effect.report }));
        break;
      case 'report':
        options.send({
          type: 'mic', channel: options.channel, state: effect.on ? 'on' : 'off', mode: effect.mode, lang: options.language(),
        });
        break;
      case 'watch':
        this.watch();
        break;
      case 'vad':
        this.tell(effect.utterance, effect.event);
        break;
      case 'sound':
        for (const frame of this.sound.frames(effect.utterance, effect.blocks)) options.sendBytes(frame);
        break;
      case 'duck':
        options.duck(effect.gain);
        break;
      case 'wait':
        this.wait(effect.on);
        break;
      case 'changed':
        options.onChange();
        break;
    }
  }

  private async open(attempt: number, device: string): Promise<void> {
    try {
      const opened = this.options.open({
        device,
        onBlock: (block) => {
          if (this.listening.attempt === attempt && this.listening.power === 'on') this.hear(block);
        },
        onEnded: () => this.happen({ type: 'failed', attempt, why: 'ended' }),
      });
      await Promise.allSettled([opened, this.prepare()]);
      const microphone = await opened;
      if (this.listening.attempt !== attempt) {
        microphone.stop();
        return;
      }
      this.microphone = microphone;
      this.happen({ type: 'opened', attempt, devices: await microphone.devices().catch(() => []) });
    } catch (error) {
      this.happen({ type: 'failed', attempt, why: error instanceof MicrophoneRefusal ? error.fault : 'failed' });
    }
  }

  private close(): void {
    this.unwatch();
    this.microphone?.stop();
    this.microphone = null;
    this.sound.forget();
  }

  /** The model is loaded when it is needed, once. */
  private async prepare(): Promise<void> {
    if (this.settings().mode === 'hands_free' && this.detector === null) {
      try {
        this.detector = await this.options.load();
      } catch {
        // The user is told, and talks by a button.
        this.happen({ type: 'model_failed' });
      }
    }
    this.detector?.reset();
    this.happen({ type: 'prepared' });
  }

  private hear(block: Block): void {
    this.sound.keep(block);
    this.happen({
      type: 'block', sounds: block.some((sample) => Math.abs(sample) > 1), room: this.options.pending() < mostPending,
      probability: this.listening.segmenter.mode === 'hands_free' ? this.detector?.probability(block) ?? null : null,
    });
    this.options.onLevel(this.sound.level);
  }

  private tell(utterance: number, event: VoiceEvent): void {
    if (event === 'start') this.sound.begin();
    this.options.send({ type: 'vad', channel: this.options.channel, utterance, event });
  }

  private watch(): void {
    const { attempt } = this.listening;
    this.unwatch();
    this.unwatch = this.options.clock.after(silentAfter, () => this.happen({ type: 'failed', attempt, why: 'silent' }));
  }

  private wait(on: boolean): void {
    this.unwait();
    this.unwait = on ? this.options.clock.after(decideWithin, () => this.happen({ type: 'waited' })) : () => {};
  }
}
