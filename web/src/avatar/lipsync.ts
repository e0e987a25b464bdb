/** The mouth at one moment: `open` 0..1; `form` -1 rounded as for "u" to 1 spread as for "i". */
export interface MouthPose {
  readonly open: number;
  readonly form: number;
}

/** Lips for a text that no voice speaks, by time since its start. */
export interface MouthTrack {
  /** When the mouth has closed for good. Grows with {@link extend}. */
  readonly endMs: number;
  /** The mouth at a time; closed before the start and after the end. */
  shapeAt(ms: number): MouthPose;
  /** Appends text that follows directly, for a reply that still streams in. What was said already does not change. */
  extend(text: string): void;
}

/**
 * A track at natural reading speed. `durationMs` caps it: a longer text is spoken faster, a shorter one does not drag.
 * Without a positive finite number there is no cap. Linear in the text.
 */
export function createMouthTrack(text: string, durationMs = Infinity): MouthTrack {
  const keys = new Keys();
  /** Text whose meaning the next piece may still change: half a word, an address, a code block without its end. */
  let open = '';
  let end = 0;

  const track: MouthTrack = {
    get endMs() {
      return end * scale();
    },
    shapeAt: (ms) => keys.at(ms / scale()),
    extend(more) {
      keys.forget();
      open += more;
      const cut = settledLength(open);
      speak(keys, open.slice(0, cut));
      open = open.slice(cut);
      keys.settle();
      speak(keys, open);
      end = keys.close();
    },
  };
  const scale = (): number => (durationMs > 0 && end > durationMs ? durationMs / end : 1);
  track.extend(text);
  return track;
}

/** Milliseconds of one sound; together they give about 4.5 Han, 7.5 kana or 13 Latin letters a second. */
const pace = { letter: 70, kana: 133, han: 222, hangul: 190, digit: 210, gap: 40, clause: 200, sentence: 400 } as const;

const vowels: Readonly<Record<string, readonly [open: number, form: number]>> = {
  a: [0.95, 0.1], i: [0.42, 0.9], u: [0.38, -0.85], e: [0.62, 0.5], o: [0.72, -0.6], n: [0.16, 0.1],
};

/** Moments between which the mouth eases. */
class Keys {
  private readonly times: number[] = [0];
  private readonly opens: number[] = [0];
  private readonly forms: number[] = [0];
  private ms = 0;
  private settled = { count: 1, ms: 0 };
  /** Where the last question was found: frames ask in order. */
  private cursor = 0;

  key(afterMs: number, open: number, form: number): void {
    this.times.push(this.ms + afterMs);
    this.opens.push(open);
    this.forms.push(form);
  }

  /** One syllable: from lips that meet for m, b and p, or barely part, to its vowel and half back. */
  syllable(ms: number, vowel: string, lipsMeet: boolean, weight = 1): void {
    const [open, form] = vowels[vowel] ?? [0.6, 0.2];
    this.key(ms * 0.12, lipsMeet ? 0 : open * weight * 0.3, form * (lipsMeet ? 0.2 : 0.6));
    this.key(ms * 0.5, open * weight, form);
    this.key(ms * 0.88, open * weight * 0.55, form * 0.8);
    this.ms += ms;
  }

  pause(ms: number, open = 0): void {
    this.key(Math.min(70, ms * 0.6), open, 0);
    if (ms > 120) this.key(ms, open, 0);
    this.ms += ms;
  }

  settle(): void {
    this.settled = { count: this.times.length, ms: this.ms };
  }

  forget(): void {
    this.times.length = this.opens.length = this.forms.length = this.settled.count;
    this.ms = this.settled.ms;
    this.cursor = 0;
  }

  /** Closes the mouth behind the last sound; the time at which that is done. */
  close(): number {
    if (this.times.length === 1) return 0;
    this.key(90, 0, 0);
    return this.ms + 90;
  }

  at(ms: number): MouthPose {
    const { times } = this;
    const lastTime = times[times.length - 1] ?? 0;
    if (!(ms > 0) || ms >= lastTime) return { open: 0, form: 0 };
    let i = (times[this.cursor] ?? Infinity) <= ms ? this.cursor : 0;
    if (i === 0 && times.length > 64) i = this.search(ms);
    while ((times[i + 1] ?? Infinity) <= ms) i++;
    this.cursor = i;
    const from = times[i] ?? 0;
    const span = (times[i + 1] ?? from) - from;
    const x = span > 0 ? (ms - from) / span : 1;
    const t = x * x * (3 - 2 * x);
    const ease = (values: readonly number[]): number => (values[i] ?? 0) + ((values[i + 1] ?? 0) - (values[i] ?? 0)) * t;
    return { open: ease(this.opens), form: ease(this.forms) };
  }

  private search(ms: number): number {
    let low = 0;
    let high = this.times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] ?? 0) <= ms) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** What is not spoken: fenced code, addresses, the target of a Markdown link. Each becomes a short silence. */
const silent = /```[\s\S]*?(?:```|$)|\]\([^)\s]*\)?|\b(?:https?:\/\/|www\.)[^\s<>"'，。！？、）】」]+/gu;

function speak(keys: Keys, text: string): void {
  let from = 0;
  for (const match of text.matchAll(silent)) {
    speakPlain(keys, text.slice(from, match.index));
    keys.pause(match[0].startsWith(']') ? 1 : pace.clause);
    from = match.index + match[0].length;
  }
  speakPlain(keys, text.slice(from));
}

/** How much of the text can no longer change its meaning when more follows. */
function settledLength(text: string): number {
  const tail = /[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}。！？、，]*$/u.exec(text.slice(-longestOpen));
  const cut = text.length - (tail?.[0].length ?? 0);
  for (const { 0: block, index } of text.matchAll(/```[\s\S]*?(?:```|$)/g)) {
    const unfinished = index + block.length === text.length && !block.slice(3).endsWith('```');
    if (index < cut && (unfinished || index + block.length > cut)) return index;
  }
  return cut;
}

