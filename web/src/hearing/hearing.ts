import './hearing.css';
import type { Clock } from '../base/clock';
import type { MicReport, VadReport } from '../protocol/hearing';
import type { Listener, UserText } from '../protocol/talk';
import { type I18n, label } from '../base/i18n';
import type { TextStorage } from '../base/storage';
import type { Store } from '../scene/store';
import { startBrowserHearing } from './browser';
import { readChoice, writeChoice, type RememberedChoice } from './choice';
import { startHearing, type Hearing, type HearingOptions } from './listener';
import { startKeys } from './keys';
import { startMenu } from './menu';
import { openMicrophone } from './microphone';
import { loadDetector } from './detector';
import { findRecognizers, isLocal, spokenTag } from './recognizer';
import { wordsForHearing, type HearingKey } from './hearingwords';

export interface HearingControlOptions extends Pick<HearingOptions, 'channel' | 'sendBytes' | 'pending' | 'duck'> {
  readonly page: Document;
  readonly i18n: I18n;
  readonly storage: TextStorage;
  readonly store: Store;
  readonly clock: Clock;
  readonly send: (message: MicReport | VadReport | UserText) => boolean;
}

export interface HearingControl {
  /** Who is there to talk with. When nobody understands what is spoken, nor the browser does, the microphone is off and out of sight. */
  companion(listener: Listener): void;
  /** What the companion does. */
  turn(state: string): void;
  /** There is a connection (again), or there is none. */
  connected(on: boolean): void;
  /** The companion decided how loud the speech goes on. */
  ducked(gain: number): void;
  snapshot(): object;
  stop(): void;
}

type Shown = 'off' | 'starting' | 'listening' | 'hearing' | 'transcribing';

