import './hearing.css';
import type { Clock } from '../base/clock';
import type { MicReport, VadReport } from '../protocol/hearing';
import type { Listener, UserText } from '../protocol/talk';
import type { I18n } from '../base/i18n';
import type { TextStorage } from '../base/storage';
import type { Store } from '../scene/store';
import { startBrowserHearing } from './browser';
import { readChoice, writeChoice } from './choice';
import type { Hearing } from './contract';
import {
  afterChange, isHeldToTalk, newControl, step, usesBrowser, viewOf,
  type Control, type ControlEffect, type ControlEvent, type EngineName, type EngineNow,
} from './controlstate';
import { findControl, type ControlElements } from './controlview';
import { startHearing, type HearingOptions } from './listener';
import { startKeys } from './keys';
import { startMenu, type Menu } from './menu';
import { openMicrophone } from './microphone';
import { loadDetector } from './detector';
import { findRecognizers, isLocal, spokenTag, type Recognizers } from './recognizer';
import { wordsForHearing } from './hearingwords';

export interface HearingControlOptions extends Pick<HearingOptions, 'channel' | 'sendBytes' | 'pending' | 'duck'> {
  readonly page: Document;
  readonly i18n: I18n;
  readonly storage: TextStorage;
  readonly store: Store;
  readonly clock: Clock;
  readonly send: (message: MicReport | VadReport | UserText) => boolean;
}

export interface HearingControl {
  /**
   * What the companion of the channel can do. When neither it nor the browser recognizes speech, the microphone is off and out of
   * sight.
   */
  companion(listener: Listener): void;
  /** What the companion does. */
  turn(state: string): void;
  /** There is a connection (again), or there is none. */
  connected(on: boolean): void;
  /** The companion decided how loud the speech resumes. */
  ducked(gain: number): void;
  snapshot(): object;
  stop(): void;
}

/** The microphone on the page: its button, its options, and the words about what goes wrong. */
export const startHearingControl = (options: HearingControlOptions): HearingControl => new MicrophoneControl(options);

/** Carries out what {@link step} decides: with the engines that hear, the elements of the page and what it remembers. */
class MicrophoneControl implements HearingControl {
  private control: Control;
  private readonly recognizers: Recognizers | null;
  private readonly engines: { readonly own: Hearing; readonly browser: Hearing | null };
  private readonly elements: ControlElements;
  private readonly menu: Menu;
  private readonly ends: readonly (() => void)[];

  constructor(private readonly options: HearingControlOptions) {
    const { page, i18n, storage, store } = options;
    const words = wordsForHearing(i18n);
    this.recognizers = findRecognizers(window);
    this.control = newControl(readChoice(storage), this.recognizers !== null);
    this.elements = findControl(page, words);
    this.engines = { own: this.startOwn(), browser: this.recognizers === null ? null : this.startBrowser(this.recognizers) };
    this.menu = startMenu({
      page, words, choose: (part) => this.happen({ type: 'choose', part }), off: () => this.happen({ type: 'off' }),
    });
    this.ends = [
      this.listenToButton(),
      this.listenToKeys(),
      store.watch(({ speaking }) => this.all().forEach((each) => each.speaking(speaking !== null))),
      i18n.watch(() => {
        void this.probe();
        this.draw();
      }),
    ];
  }

  companion = (listener: Listener) => this.happen({ type: 'companion', listener });
  turn = (state: string) => this.happen({ type: 'turn', state });
  connected = (on: boolean) => this.happen({ type: 'connected', on });
  ducked = (gain: number) => this.happen({ type: 'ducked', gain });
  snapshot = () => ({ ...this.engine().snapshot(), shown: viewOf(this.control, this.now()).shown, browser: usesBrowser(this.control) });

  stop(): void {
    for (const end of this.ends) end();
    this.menu.stop();
    this.engine().off();
  }

  private happen(event: ControlEvent): void {
    const { state, effects } = step(this.control, event, this.now());
    this.control = state;
    for (const effect of effects) this.carryOut(effect);
  }