/** Nothing that is not yet finished may grow longer than this; a longer "word" is spoken as it stands. */
const longestOpen = 400;

const sounds = /(\p{sc=Hiragana}|\p{sc=Katakana}|ー)|(\p{sc=Han})|([가-힣])|(\p{sc=Latin}+['’]?\p{sc=Latin}*)|(\p{L})|(\p{Nd})/u;
const pauses = /((?:\.(?![\p{L}\p{Nd}])|[。!?！？…\n])+)|([,，、;；:：—]+)|(\s+)/u;
const token = new RegExp(`${sounds.source}|${pauses.source}`, 'gu');

function speakPlain(keys: Keys, text: string): void {
  for (const [, kana, han, hangul, latin, letter, digit, sentence, clause, space] of text.matchAll(token)) {
    if (kana) speakKana(keys, kana);
    else if (han) speakHan(keys, han.codePointAt(0) ?? 0);
    else if (hangul) speakHangul(keys, hangul.charCodeAt(0));
    else if (latin) speakWord(keys, latin);
    else if (letter) speakLetter(keys, letter);
    else if (digit) keys.syllable(pace.digit, 'aiueo'[(digit.codePointAt(0) ?? 0) % 5] ?? 'a', false);
    else if (sentence) keys.pause(pace.sentence);
    else if (clause) keys.pause(pace.clause);
    else if (space) keys.pause(pace.gap, 0.08);
  }
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function speakWord(keys: Keys, word: string): void {
  // A consonant with the vowels behind it is one movement of the lips; trailing consonants belong to the last one.
  for (const [syllable, head = '', core = ''] of plain(word).matchAll(/([^aeiouy]*)([aeiouy]*)/g)) {
    if (!syllable) continue;
    const ms = syllable.length * pace.letter;
    const lipsMeet = /[mbp]/.test(head);
    if (!core) {
      if (lipsMeet) keys.pause(ms);
      else keys.pause(ms, 0.14);
      continue;
    }
    const vowel = core[0] === 'y' ? 'i' : (core[0] ?? 'a');
    const rounded = /^(?:oo|ou|ew)/.test(core) || head.endsWith('w');
    keys.syllable(ms, rounded ? 'u' : vowel, lipsMeet, core === 'e' && word.toLowerCase().endsWith(syllable) && head ? 0.75 : 1);
  }
}

const kanaVowels: Readonly<Record<string, string>> = {
  a: 'あかさたなはまやらわがざだばぱぁゃ', i: 'いきしちにひみりぎじぢびぴぃ', u: 'うくすつぬふむゆるぐずづぶぷぅゅゔ', e: 'えけせてねへめれげぜでべぺぇ', o: 'おこそとのほもよろをごぞどぼぽぉょ', n: 'ん',
};
const vowelOfKana = new Map(
  Object.entries(kanaVowels).flatMap(([vowel, kana]) => [...kana].map((sign): [string, string] => [sign, vowel])),
);
const lipKana = new Set('まみむめもばびぶべぼぱぴぷぺぽ');

function speakKana(keys: Keys, sign: string): void {
  const code = sign.charCodeAt(0);
  const kana = code >= 0x30a1 && code <= 0x30f6 ? String.fromCharCode(code - 0x60) : sign;
  if (kana === 'っ') keys.pause(pace.kana * 0.8);
  else if (kana === 'ー') keys.pause(pace.kana, 0.5);
  else keys.syllable('ぁぃぅぇぉゃゅょ'.includes(kana) ? pace.kana * 0.5 : pace.kana, vowelOfKana.get(kana) ?? 'a', lipKana.has(kana));
}

/** Han signs do not show their sound; the same sign always gets the same plausible one. */
function speakHan(keys: Keys, code: number): void {
  const mixed = Math.imul(code, 2654435761) >>> 8;
  keys.syllable(pace.han, 'aaieuoaeio'[mixed % 10] ?? 'a', mixed % 7 === 0, 0.8 + (mixed % 5) * 0.05);
}

const hangulVowels = 'aeaeoeoeoaeeouoeiuuiii';
const hangulLips = new Set([6, 7, 8, 17]);

function speakHangul(keys: Keys, code: number): void {
  const index = code - 0xac00;
  keys.syllable(pace.hangul, hangulVowels[Math.floor((index % 588) / 28)] ?? 'a', hangulLips.has(Math.floor(index / 588)));
  const last = index % 28;
  if (last === 16 || last === 17) keys.pause(pace.gap);
}

/** Letters of other scripts: Cyrillic and Greek vowels are known, the rest moves the lips a little. */
function speakLetter(keys: Keys, letter: string): void {
  const base = plain(letter);
  const at = 'аяαиыіїιηуюυеэєεоёοω'.indexOf(base);
  if (at >= 0 && base) keys.syllable(pace.letter * 1.6, 'aaaiiiiiiuuueeeeoooo'[at] ?? 'a', false);
  else if ('мбпμβπ'.includes(base)) keys.pause(pace.letter);
  else keys.pause(pace.letter, 0.25);
}
