import type { Clock } from '../base/clock';
import { microphoneFrame, type MicReport, type VadReport } from '../protocol/hearing';
import { blockLength, hearingRate, type Block } from './downsampler';
import { newSegmenter, preRollBlocks, step, type SegmenterEvent, type SegmenterOrder, type SegmenterSettings } from './segmenter';
import { MicrophoneRefusal, type Device, type Microphone, type MicrophoneFault, type OpenMicrophone } from './microphone';
import type { Detector } from './silero';

/**
 * What a person is told: why it is off (a fault, `silent`, `ended`), why it hears nothing (`muted`) or not by itself (`detector`), why an utterance is lost
 * (`slow`, `long`, `cut`); of a browser's own recognition, why that does not work: its `service` is not there, it is `refused`, `taken` by another page, or does not know
 * the `language`.
 */
export type HearingNotice = MicrophoneFault | 'silent' | 'ended' | 'muted' | 'detector' | 'slow' | 'long' | 'cut' | 'service' | 'refused' | 'taken' | 'language';

export type HearingState = 'off' | 'starting' | 'listening' | 'hearing';

export interface HearingChoice extends SegmenterSettings {
  /** The microphone; empty when it does not matter. */
  readonly device: string;
}

export interface Hearing {
  state(): HearingState;
  /** Without the model only a button says when somebody speaks. */
  settings(): SegmenterSettings;
  notice(): HearingNotice | null;
  dismiss(): void;
  devices(): readonly Device[];
  on(): Promise<void>;
  off(): void;
  choose(choice: HearingChoice): void;
  press(): void;
  release(): void;
  /** There is a connection (again), or there is none. */
  connected(on: boolean): void;
  /** Whether the character speaks. */
  speaking(on: boolean): void;
  /** Somebody decided that the character's voice goes on. */
  decided(): void;
  snapshot(): object;
}

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

/** About two seconds of sound: whoever is so far behind cannot have a conversation. */
export const mostPending = 65_536;

/** A microphone from which nothing comes for this long does not work. */
export const silentAfter = 2_000;

/** A microphone that has given nothing but zeros for so long is muted; a gate against noise opens sooner for who speaks. */
export const mutedAfter = 5_000;

/** Nobody has decided about the character's voice for this long. */
export const decideWithin = 2_500;

const mutedBlocks = Math.ceil((mutedAfter * hearingRate) / 1_000 / blockLength);

