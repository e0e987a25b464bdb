import { after, before, flanks, isDigit, isSpaced, type Flanks } from './characters';
import type { SpanKind } from './tree';

/** An end of an emphasis in a text: so many signs at a place, which are not shown. */
export interface SpanEnd {
  readonly kind: SpanKind;
  readonly isStart: boolean;
  readonly at: number;
  readonly to: number;
}

/** Signs in a row that may open or close an emphasis, as far as they are not used yet. */
interface Run extends Flanks {
  readonly order: number;
  readonly sign: string;
  readonly length: number;
  /** Letters touch it on both sides. */
  readonly isTight: boolean;
  /** The last place before it with a space, and with anything but signs of emphasis. */
  readonly space: number;
  readonly solid: number;
  at: number;
  to: number;
  before: Run | null;
  after: Run | null;
}

/** Pairs the signs of emphasis of a text that is read from its beginning to its end. */
export interface Emphasis {
  /** Takes the signs at a place; `space` and `solid` are the last places before it with a space, and with another sign. */
  take(at: number, to: number, space: number, solid: number): void;
  /** Where the text between two brackets begins for {@link pair}. */
  mark(): Run | null;
  /** Pairs what was taken since a mark; null for everything. What found no partner is text for good. */
  pair(since: Run | null): void;
  readonly ends: readonly SpanEnd[];
}

/** A star between digits, or alone beside a digit or a single letter within a word, multiplies. Underscores at a path or call name it. */
function isOperator(text: string, at: number, to: number): boolean {
  const [left, right] = [before(text, at), after(text, to)];
  if (text[at] === '_') {
    if (to - at !== 2) return false;
    return (/[./\\]/.test(left) && isSpaced(right)) || (/[./\\(]/.test(right) && isSpaced(left) && /[\w)]/.test(text.charAt(to + 1)));
  }
  if (text[at] !== '*' || !isSpaced(left) || !isSpaced(right)) return false;
  const isShort = (character: string, beyond: string): boolean => isDigit(character) || !isSpaced(beyond);
  const shortLeft = isShort(left, before(text, at - left.length));
  const shortRight = isShort(right, after(text, to + right.length));
  return to - at === 1 ? shortLeft || shortRight : shortLeft && shortRight;
}

/** The algorithm of CommonMark's appendix: each closing run looks back for its opening one, and never twice where none was. */
export function pairEmphasis(text: string): Emphasis {
  const ends: SpanEnd[] = [];
  let last: Run | null = null;
  let count = 0;

  const remove = (run: Run): void => {
    if (run.before !== null) run.before.after = run.after;
    if (run.after !== null) run.after.before = run.before;
    if (last === run) last = run.before;
  };

  const join = (opener: Run, closer: Run): void => {
    const signs = opener.sign === '~' || (opener.to - opener.at > 1 && closer.to - closer.at > 1) ? 2 : 1;
    const kind = opener.sign === '~' ? 'struck' : signs === 2 ? 'strong' : 'emphasis';
    while (opener.after !== null && opener.after !== closer) remove(opener.after);
    opener.to -= signs;
    ends.push({ kind, isStart: true, at: opener.to, to: opener.to + signs });
    ends.push({ kind, isStart: false, at: closer.at, to: closer.at + signs });
    closer.at += signs;
    if (opener.at === opener.to) remove(opener);
  };

  const fits = (opener: Run, closer: Run): boolean => {
    if (!opener.opens || opener.sign !== closer.sign || closer.solid < opener.to) return false;
    // *foo**bar* has its two stars within.
    const isDoubtful = (opener.closes || closer.opens) && (opener.length + closer.length) % 3 === 0;
    return !isDoubtful || opener.length % 3 === 0;
  };

  const openerOf = (closer: Run, floor: number): Run | null => {
    let opener = closer.before;
    while (opener !== null && opener.order > floor) {
      const parted = closer.space >= opener.to;
      if (parted && closer.isTight) return null;
      const { before: further } = opener;
      // Emphasis that begins within a word ends within it.
      if (parted && opener.isTight) remove(opener);
      else if (fits(opener, closer)) return opener;
      opener = further;
    }
    return null;
  };

  const pair = (since: Run | null): void => {
    const bottom = since?.order ?? -1;
    const floors = new Map<string, number>();
    let closer = since === null ? first(last) : since.after;
    while (closer !== null) {
      const next: Run | null = closer.after;
      if (!closer.closes) {
        closer = next;
        continue;
      }
      const key = `${closer.sign}${closer.opens}${closer.isTight}${closer.length % 3}`;
      const opener = openerOf(closer, floors.get(key) ?? bottom);
      if (opener !== null) {
        join(opener, closer);
        if (closer.at < closer.to) continue;
      } else {
        floors.set(key, closer.before?.order ?? bottom);
      }
      if (opener !== null || !closer.opens) remove(closer);
      closer = next;
    }
    while (last !== null && last !== since) remove(last);
  };

  return {
    take(at, to, space, solid) {
      const sign = text.charAt(at);
      const length = to - at;
      if ((sign === '~' && length !== 2) || isOperator(text, at, to)) return;
      const [left, right] = [before(text, at), after(text, to)];
      const run: Run = {
        ...flanks(sign, left, right), order: count++, sign, length, isTight: isSpaced(left) && isSpaced(right), space, solid, at, to,
        before: last, after: null,
      };
      if (!run.opens && !run.closes) return;
      if (last !== null) last.after = run;
      last = run;
    },
    mark: () => last,
    pair,
    ends,
  };
}

function first(last: Run | null): Run | null {
  let run = last;
  while (run !== null && run.before !== null) run = run.before;
  return run;
}
