const space = /\s/;
const punctuation = /[\p{P}\p{S}]/u;
const wide = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\u3000-\u303f\u30fb\u30fc\uff00-\uffef]/u;
const letter = /[\p{L}\p{M}\p{N}]/u;
const opening = /[\p{Ps}\p{Pi}]/u;
const closing = /[\p{Pe}\p{Pf}]/u;

/** The character that ends before a place; empty at the beginning. */
export function before(text: string, at: number): string {
  const code = text.charCodeAt(at - 1);
  return code >= 0xdc_00 && code <= 0xdf_ff && at > 1 ? text.slice(at - 2, at) : text.charAt(at - 1);
}

/** The character that begins at a place; empty at the end. */
export function after(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

const mostKnown = 4_096;

/** Looked at often: a form of Unicode's classes takes microseconds, so what it said of a character is kept. */
function asked(form: RegExp): (character: string) => boolean {
  const known = new Map<string, boolean>();
  return (character) => {
    const answer = known.get(character) ?? form.test(character);
    if (known.size >= mostKnown) known.clear();
    known.set(character, answer);
    return answer;
  };
}

const isBlank = asked(space);
const isOpening = asked(opening);
const isClosing = asked(closing);
const isLetter = asked(letter);

export const isSpace = (character: string): boolean => character === '' || isBlank(character);
export const isDigit = (character: string): boolean => character >= '0' && character <= '9';
export const isPunctuation = asked(punctuation);

/** Of a script that writes without spaces, its punctuation included. */
const isWide = asked(wide);

/** A letter or digit of a script that puts spaces between words. */
export const isSpaced = (character: string): boolean => isLetter(character) && !isWide(character);

export interface Flanks {
  readonly opens: boolean;
  readonly closes: boolean;
}

/**
 * Whether signs between two characters may open or close an emphasis, as CommonMark has it. Scripts that write without spaces have none
 * around emphasis either: their characters and punctuation stand for them, or a bold title with its colon would stay unread. Nothing
 * opens before a bracket that closes, and nothing closes after one that opens.
 */
export function flanks(sign: string, left: string, right: string): Flanks {
  const edge = (inner: string, outer: string): boolean =>
    !isSpace(inner) && (!isPunctuation(inner) || isWide(inner) || isSpace(outer) || isPunctuation(outer) || isWide(outer));
  const opens = edge(right, left) && (isSpace(left) || !isClosing(right));
  const closes = edge(left, right) && (isSpace(right) || !isOpening(left));
  if (sign !== '_') return { opens, closes };
  return { opens: opens && (!closes || isPunctuation(left)), closes: closes && (!opens || isPunctuation(right)) };
}

/** What a sticky form finds exactly at a place. */
export function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}
