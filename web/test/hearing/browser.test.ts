import { describe, expect, it } from 'vitest';
import { settledAfter, startBrowserHearing, type BrowserHearingOptions } from '../../src/hearing/browser';
import { isLocal, spokenTag, type Recognizer, type Recognizers } from '../../src/hearing/recognizer';
import type { HearingMode } from '../../src/protocol/hearing';
import { ManualClock } from '../base/manualclock';

/** A browser's recognizer that hears what a test tells it. */
class FakeRecognizer implements Recognizer {
  lang = '';
  continuous = false;
  interimResults = false;
  processLocally?: boolean;
  onstart: Recognizer['onstart'] = null;
  onresult: Recognizer['onresult'] = null;
  onerror: Recognizer['onerror'] = null;
  onend: Recognizer['onend'] = null;
  readonly done: string[] = [];

  start(): void {
    this.done.push('start');
  }

  stop(): void {
    this.done.push('stop');
  }

  abort(): void {
    this.done.push('abort');
    this.onerror?.({ error: 'aborted' });
    this.onend?.();
  }

  /** Each phrase as text; with a full stop it is final. */
  hear(...phrases: readonly string[]): void {
    this.onresult?.({
      results: phrases.map((phrase) => ({ isFinal: phrase.endsWith('.'), 0: { transcript: ` ${phrase.replace('.', '')}` } })),
    });
  }

  fail(error: string): void {
    this.onerror?.({ error });
    this.onend?.();
  }
}

interface Setting extends Partial<Pick<BrowserHearingOptions, 'secure' | 'continuous' | 'local'>> {
  readonly mode?: HearingMode;
  readonly bargeIn?: boolean;
  readonly language?: string;
  readonly starts?: boolean;
}

function page({
  mode = 'hands_free', bargeIn = true, secure = true, continuous = true, local = () => false, language = 'en-US', starts = true,
}: Setting = {}) {
  const clock = new ManualClock();
  const said: string[] = [];
  const all: FakeRecognizer[] = [];
  const recognizers = class extends FakeRecognizer {
    constructor() {
      super();
      all.push(this);
    }
  };
  const hearing = startBrowserHearing({
    channel: 'c', clock, choice: { mode, bargeIn }, recognizers, local, secure, continuous, language: () => language, onChange() {},
    send(message) {
      if (message.type === 'mic') said.push(`mic ${message.state} ${message.mode} ${message.lang}`);
      else said.push(`${message.content}${message.final === true ? '.' : '…'}${message.spoken === true ? '' : ' typed'}`);
      return true;
    },
  });
  const now = (): FakeRecognizer => all.at(-1)!;
  const begin = (): void => {
    hearing.connected(true);
    void hearing.on();
    if (starts) now().onstart?.();
  };
  begin();
  return { hearing, clock, said, all, now };
}

describe('a browser that recognizes speech', () => {
  it('sends guesses as they change and each phrase once', () => {
    const { hearing, said, now } = page();
    expect([hearing.state(), now().lang, now().continuous, now().interimResults, now().processLocally])
      .toEqual(['listening', 'en-US', true, true, undefined]);
    now().hear('what');
    now().hear('what');
    expect(hearing.state()).toBe('hearing');
    now().hear('what time', 'is it');
    now().hear('what time is it.');
    expect(hearing.state()).toBe('listening');
    now().hear('what time is it.', 'good');
    now().hear('what time is it.', 'good morning.', 'bye.');
    expect(said).toEqual(['mic on hands_free en-US', 'what…', 'what time is it…', 'what time is it.', 'good…', 'good morning.', 'bye.']);
    hearing.off();
    expect([said.at(-1), hearing.state(), now().done]).toEqual(['mic off hands_free en-US', 'off', ['start', 'abort']]);
  });

  it('puts no spaces between phrases of a script without them', () => {
    const { said, now } = page({ language: 'zh-CN' });
    now().hear('你好', '世界');
    expect(said.at(-1)).toBe('你好世界…');
  });

  it('goes on when the browser ends by itself, and what was said until then counts', () => {
    const { said, all, now, clock } = page();
    now().hear('good morning');
    clock.advance(1_000);
    now().onend?.();
    expect([said.slice(1), all.length, now().done]).toEqual([['good morning…', 'good morning.'], 2, ['start']]);
    clock.advance(8_000);
    now().fail('no-speech');
    expect(all.length).toBe(3);
  });

  it('takes a guess that does not change any more for what was said', () => {
    const { now, clock } = page();
    now().hear('good');
    clock.advance(settledAfter - 1);
    now().hear('good morning');
    clock.advance(settledAfter - 1);
    expect(now().done).toEqual(['start']);
    clock.advance(1);
    expect(now().done).toEqual(['start', 'stop']);
  });

  it('believes no final word of a browser that calls guesses final, before it ends', () => {
    const { said, all, now, clock } = page({ continuous: false });
    now().hear('good.');
    now().hear('good morning.');
    expect(said.slice(1)).toEqual(['good…', 'good morning…']);
    clock.advance(2_000);
    now().onend?.();
    expect([said.at(-1), all.length, all[0]!.continuous]).toEqual(['good morning.', 2, false]);
  });

  it('stays on this computer where the browser can', () => {
    expect(page({ local: () => true }).now().processLocally).toBe(true);
  });

  it('does not hear the character when she may not be interrupted, but ends what the user says', () => {
    const { hearing, said, all, now } = page({ bargeIn: false });
    hearing.speaking(true);
    expect([all.length, now().done]).toEqual([1, ['start', 'abort']]);
    now().hear('her own words');
    hearing.speaking(false);
    expect(all.length).toBe(2);
    now().hear('but');
    hearing.speaking(true);
    expect(now().done).toEqual(['start']);
    now().hear('but I.');
    expect([now().done, said.slice(1)]).toEqual([['start', 'abort'], ['but…', 'but I.']]);
    hearing.choose({ mode: 'hands_free', bargeIn: true, device: '' });
    expect([all.length, now().done]).toEqual([3, ['start']]);
  });

  it('says anew that it listens after a lost connection, and sends nothing of before', () => {
    const { hearing, said, all, now } = page();
    now().hear('lost');
    hearing.connected(false);
    expect(now().done).toEqual(['start', 'abort']);
    hearing.connected(true);
    expect([said, all.length]).toEqual([['mic on hands_free en-US', 'lost…', 'mic on hands_free en-US'], 2]);
  });
});

