import { matchAt } from './characters';
import { entityAt } from './entities';

/** What stands behind a link's text: where it ends, and where it leads. */
export interface Target {
  readonly to: number;
  readonly address: string;
  readonly title: string;
}

/**
 * For each round bracket where an address that begins there ends: at the bracket that closes it, or before a space. One walk over the
 * text, however many there are.
 */
export function addressEnds(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  let open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '\\') at++;
    else if (sign === '(') open.push(at);
    else if (sign === ')') {
      const start = open.pop();
      if (start !== undefined) ends.set(start, at);
    } else if (sign === ' ' || sign === '\n' || sign === '\t') {
      // Around the last one the brackets are not even.
      if (open.length > 0) ends.set(open.at(-1)!, at);
      open = [];
    }
  }
  return ends;
}

const pointed = /<((?:\\.|[^\\<>\n])*)>/y;
const ending = /[ \t]*\n?[ \t]*(?:(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')[ \t]*\n?[ \t]*)?\)/y;

/** The target that begins with the round bracket at a place; null when it is none. */
export function targetAt(text: string, at: number, ends: ReadonlyMap<number, number>): Target | null {
  if (text[at] !== '(') return null;
  const inner = text[at + 1] === '<' ? matchAt(pointed, text, at + 1) : null;
  const place = inner === null ? ends.get(at) : at + 1 + inner[0].length;
  if (place === undefined) return null;
  const end = matchAt(ending, text, place);
  if (end === null) return null;
  const [all, double, single] = end;
  return { to: place + all.length, address: plain(inner?.[1] ?? text.slice(at + 1, place)), title: plain(double ?? single ?? '') };
}

/** A text without its escapes and entities. */
const plain = (text: string): string =>
  text.replaceAll(/\\([!-/:-@[-`{-~])|&[#\w]{1,16};/g, (all, sign: string | undefined) => sign ?? entityAt(all, 0)?.text ?? all);

/** What an address may be that is shown beside its link; with another scheme the link stays as it was written. */
export const isHarmless = (address: string): boolean => /^(?:https?|mailto|tel):/i.test(address) || !/^\s*[a-z][a-z\d+.-]*:/i.test(address);