  private carryOut(effect: ControlEffect): void {
    switch (effect.type) {
      case 'engine':
        void this.engine(effect.engine)[effect.call]();
        break;
      case 'choose':
        for (const each of this.all()) each.choose(effect.choice);
        break;
      case 'connected':
        for (const each of this.all()) each.connected(effect.on);
        break;
      case 'remember':
        writeChoice(this.options.storage, effect.choice);
        break;
      case 'capture':
        this.elements.button.setPointerCapture(effect.pointer);
        break;
      case 'focus':
        this.elements[effect.on].focus();
        break;
      case 'draw':
        this.draw();
        break;
    }
  }

  private startOwn(): Hearing {
    const { options, elements, control } = this;
    return startHearing({
      ...options, choice: control.choice, open: openMicrophone, load: loadDetector, language: options.i18n.spoken,
      onChange: () => this.draw(), onLevel: elements.level,
    });
  }

  private startBrowser(recognizers: Recognizers): Hearing {
    return startBrowserHearing({
      ...this.options, choice: this.control.choice, recognizers, local: () => this.control.local, secure: isSecureContext,
      continuous: !navigator.userAgent.includes('Android'), language: () => this.language(), onChange: () => this.draw(),
    });
  }

  /** Calls back whenever the button or what belongs to it is used. */
  private listenToButton(): () => void {
    const ends = new AbortController();
    const { button, agree, dismiss } = this.elements;
    const listen = <K extends keyof HTMLElementEventMap>(
      element: HTMLElement, type: K, call: (event: HTMLElementEventMap[K]) => void,
    ): void => element.addEventListener(type, call, { signal: ends.signal });
    listen(button, 'click', ({ detail }) => this.happen({ type: 'click', byPointer: detail > 0 }));
    listen(button, 'pointerdown', (event) => this.happen({ type: 'down', button: event.button, pointer: event.pointerId }));
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      listen(button, type, () => this.happen({ type: 'up', how: 'pointer' }));
    }
    listen(button, 'contextmenu', (event) => {
      if (isHeldToTalk(this.now())) event.preventDefault();
    });
    listen(agree, 'click', () => this.happen({ type: 'agree' }));
    listen(dismiss, 'click', () => this.happen({ type: 'dismiss' }));
    return () => ends.abort();
  }

  private listenToKeys(): () => void {
    return startKeys({
      page: this.options.page, button: this.elements.button,
      wanted: () => this.control.visible && isHeldToTalk(this.now()),
      down: () => this.happen({ type: 'key' }),
      up: () => this.happen({ type: 'up', how: 'key' }),
      away: () => this.happen({ type: 'away' }),
    });
  }

  /** Asks the browser whether it recognizes the user's language on this computer. */
  private async probe(): Promise<void> {
    if (this.recognizers === null) return;
    const tag = this.language();
    const on = await isLocal(this.recognizers, tag);
    if (tag === this.language()) this.happen({ type: 'local', on });
  }

  private draw(): void {
    const now = this.now();
    this.control = afterChange(this.control, now);
    const view = viewOf(this.control, now);
    const { choice, interruptible } = this.control;
    this.elements.draw(view);
    this.menu.draw({
      choice, interruptible, mode: view.mode, on: view.shown !== 'off', devices: this.engine().devices(), browser: view.browser,
    });
  }

  private language(): string {
    return spokenTag(this.options.i18n.spoken(), navigator.languages);
  }

  private engine(name: EngineName = this.control.engine): Hearing {
    return name === 'browser' ? this.engines.browser! : this.engines.own;
  }

  private all(): readonly Hearing[] {
    const { own, browser } = this.engines;
    return browser === null ? [own] : [own, browser];
  }

  private now(): EngineNow {
    const engine = this.engine();
    return { state: engine.state(), mode: engine.settings().mode, notice: engine.notice() };
  }
}
