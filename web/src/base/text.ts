const lineBreaks = /\r\n?|[\u2028\u2029]/g;

// C0 and C1 except tab and newline; marks, overrides and isolates of direction; spaces, hyphens and joiners without width; noncharacters;
// signs of annotations, shorthand and music without a shape; tags and the selectors beyond the sixteenth. PlainText of the hub has the
// same ones.
const invisible = new RegExp([
  String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef`,
  String.raw`\ufeff\ufff0-\ufffb\ufffe\uffff\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]`,
].join(''), 'gu');
// Families of emoji, Persian and Hindi need joiners, and one selector chooses the look of a sign. More of them, or where they join nothing,
// hide what is written with them.
const joiners = /([\p{L}\p{M}\p{S}])[\u200c\u200d]|[\u200c\u200d]/gu;
const selectors = /([\ufe00-\ufe0f])[\ufe00-\ufe0f]+/g;
const loneSurrogate = /\p{Surrogate}/gu;

/** Text of a stranger made safe to read: nothing left that hides, reorders or smuggles characters. */
export const clean = (text: string): string =>
  text.replace(lineBreaks, '\n').replace(invisible, '').replace(selectors, '$1')
    .replace(joiners, (all: string, before?: string) => (before === undefined ? '' : all)).replace(loneSurrogate, '\ufffd');

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