describe('its button', () => {
  it('finds out first whether it works, and then hears what is said while it is held', () => {
    const { hearing, said, all, now, clock } = page({ mode: 'push_to_talk' });
    expect([hearing.state(), all.length, now().done]).toEqual(['listening', 1, ['start', 'abort']]);
    hearing.press();
    expect(hearing.state()).toBe('hearing');
    now().onstart?.();
    now().hear('what time.');
    now().hear('what time.', 'is it.');
    clock.advance(1_500);
    hearing.release();
    expect([hearing.state(), now().done]).toEqual(['hearing', ['start', 'stop']]);
    now().onend?.();
    expect(said).toEqual(['mic on push_to_talk en-US', 'what time…', 'what time is it…', 'what time is it.']);
    expect([hearing.state(), all.length]).toEqual(['listening', 2]);
  });

  it('is nothing when it is touched, and waits for what was said before when it is pressed again', () => {
    const { hearing, said, all, now, clock } = page({ mode: 'push_to_talk' });
    hearing.press();
    clock.advance(100);
    hearing.release();
    expect([now().done, hearing.state()]).toEqual([['start', 'abort'], 'listening']);
    hearing.press();
    clock.advance(1_000);
    now().hear('one');
    hearing.release();
    hearing.press();
    expect(all.length).toBe(3);
    now().onend?.();
    expect([all.length, said.at(-1), hearing.state()]).toEqual([4, 'one.', 'hearing']);
  });

  it('is another way to listen, of which the hub is told', () => {
    const { hearing, said, all, now } = page();
    hearing.choose({ mode: 'push_to_talk', bargeIn: true, device: '' });
    expect([said.at(-1), now().done, all.length]).toEqual(['mic on push_to_talk en-US', ['start', 'abort'], 1]);
    hearing.choose({ mode: 'hands_free', bargeIn: true, device: '' });
    expect([said.at(-1), all.length, hearing.state()]).toEqual(['mic on hands_free en-US', 2, 'listening']);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['not-allowed', 'denied'], ['audio-capture', 'missing'], ['aborted', 'taken'], ['network', 'service'],
    ['service-not-allowed', 'refused'], ['language-not-supported', 'language'], ['what', 'failed'],
  ] as const)('%s is told as %s, and ends it', (error, notice) => {
    const { hearing, said, all, now } = page();
    now().fail(error);
    expect([hearing.state(), hearing.notice(), all.length, said.at(-1)]).toEqual(['off', notice, 1, 'mic off hands_free en-US']);
    hearing.dismiss();
    expect(hearing.notice()).toBe(null);
  });

  it('is told to the hub only when it had been told that it listens', () => {
    const { hearing, said, now } = page({ starts: false });
    expect(hearing.state()).toBe('starting');
    now().fail('not-allowed');
    expect([hearing.notice(), said]).toEqual(['denied', []]);
  });

  it('is an unsafe page', () => {
    const { hearing, all } = page({ secure: false, starts: false });
    expect([hearing.state(), hearing.notice(), all.length]).toEqual(['off', 'insecure', 0]);
  });

  it('is a recognition that ends at once, again and again, but not for ever', () => {
    const { hearing, all, now, clock } = page();
    for (let i = 0; i < 4; i++) {
      now().onend?.();
      expect(all.length).toBe(i + 1);
      clock.advance(250 * 2 ** i);
      expect(all.length).toBe(i + 2);
    }
    now().onend?.();
    expect([hearing.state(), hearing.notice(), all.length]).toEqual(['off', 'failed', 5]);
  });
});

describe('the language that is spoken', () => {
  it.each([
    ['zh-CN', ['en-US'], 'zh-CN'], ['en', [], 'en-US'], ['en', ['de-DE', 'en-GB', 'en-US'], 'en-GB'],
    ['ja', ['ja', 'en'], 'ja-JP'], ['zh-CN', ['zh-TW'], 'zh-TW'],
  ] as const)('%s among %o is %s', (tag, wanted, expected) => expect(spokenTag(tag, wanted)).toBe(expected));
});

describe('whether a browser needs no other service', () => {
  const having = (available?: Recognizers['available']): Recognizers =>
    Object.assign(class extends FakeRecognizer {}, { available }) as Recognizers;

  it('is known only where it says so', async () => {
    expect(await isLocal(having(), 'en-US')).toBe(false);
    expect(await isLocal(having(() => Promise.reject(new Error('policy'))), 'en-US')).toBe(false);
    expect(await isLocal(having(async () => 'downloadable'), 'en-US')).toBe(false);
    const forJapanese = having(async ({ langs, processLocally }) =>
      (langs[0] === 'ja-JP' && processLocally ? 'available' : 'unavailable'));
    expect(await isLocal(forJapanese, 'ja-JP')).toBe(true);
  });
});
