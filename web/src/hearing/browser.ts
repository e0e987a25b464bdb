import type { Clock } from '../base/clock';
import type { MicReport } from '../protocol/hearing';
import type { UserText } from '../protocol/talk';
import type { SegmenterSettings } from './segmenter';
import type { Hearing, HearingNotice } from './listener';
import type { Recognizer, Recognizers, Result } from './recognizer';

export interface BrowserHearingOptions {
  readonly channel: string;
  readonly clock: Clock;
  readonly choice: SegmenterSettings;
  readonly recognizers: Recognizers;
  /** Whether it is certain that nobody else gets the sound. */
  readonly local: () => boolean;
  /** Browsers recognise speech only for pages that came over a safe connection. */
  readonly secure: boolean;
  /** Whether one recognition may go on over several phrases. On Android it may not: it calls guesses final, and says them twice. */
  readonly continuous: boolean;
  /** The language that is spoken, with its region. */
  readonly language: () => string;
  /** Returns false when there is no connection. */
  readonly send: (message: MicReport | UserText) => boolean;
  /** Something of this has changed. */
  readonly onChange: () => void;
}

/** A guess that has not changed for this long is what was said: some browsers say so only when they are stopped. */
export const settledAfter = 2_000;

/** What is held shorter was a touch. */
const shortestPress = 200;

/** A recognition that ends sooner, with nothing heard, does not work; so many of them in a row are given up. */
const soon = 1_000;
const mostAttempts = 5;
const firstDelay = 250;

const faults: Readonly<Record<string, HearingNotice>> = {
  'not-allowed': 'denied', 'audio-capture': 'missing', 'aborted': 'taken', 'network': 'service', 'service-not-allowed': 'refused', 'language-not-supported': 'language',
};

/** Listens with the browser's own recognition: what it understands is sent as text, guesses too. */
export function startBrowserHearing(options: BrowserHearingOptions): Hearing {
  const { channel, clock } = options;
  let choice = options.choice;
  let state: 'off' | 'starting' | 'on' = 'off';
  let notice: HearingNotice | null = null;
  let current: Recognizer | null = null;
  /** What is being said; empty: nothing. */
  let said = '';
  let phrases = 0;
  let attempts = 0;
  let connected = false;
  let speaking = false;
  /** When the button was pressed; null: it is not. */
  let pressedAt: number | null = null;
  let unsettle = (): void => {};
  let unretry = (): void => {};

  const byHand = (): boolean => choice.mode === 'push_to_talk';

  const tell = (on: boolean): void => {
    options.send({ type: 'mic', channel, state: on ? 'on' : 'off', mode: choice.mode, lang: options.language() });
  };

  const say = (text: string, final: boolean): void => {
    const content = text.trim();
    if (content !== '') options.send({ type: 'user_text', channel, content, lang: options.language(), spoken: true, final });
  };

  const finish = (): void => {
    unsettle();
    if (said !== '') {
      say(said, true);
      phrases++;
    }
    said = '';
  };

  /** Nothing is heard of what goes on, and what was said until now counts. */
  const leave = (): void => {
    unretry();
    finish();
    const old = current;
    current = null;
    old?.abort();
  };

  const off = (why: HearingNotice | null): void => {
    if (state === 'on') tell(false);
    state = 'off';
    said = '';
    pressedAt = null;
    notice = why;
    leave();
    options.onChange();
  };

  const listens = (): boolean => state !== 'off' && connected && (byHand() ? pressedAt !== null || state === 'starting' : !speaking || choice.bargeIn);

  /** Begins to listen unless it does; one recognition is at work at a time. */
  const listen = (): void => {
    if (current !== null || !listens()) return;
    unretry();
    run();
  };

  const run = (): void => {
    const mine = new options.recognizers();
    const began = clock.now();
    /** Whether all of it is one phrase, of which the end of the recognition is the end. */
    const whole = !options.continuous || byHand();
    const gap = /^(zh|ja)/.test(options.language()) ? '' : ' ';
    let done = 0;
    let heard = false;
    current = mine;
    said = '';
    mine.lang = options.language();
    mine.continuous = options.continuous;
    mine.interimResults = true;
    if (options.local()) mine.processLocally = true;

    mine.onstart = () => {
      if (current !== mine) return;
      if (state === 'starting') {
        state = 'on';
        tell(true);
      }
      // A button only had to find out whether it would work.
      if (byHand() && pressedAt === null) leave();
      options.onChange();
    };
    mine.onresult = ({ results }) => {
      if (current !== mine) return;
      heard = true;
      attempts = 0;
      for (let result = results[done]; !whole && result?.isFinal === true; result = results[done]) {
        said = transcript(result);
        finish();
        done++;
      }
      const guess = Array.from(results).slice(done).map(transcript).filter((text) => text !== '').join(gap);
      if (guess !== said) {
        said = guess;
        say(said, false);
        unsettle();
        if (!byHand() && said !== '') unsettle = clock.after(settledAfter, () => mine.stop());
      }
      if (!whole && said === '' && !listens()) leave();
      options.onChange();
    };
    mine.onerror = ({ error }) => {
      if (current === mine && error !== 'no-speech') off(faults[error] ?? 'failed');
    };
    mine.onend = () => {
      if (current !== mine) return;
      finish();
      current = null;
      attempts = heard || clock.now() - began >= soon ? 0 : attempts + 1;
      if (attempts >= mostAttempts) off('failed');
      else if (attempts === 0) listen();
      else unretry = clock.after(firstDelay * 2 ** (attempts - 1), listen);
      options.onChange();
    };
    try {
      mine.start();
    } catch {
      off('failed');
    }
  };

  return {
    state: () => (state === 'on' && (said !== '' || pressedAt !== null) ? 'hearing' : state === 'on' ? 'listening' : state),
    settings: () => choice,
    notice: () => notice,
    dismiss() {
      notice = null;
      options.onChange();
    },
    devices: () => [],
    on() {
      notice = null;
      if (!options.secure) {
        off('insecure');
        return Promise.resolve();
      }
      state = 'starting';
      attempts = 0;
      options.onChange();
      listen();
      return Promise.resolve();
    },
    off: () => off(null),
    choose({ mode, bargeIn }) {
      const before = choice;
      if (state !== 'off' && mode !== before.mode) leave();
      choice = { mode, bargeIn };
      if (mode !== before.mode) pressedAt = null;
      if (state === 'on' && mode !== before.mode) tell(true);
      listen();
      options.onChange();
    },
    press() {
      if (state !== 'on' || !connected || !byHand()) return;
      pressedAt = clock.now();
      // What was said last may still be on its way.
      listen();
      options.onChange();
    },
    release() {
      if (pressedAt === null) return;
      const held = clock.now() - pressedAt;
      pressedAt = null;
      if (held < shortestPress) leave();
      else current?.stop();
      options.onChange();
    },
    connected(on) {
      connected = on;
      if (!on) {
        // The hub has told that this page is gone, and with it what it was saying.
        said = '';
        leave();
        return;
      }
      if (state === 'on') tell(true);
      listen();
    },
    speaking(on) {
      speaking = on;
      if (!listens() && said === '' && current !== null) leave();
      else listen();
    },
    decided() {},
    snapshot: () => ({ state, mode: choice.mode, notice, said, phrases, language: options.language(), local: options.local() }),
  };
}

const transcript = (result: Result): string => (result[0]?.transcript ?? '').trim();
