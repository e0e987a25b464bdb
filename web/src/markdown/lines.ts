import { matchAt } from './characters';
import type { Align } from './tree';

/** Where a line continues behind spaces, and how many columns they are; a tab reaches to the next fourth column. */
export interface Indent {
  readonly at: number;
  readonly columns: number;
}

export function indentAt(text: string, from: number): Indent {
  let [at, columns] = [from, 0];
  for (;;) {
    if (text[at] === ' ') columns++;
    else if (text[at] === '\t') columns += 4 - (columns % 4);
    else return { at, columns };
    at++;
  }
}

/** The place behind so many columns of spaces, or where they end before. */
export function withoutIndent(text: string, from: number, columns: number): number {
  let [at, passed] = [from, 0];
  while (passed < columns) {
    if (text[at] === ' ') passed++;
    else if (text[at] === '\t') passed += 4 - (passed % 4);
    else break;
    at++;
  }
  return at;
}

export interface Marker {
  /** What items of one list share. */
  readonly type: string;
  readonly number: number | null;
  /** Behind the marker and one space, or more where the text is further in. */
  readonly at: number;
  /** Columns that the lines of the item are further in than what is around it. */
  readonly content: number;
  readonly isEmpty: boolean;
}

const bullet = /[-+*](?=[ \t]|$)/y;
const ordinal = /(\d{1,9})([.)])(?=[ \t]|$)/y;

/** The marker of a list that a line has behind its indent. */
export function markerAt(line: string, { at, columns }: Indent): Marker | null {
  const match = matchAt(bullet, line, at) ?? matchAt(ordinal, line, at);
  if (match === null) return null;
  const [all, digits, sign] = match;
  const text = indentAt(line, at + all.length);
  const isEmpty = text.at === line.length;
  const gap = isEmpty || text.columns > 4 ? 1 : text.columns;
  return {
    type: sign ?? all, number: digits === undefined ? null : Number(digits), isEmpty,
    at: withoutIndent(line, at + all.length, gap), content: columns + all.length + gap,
  };
}

export interface Fence {
  readonly sign: string;
  readonly length: number;
  readonly indent: number;
  /** Where its info begins and ends. */
  readonly from: number;
  readonly to: number;
}

const fence = /`{3,}|~{3,}/y;

/** The fence that a line has behind its indent. An info with a backtick makes it code within a line. */
export function fenceAt(line: string, { at, columns }: Indent): Fence | null {
  const signs = matchAt(fence, line, at)?.[0];
  if (signs === undefined || (signs[0] === '`' && line.includes('`', at + signs.length))) return null;
  const { at: from } = indentAt(line, at + signs.length);
  return { sign: signs[0]!, length: signs.length, indent: columns, from, to: Math.max(from, line.trimEnd().length) };
}

export const closesFence = (line: string, { at }: Indent, { sign, length }: Fence): boolean => {
  const signs = line.slice(at).trimEnd();
  return signs.length >= length && signs === sign.repeat(signs.length);
};

const heading = /(#{1,6})(?=[ \t]|$)/y;

export interface HeadingLine {
  readonly level: number;
  readonly from: number;
  readonly to: number;
}

export function headingAt(line: string, { at }: Indent): HeadingLine | null {
  const signs = matchAt(heading, line, at)?.[0];
  if (signs === undefined) return null;
  const { at: from } = indentAt(line, at + signs.length);
  let to = Math.max(from, line.trimEnd().length);
  let bare = to;
  while (bare > from && line[bare - 1] === '#') bare--;
  // Signs at the end close the heading if they stand alone.
  if (bare === from || /[ \t]/.test(line[bare - 1]!)) to = Math.max(from, line.slice(0, bare).trimEnd().length);
  return { level: signs.length, from, to };
}

export const isRule = (line: string, { at }: Indent): boolean => {
  const sign = line[at];
  if (sign !== '-' && sign !== '*' && sign !== '_') return false;
  const signs = line.slice(at).replaceAll(/[ \t]/g, '');
  return signs.length >= 3 && signs === sign.repeat(signs.length);
};

/** The level of a heading that a line of signs below it makes. Fewer than three may be the beginning of something else. */
export function underlineAt(line: string, { at }: Indent): number | null {
  const signs = line.slice(at).trimEnd();
  if (signs.length < 3 || (signs[0] !== '=' && signs[0] !== '-') || signs !== signs[0].repeat(signs.length)) return null;
  return signs[0] === '=' ? 1 : 2;
}

/** A quote begins with its sign, unless that compares, or is the eye of a face. */
export function isQuote(line: string, { at }: Indent): boolean {
  if (line[at] !== '>') return false;
  const next = line.slice(at + 1, at + 8);
  return !/^(?:[=:;.,)\]}/\\|-]|\d+(?![\d.)])|[^\s<>]{1,5}<)/.test(next);
}

/** A line that begins with a tag is shown as it stands, up to the next empty one. */
export const isTagged = (line: string, { at }: Indent): boolean =>
  line[at] === '<' && /^<(?:\/?[a-z][a-z\d-]*(?:[\s/][^<>]*)?>|!--)/i.test(line.slice(at));

const mostColumns = 64;

/** How the columns of a table stand, from the line below its head; null when it is no such line. */
export function alignsOf(line: string): readonly Align[] | null {
  if (!line.includes('|') || !/^[ \t|:-]+$/.test(line) || !line.includes('-')) return null;
  const cells = cellsOf(line).map(([from, to]) => line.slice(from, to));
  if (cells.length > mostColumns || !cells.every((cell) => /^:?-+:?$/.test(cell))) return null;
  return cells.map((cell) => {
    const [left, right] = [cell.startsWith(':'), cell.endsWith(':')];
    return left && right ? 'center' : right ? 'right' : left ? 'left' : null;
  });
}

/** Where the cells of a table's line begin and end. */
export function cellsOf(line: string): readonly (readonly [number, number])[] {
  const borders: number[] = [];
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '|') borders.push(at);
  }
  const { at: first } = indentAt(line, 0);
  const end = line.trimEnd().length;
  const starts = [...(borders[0] === first ? [] : [first]), ...borders.map((border) => border + 1)];
  const ends = [...borders.filter((border) => border !== first), end];
  return starts.filter((start) => start < end).map((start, i) => {
    const { at: from } = indentAt(line, start);
    return [Math.min(from, ends[i]!), Math.min(from, ends[i]!) + line.slice(from, ends[i]).trimEnd().length];
  });
}
