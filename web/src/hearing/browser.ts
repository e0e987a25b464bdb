import type { Clock } from '../base/clock';
import type { MicReport } from '../protocol/hearing';
import type { UserText } from '../protocol/talk';
import type { Hearing, HearingChoice } from './contract';
import type { SegmenterSettings } from './segmenter';
import type { Recognizer, Recognizers, Result } from './recognizer';
import {
  newRecognition, stateOf, step, type Circumstances, type Recognition, type RecognitionEffect, type RecognitionEvent,
} from './recognition';

export interface BrowserHearingOptions extends Circumstances {
  readonly channel: string;
  readonly clock: Clock;
  readonly choice: SegmenterSettings;
  readonly recognizers: Recognizers;
  /** Whether it is certain that the sound stays on this computer. */
  readonly local: () => boolean;
  /** The language that is spoken, with its region. */
  readonly language: () => string;
  /** Returns false when there is no connection. */
  readonly send: (message: MicReport | UserText) => boolean;
  /** Something of this has changed. */
  readonly onChange: () => void;
}

/** A guess that has not changed for this long is what was said: some browsers say so only when they are stopped. */
export const settledAfter = 2_000;

/** Hears the user with the browser's own recognition: what it understands is sent as text, guesses too. */
export const startBrowserHearing = (options: BrowserHearingOptions): Hearing => new BrowserHearing(options);

/** Carries out what {@link step} decides: with the browser's recognition, the connection and the clock. */
class BrowserHearing implements Hearing {
  private recognition: Recognition;
  private current: Recognizer | null = null;
  private unsettle = (): void => {};
  private unretry = (): void => {};

  constructor(private readonly options: BrowserHearingOptions) {
    this.recognition = newRecognition(options.choice, options);
  }

  state = () => stateOf(this.recognition);
  settings = () => this.recognition.choice;
  notice = () => this.recognition.notice;
  /** Browsers recognize the microphone of their own choice. */
  devices = () => [];
  off = () => this.happen({ type: 'off' });
  dismiss = () => this.happen({ type: 'dismiss' });
  choose = (choice: HearingChoice) => this.happen({ type: 'choose', choice });
  press = () => this.happen({ type: 'press' });
  release = () => this.happen({ type: 'release' });
  connected = (on: boolean) => this.happen({ type: 'connected', on });
  speaking = (on: boolean) => this.happen({ type: 'speaking', on });
  /** The hub alone decides how loud the character is while the browser recognizes: nothing waits for it here. */
  decided = () => {};

  on(): Promise<void> {
    this.happen({ type: 'on' });
    return Promise.resolve();
  }

  snapshot(): object {
    const { power, choice, notice, said, phrases } = this.recognition;
    return { state: power, mode: choice.mode, notice, said, phrases, language: this.options.language(), local: this.options.local() };
  }

  private happen = (event: RecognitionEvent): void => {
    const { state, effects } = step(this.recognition, event, this.options.clock.now());
    this.recognition = state;
    for (const effect of effects) this.carryOut(effect);
  };

  private carryOut(effect: RecognitionEffect): void {
    const { options } = this;
    const { channel, clock } = options;
    switch (effect.type) {
      case 'start':
        this.start(effect.run);
        break;
      case 'stop':
        this.current?.stop();
        break;
      case 'abort':
        this.current?.abort();
        break;
      case 'report':
        options.send({ type: 'mic', channel, state: effect.on ? 'on' : 'off', mode: effect.mode, lang: options.language() });
        break;
      case 'say':
        options.send({ type: 'user_text', channel, content: effect.text, lang: options.language(), spoken: true, final: effect.final });
        break;
      case 'settle':
        this.unsettle();
        if (effect.on) this.unsettle = clock.after(settledAfter, () => this.happen({ type: 'settled' }));
        break;
      case 'retry':
        this.unretry();
        if (effect.after !== null) this.unretry = clock.after(effect.after, () => this.happen({ type: 'retry' }));
        break;
      case 'changed':
        options.onChange();
        break;
    }
  }

  private start(run: number): void {
    const { options, happen } = this;
    const recognizer = new options.recognizers();
    const lang = options.language();
    const gap = /^(zh|ja)/.test(lang) ? '' : ' ';
    this.current = recognizer;
    recognizer.lang = lang;
    recognizer.continuous = options.continuous;
    recognizer.interimResults = true;
    if (options.local()) recognizer.processLocally = true;
    recognizer.onstart = () => happen({ type: 'started', run });
    recognizer.onresult = ({ results }) => happen({ type: 'result', run, phrases: Array.from(results, phraseOf), gap });
    recognizer.onerror = ({ error }) => happen({ type: 'error', run, error });
    recognizer.onend = () => happen({ type: 'ended', run });
    try {
      recognizer.start();
    } catch (error) {
      // Not a name that browsers give: the step calls it a failure.
      happen({ type: 'error', run, error: String(error) });
    }
  }
}

const phraseOf = (result: Result): { text: string; final: boolean } => ({
  text: (result[0]?.transcript ?? '').trim(), final: result.isFinal,
});