/** Listens to a person and sends what is said, utterance by utterance. */
export function startHearing(options: HearingOptions): Hearing {
  const { channel, clock } = options;
  let choice = options.choice;
  let segmenter = newSegmenter(choice);
  let state: 'off' | 'starting' | 'on' = 'off';
  let notice: HearingNotice | null = null;
  let microphone: Microphone | null = null;
  let devices: readonly Device[] = [];
  let detector: Detector | null = null;
  let deafness: 'none' | 'failed' = 'none';
  let recent: Block[] = [];
  let [number, offset, level] = [0, 0, 0];
  let [blocks, loudest] = [0, 0];
  let sounded = false;
  let zeros = 0;
  let connected = false;
  /** Counts how often it was switched, so that what was asked for before is known to be late. */
  let attempt = 0;
  let unwait = (): void => {};
  let unwatch = (): void => {};

  const settings = (): SegmenterSettings => ({ mode: deafness === 'failed' ? 'push_to_talk' : choice.mode, bargeIn: choice.bargeIn });

  const tell = (on: boolean): void => {
    options.send({ type: 'mic', channel, state: on ? 'on' : 'off', mode: segmenter.mode, lang: options.language() });
  };

  const sound = (utterance: number, blocks: number): void => {
    for (const block of recent.slice(-blocks)) {
      options.sendBytes(microphoneFrame(utterance, number++, offset, block));
      offset += block.length;
    }
  };

  const obey = (order: SegmenterOrder): void => {
    switch (order.type) {
      case 'vad':
        if (order.event === 'start') {
          number = offset = 0;
          if (notice === 'slow' || notice === 'long' || notice === 'cut') notice = null;
        }
        options.send({ type: 'vad', channel, utterance: order.utterance, event: order.event });
        break;
      case 'sound':
        sound(order.utterance, order.blocks);
        break;
      case 'duck':
        options.duck(order.gain);
        break;
      case 'wait':
        unwait();
        unwait = order.on ? clock.after(decideWithin, () => happen({ type: 'waited' })) : () => {};
        break;
      case 'notice':
        notice = order.what;
        break;
    }
  };

  const happen = (event: SegmenterEvent): void => {
    const { phase } = segmenter;
    const next = step(segmenter, event);
    segmenter = next.segmenter;
    for (const order of next.orders) obey(order);
    if (segmenter.phase !== phase || next.orders.some(({ type }) => type === 'notice')) options.onChange();
  };

  const off = (why: HearingNotice | null): void => {
    attempt++;
    unwatch();
    microphone?.stop();
    microphone = null;
    if (state === 'on') {
      happen({ type: 'lost' });
      tell(false);
    }
    state = 'off';
    recent = [];
    level = 0;
    notice = why;
    options.onChange();
  };

  const watch = (): void => {
    unwatch();
    unwatch = clock.after(silentAfter, () => off('silent'));
  };

  const hear = (block: Block): void => {
    watch();
    recent = [...recent.slice(-preRollBlocks), block];
    level = loudness(block);
    blocks++;
    loudest = Math.max(loudest, level);
    notePeak(block);
    const probability = segmenter.mode === 'hands_free' ? detector?.probability(block) ?? null : null;
    // What nobody wants any more is waited out, connected or not.
    if (connected || segmenter.phase === 'over') happen({ type: 'block', probability, room: options.pending() < mostPending });
    options.onLevel(level);
  };

  /** Whether there has been any sound since it was switched on. */
  const notePeak = (block: Block): void => {
    if (sounded) return;
    sounded = block.some((sample) => Math.abs(sample) > 1);
    if (sounded && notice === 'muted') notice = null;
    else if (!sounded && ++zeros === mutedBlocks) notice ??= 'muted';
    else return;
    options.onChange();
  };

  /** The model is loaded when it is needed, once. */
  const listen = async (): Promise<void> => {
    if (settings().mode === 'hands_free' && detector === null) {
      try {
        detector = await options.load();
      } catch {
        deafness = 'failed';
        notice = 'detector';
      }
    }
    detector?.reset();
    happen({ type: 'settings', settings: settings() });
  };

  const on = async (): Promise<void> => {
    const mine = ++attempt;
    state = 'starting';
    notice = null;
    deafness = 'none';
    sounded = false;
    zeros = 0;
    options.onChange();
    try {
      const opened = options.open({
        device: choice.device,
        onBlock: (block) => {
          if (attempt === mine && state === 'on') hear(block);
        },
        onEnded: () => {
          if (attempt === mine) off('ended');
        },
      });
      await Promise.allSettled([opened, listen()]);
      const fresh = await opened;
      if (attempt !== mine) {
        fresh.stop();
        return;
      }
      microphone = fresh;
      devices = await fresh.devices().catch(() => []);
      if (attempt !== mine) return;
      state = 'on';
      watch();
      tell(true);
      options.onChange();
    } catch (error) {
      if (attempt === mine) off(error instanceof MicrophoneRefusal ? error.fault : 'failed');
    }
  };

  return {
    state: () => (state === 'on' ? (segmenter.phase === 'perhaps' || segmenter.phase === 'speech' ? 'hearing' : 'listening') : state),
    settings,
    notice: () => notice,
    dismiss() {
      notice = null;
      options.onChange();
    },
    devices: () => devices,
    on,
    off: () => off(null),
    choose(next) {
      const before = choice;
      choice = next;
      deafness = 'none';
      if (state !== 'off' && next.device !== before.device) {
        off(null);
        void on();
        return;
      }
      if (state === 'off') {
        happen({ type: 'settings', settings: settings() });
        options.onChange();
        return;
      }
      const mine = attempt;
      void listen().then(() => {
        if (attempt === mine && state === 'on' && next.mode !== before.mode) tell(true);
        options.onChange();
      });
    },
    press() {
      if (state === 'on' && connected) happen({ type: 'press' });
    },
    release: () => happen({ type: 'release' }),
    connected(now) {
      connected = now;
      if (!now) happen({ type: 'cut' });
      else if (state === 'on') tell(true);
    },
    speaking(speaks) {
      if (speaks !== segmenter.speaking) happen({ type: 'speaking', on: speaks });
    },
    decided: () => happen({ type: 'decided' }),
    snapshot: () => ({
      state, phase: segmenter.phase, mode: segmenter.mode, utterance: segmenter.utterance, awaiting: segmenter.awaiting, notice, level, loudest,
      heard: (blocks * blockLength * 1_000) / hearingRate, device: microphone?.device ?? null,
    }),
  };
}

/** How loud a block is to an ear: nothing at -60 dB, 1 at full swing. */
export function loudness(block: Block): number {
  let sum = 0;
  for (const sample of block) sum += sample * sample;
  return Math.max(0, Math.min(1, 1 + Math.log10(Math.sqrt(sum / block.length) / 32_768 + 1e-9) / 3));
}
