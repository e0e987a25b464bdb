const lineBreaks = /\r\n?|[\u2028\u2029]/g;

// C0 and C1 except tab and newline, bidirectional overrides and isolates, noncharacter U+FEFF, invisible tag characters.
// oxlint-disable-next-line no-control-regex
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;
const loneSurrogate = /\p{Surrogate}/gu;

/** Text of a stranger made safe to read: nothing left that hides, reorders or smuggles characters. */
export const clean = (text: string): string =>
  text.replace(lineBreaks, '\n').replace(invisible, '').replace(loneSurrogate, '\ufffd');

/** Where a place of a text as it was sent is found in its {@link clean} form. */
export const placeIn = (raw: string, place: number): number => clean(raw.slice(0, place)).length;

const wide = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu;
const shortest = 1_000;
const longest = 60_000;

/** Milliseconds that an unhurried reader needs; never less than a second, never more than a minute. */
export function readingTime(text: string): number {
  const wides = text.match(wide)?.length ?? 0;
  return Math.min(longest, shortest + wides * 100 + (text.length - wides) * 40);
}

/** Milliseconds that it takes to say a text, about as the lips take that move to it. */
export function speakingTime(text: string): number {
  const wides = text.match(wide)?.length ?? 0;
  return wides * 220 + (text.length - wides) * 75;
}

/** What is not read within this time stays longer than its sender asked for: eight seconds, the time of a reply that names none. */
const patience = 8_000;

/** Milliseconds that a reply stays: as long as its sender asked for, at least a glance, and long texts until they can be read. */
export function stayTime(text: string, duration: number): number {
  const reading = readingTime(text);
  return Math.max(duration, reading > patience ? reading : shortest);
}

// Scripts that write without spaces have no ends of words to look for.
const ofWord = /[^\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\P{L}]|[\p{M}\p{N}]/u;
const insideWord = /[:.,'’-]/;

/** A stretch of a text without the spaces at its ends, grown to whole words: a voice may tell the parts of "03:29" one by one. */
export function wholeWords(text: string, from: number, to: number): readonly [number, number] {
  const isWord = (i: number): boolean => ofWord.test(text.charAt(i));
  const isInside = (i: number): boolean => isWord(i) || (insideWord.test(text.charAt(i)) && isWord(i - 1) && isWord(i + 1));
  let [start, end] = [from, to];
  while (start < end && /\s/.test(text.charAt(start))) start++;
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  if (start === end) return [start, end];
  while (start > 0 && isInside(start) && isInside(start - 1)) start--;
  while (end < text.length && isInside(end - 1) && isInside(end)) end++;
  return [start, end];
}

/** A language tag that gets a text the right glyphs and the right voice, when the sender named none. */
export function languageOf(text: string): string | null {
  if (/[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text)) return 'ja';
  if (/\p{sc=Hangul}/u.test(text)) return 'ko';
  if (/\p{sc=Han}/u.test(text)) return 'zh-CN';
  return null;
}
