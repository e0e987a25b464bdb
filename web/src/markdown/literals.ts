/** A stretch of a line in which signs are signs: a face, an address, a path, a formula. */
export interface Literal {
  readonly from: number;
  readonly to: number;
  /** No code ends within it either. */
  readonly isFace: boolean;
}

const maxFace = 20;
const bracketed = String.raw`[(（][^()（）\n]{1,${maxFace}}[)）]`;

/** What may stand on both sides of a face. */
const arms: readonly (readonly [string, string])[] = [
  [String.raw`\_`, '_/'], ['\\', '/'], ['\\', '\\'], ['_', '_'], ['*', '*'], ['~', '~'],
];

const candidates = new RegExp([
  String.raw`(?<address>\bhttps?:\/\/[!#$%&'*+,\-./:;=?@\w~]+)`,
  String.raw`(?<path>(?<![\p{L}\p{N}])[A-Za-z]:\\[^\s"'<>|\x60]*|(?<!\S)\\\\[\w.$-]+\\[^\s"'<>|\x60]*)`,
  String.raw`(?<formula>\$\$[^$\x60]+\$\$|\$(?=\S)[^$\x60\n]{1,200}(?<=\S)\$(?!\d))`,
  String.raw`(?<teeth>\\\((?:(?!\\\)|\n).){1,400}\\\)|\\\[[^\[\]\x60]{1,400}\\\])`,
  String.raw`(?<face>${bracketed})`,
  // ^_^ and its like: the same sign on both sides of the mouth.
  String.raw`(?<bare>(?<eye>[^\p{L}\p{N}\s()（）[\]*_~<\x60])_+\k<eye>|(?<![*~])(?<ear>[*~])_+\k<ear>(?![*~])|>_+<)`,
  String.raw`(?<alone>[(（[「『"'“][*_~]+[)）\]」』"'”])`,
].join('|'), 'gu');

/** The literal stretches of a text in their order. */
export function literalsIn(text: string): readonly Literal[] {
  const found: Literal[] = [];
  let past = 0;
  for (const { 0: all, index, groups } of text.matchAll(candidates)) {
    const literal = literalOf(text, all, index, groups!);
    if (literal === null) continue;
    const from = Math.max(past, literal.from);
    if (literal.to <= from) continue;
    found.push({ ...literal, from });
    past = literal.to;
  }
  return found;
}

function literalOf(text: string, all: string, index: number, groups: Readonly<Record<string, string | undefined>>): Literal | null {
  const end = index + all.length;
  if (groups['address'] !== undefined) return { from: index, to: end - trailing(all, `!'*,.:;?_~`), isFace: false };
  if (groups['path'] !== undefined) return { from: index, to: end - trailing(all, '*_~'), isFace: false };
  if (groups['teeth'] !== undefined) return isFormula(all) ? { from: index, to: end, isFace: false } : null;
  if (groups['face'] === undefined) return { from: index, to: end, isFace: groups['formula'] === undefined };
  for (const [left, right] of arms) {
    if (!text.startsWith(left, index - left.length) || index < left.length || !text.startsWith(right, end)) continue;
    if (left.length > 1 || isFace(all.slice(1, -1))) return { from: index - left.length, to: end + right.length, isFace: true };
  }
  return isFace(all.slice(1, -1)) ? { from: index, to: end, isFace: true } : null;
}

/** How many signs at the end of an address or a path belong to what is around it; a star behind a backslash is any file. */
function trailing(text: string, signs: string): number {
  let end = text.length;
  while (end > 0 && signs.includes(text[end - 1]!)) end--;
  return text[end - 1] === '\\' ? 0 : text.length - end;
}

/** Brackets with a backslash are a formula when what is between them computes; else they are brackets that were kept from being a link. */
const isFormula = (text: string): boolean => /[=^_+{}]|\\[a-z]/i.test(text.slice(2, -2));

// The half-width marks of voiced sounds are eyes here.
const word = /[^\P{L}ﾞﾟ]{2}|\p{N}{2}/u;
const sign = /[^\p{L}\p{N}\s,.、。，]/gu;
const lonely = /[^\P{L}ﾞﾟ]|[\p{N}"'“”「」]/u;

/**
 * What stands between brackets is a face when it has signs and no word, and its signs are no pair around something: (´・ω・`), (*^_^*),
 * but not (*n*) and not (`a`, `b`).
 */
function isFace(inner: string): boolean {
  if (word.test(inner) || (inner.match(sign)?.length ?? 0) < 2) return false;
  if (/<.*\p{L}.*>/u.test(inner)) return false;
  if (inner.includes('\\') && !/\\_*\//.test(inner)) return false;
  if ((inner.match(/`/g)?.length ?? 0) > 1) return false;
  for (const mark of ['*', '_', '~']) {
    const count = inner.split(mark).length - 1;
    if (count < 2) continue;
    if (mark === '*' && count > 2) return false;
    const isAround = inner.startsWith(mark) && inner.endsWith(mark);
    if (!isAround && mark === '*') return false;
    const core = inner.split(mark).filter((part) => part !== '').join(mark);
    if (isAround && (lonely.test(core.charAt(0)) || lonely.test(core.charAt(core.length - 1)))) return false;
  }
  return true;
}