/** The microphone on the page: its button, its options, and the words about what goes wrong. */
export function startHearingControl({ page, i18n, storage, store, ...options }: HearingControlOptions): HearingControl {
  const $ = <E extends HTMLElement>(selector: string): E => page.querySelector<E>(selector)!;
  const [box, button, word, state] = [$('#ear'), $<HTMLButtonElement>('#ear-button'), $('#ear-word'), $('#announce-ear')];
  const [notice, reason, agree] = [$('#ear-notice'), $('#ear-reason'), $<HTMLButtonElement>('#ear-agree')];
  const words = wordsForHearing(i18n);
  const ends = new AbortController();
  let choice = readChoice(storage);
  let transcribing = false;
  /** How the press that holds now began; null: nobody holds. */
  let holding: 'pointer' | 'key' | 'tap' | null = null;

  const own: Hearing = startHearing({
    ...options, choice, open: openMicrophone, load: loadDetector, language: i18n.spoken, onChange: () => draw(),
    onLevel: (level) => box.style.setProperty('--level', level.toFixed(2)),
  });
  const recognizers = findRecognizers(window);
  const language = (): string => spokenTag(i18n.spoken(), navigator.languages);
  const browser: Hearing | null = recognizers === null ? null : startBrowserHearing({
    ...options, choice, recognizers, local: () => local, secure: isSecureContext, continuous: !navigator.userAgent.includes('Android'), language, onChange: () => draw(),
  });
  const engines = browser === null ? [own] : [own, browser];
  let engine = own;
  let hears = false;
  let interruptible = true;
  /** Whether the browser is known to understand speech without telling anybody. */
  let local = false;
  /** Whether a person is being asked if the browser may. */
  let asking = false;

  const throughBrowser = (): boolean => browser !== null && (choice.browser || !hears);
  const mayBegin = (): boolean => !throughBrowser() || choice.browser || local;

  /** Whoever listened stops when another one is to. */
  const pick = (): void => {
    const next = throughBrowser() ? browser! : own;
    const goesOn = next !== engine && engine.state() !== 'off';
    if (next !== engine || !mayBegin()) engine.off();
    engine = next;
    if (goesOn && mayBegin()) void engine.on();
  };

  const begin = (): void => {
    asking = !mayBegin();
    if (!asking) void engine.on();
    draw();
    if (asking) agree.focus();
  };

  const probe = async (): Promise<void> => {
    if (recognizers === null) return;
    const tag = language();
    const now = await isLocal(recognizers, tag);
    if (tag !== language() || now === local) return;
    local = now;
    draw();
  };

  const choose = (part: Partial<RememberedChoice>): void => {
    choice = { ...choice, ...part };
    writeChoice(storage, choice);
    drop();
    pick();
    apply();
  };

  /** Who may not be interrupted by the companion's settings is not by the page's either. */
  const apply = (): void => {
    for (const each of engines) each.choose({ ...choice, bargeIn: choice.bargeIn && interruptible });
  };

  const menu = startMenu({ page, words, choose, off: () => engine.off() });

  const byHand = (): boolean => engine.settings().mode === 'push_to_talk';
  const isOn = (): boolean => engine.state() === 'listening' || engine.state() === 'hearing';

  const hold = (how: 'pointer' | 'key' | 'tap'): void => {
    if (holding !== null) return;
    holding = how;
    engine.press();
  };

  function drop(how: 'pointer' | 'key' | null = null): void {
    if (holding === null || (how !== null && holding !== how)) return;
    holding = null;
    engine.release();
  }

  const shown = (): Shown => (engine.state() === 'listening' && transcribing ? 'transcribing' : engine.state());

  const saying = (now: Shown): HearingKey => (now === 'listening' && byHand() ? (choice.tap ? 'readyTap' : 'ready') : now);

  function draw(): void {
    const now = shown();
    if (now === 'off' || now === 'starting') holding = null;
    const said = words(saying(now));
    box.dataset['state'] = now;
    box.dataset['mode'] = engine.settings().mode;
    button.setAttribute('aria-pressed', String(byHand() ? now === 'hearing' : now !== 'off'));
    label(button, words(now === 'off' ? 'turnOn' : byHand() ? (choice.tap ? 'tap' : 'hold') : 'turnOff'));
    if (word.textContent !== said) word.textContent = said;
    // A blind person knows when she speaks; what is told is what she cannot know.
    if (now !== 'hearing' && state.textContent !== said && (now !== 'off' || state.textContent !== '')) state.textContent = said;
    asking &&= now === 'off' && !mayBegin();
    const fault = engine.notice();
    notice.hidden = fault === null && !asking;
    notice.toggleAttribute('data-asks', asking);
    agree.hidden = !asking;
    const why = asking ? words('consent') : fault === null ? '' : words(`fault.${fault}`);
    if (reason.textContent !== why) reason.textContent = why;
    menu.draw({ choice, interruptible, mode: engine.settings().mode, on: now !== 'off', devices: engine.devices(), browser: { can: browser === null ? 'none' : local ? 'local' : 'remote', used: throughBrowser() && mayBegin() } });
  }

  const listen = <K extends keyof HTMLElementEventMap>(element: HTMLElement, type: K, call: (event: HTMLElementEventMap[K]) => void): void =>
    element.addEventListener(type, call, { signal: ends.signal });

  listen(button, 'click', (event) => {
    if (engine.state() === 'off') begin();
    else if (!byHand() || engine.state() === 'starting') engine.off();
    // Without a pointer it is a key or a screen reader, which cannot hold.
    else if (choice.tap || event.detail === 0) {
      if (holding === 'tap') drop();
      else hold('tap');
    }
  });
  listen(button, 'pointerdown', (event) => {
    if (event.button !== 0 || !byHand() || choice.tap || !isOn()) return;
    button.setPointerCapture(event.pointerId);
    hold('pointer');
  });
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) listen(button, type, () => drop('pointer'));
  listen(button, 'contextmenu', (event) => {
    if (byHand() && isOn()) event.preventDefault();
  });
  listen(agree, 'click', () => {
    choose({ browser: true });
    begin();
    button.focus();
  });
  listen($('#ear-dismiss'), 'click', () => {
    asking = false;
    engine.dismiss();
    button.focus();
  });

  const unkey = startKeys({
    page, button,
    wanted: () => byHand() && isOn() && !box.hidden,
    down() {
      if (!choice.tap) hold('key');
      else if (holding === null) hold('tap');
      else drop();
    },
    up: () => drop('key'),
    away() {
      drop('key');
      drop('pointer');
    },
  });
  const unwatch = [
    store.watch(({ speaking }) => engines.forEach((each) => each.speaking(speaking !== null))),
    i18n.watch(() => {
      void probe();
      draw();
    }),
  ];

  return {
    companion({ on, hears: understands, bargeIn }) {
      hears = understands;
      if (bargeIn !== interruptible) {
        interruptible = bargeIn;
        apply();
      }
      box.hidden = !on || (!hears && browser === null);
      transcribing = false;
      if (box.hidden) engine.off();
      else pick();
      draw();
    },
    turn(now) {
      transcribing = now === 'transcribing';
      draw();
    },
    connected(on) {
      if (!on) transcribing = false;
      for (const each of engines) each.connected(on);
      draw();
    },
    ducked(gain) {
      if (gain === 1) engine.decided();
    },
    snapshot: () => ({ ...engine.snapshot(), shown: shown(), browser: throughBrowser() }),
    stop() {
      ends.abort();
      unkey();
      menu.stop();
      for (const end of unwatch) end();
      engine.off();
    },
  };
}
