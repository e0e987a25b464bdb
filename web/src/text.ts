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

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
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

/** A language tag that gets a text the right glyphs and the right voice, when the sender named none. */
export function languageOf(text: string): string | null {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja';
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  if (/\p{Script=Han}/u.test(text)) return 'zh-CN';
  return null;
}
