import './hearing.css';
import type { Clock } from '../clock';
import { type I18n, label } from '../i18n';
import type { TextStorage } from '../storage';
import type { Store } from '../store';
import { recallChoice, rememberChoice, type RememberedChoice } from './choice';
import { startHearing, type Hearing, type HearingOptions } from './engine';
import { startKeys } from './keys';
import { startMenu } from './menu';
import { openMicrophone } from './microphone';
import { loadDetector } from './model';
import { wordsForHearing, type HearingKey } from './words';

export interface HearingControlOptions extends Pick<HearingOptions, 'channel' | 'send' | 'sendBytes' | 'pending' | 'duck'> {
  readonly page: Document;
  readonly i18n: I18n;
  readonly storage: TextStorage;
  readonly store: Store;
  readonly clock: Clock;
}

export interface HearingControl {
  /** Whether somebody is there who understands what is spoken; without one the microphone is off and out of sight. */
  companion(hears: boolean): void;
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
  const [notice, reason] = [$('#ear-notice'), $('#ear-reason')];
  const words = wordsForHearing(i18n);
  const ends = new AbortController();
  let choice = recallChoice(storage);
  let transcribing = false;
  /** How the press that holds now began; null: nobody holds. */
  let holding: 'pointer' | 'key' | 'tap' | null = null;

  const engine: Hearing = startHearing({
    ...options, choice, open: openMicrophone, load: loadDetector, language: i18n.tag, onChange: () => draw(),
    onLevel: (level) => box.style.setProperty('--level', level.toFixed(2)),
  });

  const choose = (part: Partial<RememberedChoice>): void => {
    choice = { ...choice, ...part };
    rememberChoice(storage, choice);
    drop();
    engine.choose(choice);
  };

  const menu = startMenu({ page, words, choose, off: engine.off });

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
    const fault = engine.notice();
    notice.hidden = fault === null;
    const why = fault === null ? '' : words(`fault.${fault}`);
    if (reason.textContent !== why) reason.textContent = why;
    menu.draw({ choice, mode: engine.settings().mode, on: now !== 'off', devices: engine.devices() });
  }

  const listen = <K extends keyof HTMLElementEventMap>(element: HTMLElement, type: K, call: (event: HTMLElementEventMap[K]) => void): void =>
    element.addEventListener(type, call, { signal: ends.signal });

  listen(button, 'click', (event) => {
    if (engine.state() === 'off') void engine.on();
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
  listen($('#ear-dismiss'), 'click', () => {
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
  const unwatch = [store.watch(({ speaking }) => engine.speaking(speaking !== null)), i18n.watch(draw)];

  return {
    companion(hears) {
      box.hidden = !hears;
      transcribing = false;
      if (!hears && engine.state() !== 'off') engine.off();
      draw();
    },
    turn(now) {
      transcribing = now === 'transcribing';
      draw();
    },
    connected(on) {
      if (!on) transcribing = false;
      engine.connected(on);
      draw();
    },
    ducked(gain) {
      if (gain === 1) engine.decided();
    },
    snapshot: () => ({ ...engine.snapshot(), shown: shown() }),
    stop() {
      ends.abort();
      unkey();
      menu.stop();
      for (const end of unwatch) end();
      engine.off();
    },
  };
}
