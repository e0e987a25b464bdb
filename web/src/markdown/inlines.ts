import { after, before, isPunctuation, isSpace, isSpaced, matchAt } from './characters';
import { pairEmphasis, type SpanEnd } from './emphasis';
import { entityAt } from './entities';
import { addressEnds, isHarmless, targetAt } from './links';
import { literalsIn, type Literal } from './literals';
import type { Source } from './source';
import type { CodeSpan, Inline, Link, SpanKind, Words } from './tree';

/** Deeper emphasis within emphasis looks no different. */
const mostSpans = 8;

/** What stands in the place of a stretch of the text. */
interface Leaf {
  readonly kind: 'leaf';
  readonly at: number;
  readonly to: number;
  readonly parts: readonly Inline[];
}

/** An end of a link; the last one has its target. */
interface LinkEnd {
  readonly kind: 'link' | 'image';
  readonly isStart: boolean;
  readonly at: number;
  readonly to: number;
  readonly address: string;
  readonly title: string;
}

type Mark = Leaf | LinkEnd | SpanEnd;

interface Bracket {
  readonly at: number;
  readonly isImage: boolean;
  readonly since: ReturnType<ReturnType<typeof pairEmphasis>['mark']>;
}

const escapable = /[!-/:-@[-`{-~]/;
const address = /<(https?:[^\s<>]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>/iy;
const tag = /<(?:\/?[a-z][a-z\d-]*(?:\s(?:"[^"\n]*"|'[^'\n]*'|[^<>"'\n])*)?\/?|!--[^<>\n]*--)>/iy;

/** Reads the text of a paragraph, or of a line that is one: emphasis, code, links, escapes, entities. */
export function readInlines(source: Source): readonly Inline[] {
  const { text } = source;
  if (!/[*_~`[\]<&\\]/.test(text)) return source.words(0, text.length);
  return build(source, findMarks(source, literalsIn(text)));
}

function findMarks(source: Source, literals: readonly Literal[]): readonly Mark[] {
  const { text } = source;
  const emphasis = pairEmphasis(text);
  const marks: Mark[] = [];
  const codes = codeSpans(text, literals);
  const faces = new Set(literals.filter(({ isFace }) => isFace).map(({ from }) => from));
  const brackets: Bracket[] = [];
  let ends: ReadonlyMap<number, number> | null = null;
  let next = 0;
  let space = -1;
  let solid = -1;
  // A link within a link is none: what opened before a link opens no other one.
  let closedBefore = 0;

  const leaf = (at: number, to: number, parts: readonly Inline[]): number => {
    marks.push({ kind: 'leaf', at, to, parts });
    return to;
  };

  const closeBracket = (at: number): number => {
    const open = brackets.pop();
    if (open === undefined || (!open.isImage && open.at < closedBefore)) return at + 1;
    const target = faces.has(at + 1) ? null : targetAt(text, at + 1, ends ??= addressEnds(text));
    if (target === null || (!open.isImage && !isHarmless(target.address))) return at + 1;
    emphasis.pair(open.since);
    const kind = open.isImage ? 'image' : 'link';
    const { address: leads, title } = target;
    marks.push({ kind, isStart: true, at: open.at, to: open.at + (open.isImage ? 2 : 1), address: leads, title });
    marks.push({ kind, isStart: false, at, to: target.to, address: leads, title });
    if (!open.isImage) closedBefore = open.at;
    return target.to;
  };

  const read = (at: number): number => {
    const sign = text[at]!;
    switch (sign) {
      case '\\': {
        const escapes = text[at + 1] === '\n' || escapable.test(text.charAt(at + 1));
        if (!escapes) return at + 1;
        leaf(at, at + 1, []);
        return at + (text[at + 1] === '\n' ? 1 : 2);
      }
      case '`': {
        const code = codes.get(at);
        return code === undefined ? runAt(text, at) : leaf(at, code.to, [codeOf(source, code)]);
      }
      case '*':
      case '_':
      case '~': {
        const to = runAt(text, at);
        emphasis.take(at, to, space, solid);
        return to;
      }
      case '[':
      case '!':
        if (sign === '!' && text[at + 1] !== '[') return at + 1;
        brackets.push({ at, isImage: sign === '!', since: emphasis.mark() });
        return at + (sign === '!' ? 2 : 1);
      case ']':
        return closeBracket(at);
      case '<': {
        const found = matchAt(address, text, at)?.[0];
        if (found !== undefined) return leaf(at, at + found.length, [addressOf(source, at, found.length)]);
        return at + (matchAt(tag, text, at)?.[0].length ?? 1);
      }
      case '&': {
        const entity = entityAt(text, at);
        if (entity === null) return at + 1;
        const to = at + entity.length;
        const [start] = source.words(at, at + 1);
        return leaf(at, to, [{ kind: 'words', text: entity.text, from: start!.from, to: start!.from + entity.length }]);
      }
      default:
        return at + 1;
    }
  };

  for (let at = 0; at < text.length;) {
    while (next < literals.length && literals[next]!.to <= at) next++;
    const literal = literals[next];
    const from = at;
    at = literal !== undefined && literal.from === at && !codes.has(at) ? literal.to : read(at);
    for (let i = from; i < at; i++) {
      const sign = text[i]!;
      if (isSpace(sign)) space = i;
      if (sign !== '*' && sign !== '_' && sign !== '~') solid = i;
    }
  }
  emphasis.pair(null);
  return [...marks, ...emphasis.ends].sort((a, b) => a.at - b.at);
}

function runAt(text: string, at: number): number {
  let to = at + 1;
  while (text[to] === text[at]) to++;
  return to;
}

interface Stretch {
  readonly at: number;
  readonly to: number;
}

interface Code extends Stretch {
  readonly signs: number;
}

/** Code by the place at which it begins: from backticks to the next ones that are as many. */
function codeSpans(text: string, literals: readonly Literal[]): ReadonlyMap<number, Code> {
  const spans = new Map<number, Code>();
  const runs = [...text.matchAll(/`+/g)].map(({ 0: all, index }) => ({ at: index, to: index + all.length }));
  let face = 0;
  const usable = runs.filter(({ at }) => {
    while (face < literals.length && literals[face]!.to <= at) face++;
    const literal = literals[face];
    return literal === undefined || !literal.isFace || at < literal.from;
  });
  // The next run of the same length, found from the end.
  const nextOf = new Map<number, number>();
  const latest = new Map<number, number>();
  for (let i = usable.length - 1; i >= 0; i--) {
    const { at, to } = usable[i]!;
    const next = latest.get(to - at);
    if (next !== undefined) nextOf.set(i, next);
    latest.set(to - at, i);
  }
  for (let i = 0; i < usable.length; i++) {
    const open = usable[i]!;
    const close = usable[nextOf.get(i) ?? -1];
    if (close === undefined || isEscaped(text, open.at) || !canBeCode(text, open, close)) continue;
    spans.set(open.at, { at: open.at, to: close.to, signs: open.to - open.at });
    i = nextOf.get(i)!;
  }
  return spans;
}

function isEscaped(text: string, at: number): boolean {
  let signs = 0;
  while (text[at - 1 - signs] === '\\') signs++;
  return signs % 2 === 1;
}

/** One backtick alone may be an apostrophe, or a cheek: two of them are no pair. */
function canBeCode(text: string, open: Stretch, close: Stretch): boolean {
  if (open.to - open.at > 1) return true;
  const [left, right] = [before(text, open.at), after(text, open.to)];
  if (isSpaced(left)) return false;
  if (/[)）]/.test(right) && isPunctuation(left) && !/[\p{Ps}\p{Pi}"']/u.test(left)) return false;
  // The second one begins a word as the first one does: 'tis and 'twas.
  return isSpace(right) || !isSpace(before(text, close.at)) || !isSpaced(after(text, close.to));
}

function codeOf(source: Source, { at, to, signs }: Code): CodeSpan {
  let [from, end] = [at + signs, to - signs];
  const inner = source.text.slice(from, end);
  if (/^[ \n]/.test(inner) && /[ \n]$/.test(inner) && inner.trim() !== '') {
    from++;
    end--;
  }
  const parts = source.words(from, end).map((words): Words => ({ ...words, text: words.text.replaceAll('\n', ' ') }));
  return { kind: 'code', parts };
}

function addressOf(source: Source, at: number, length: number): Link {
  const parts = source.words(at + 1, at + length - 1);
  return { kind: 'address', parts, address: source.text.slice(at + 1, at + length - 1), title: '' };
}

/** A node that is open while its parts are collected; where it would be too deep its parts are its parent's. */
interface Frame {
  readonly kind: SpanKind | 'link' | 'image' | 'text';
  readonly parts: Inline[];
  readonly isFlat: boolean;
}

function build(source: Source, marks: readonly Mark[]): readonly Inline[] {
  const root: Frame = { kind: 'text', parts: [], isFlat: false };
  const frames: Frame[] = [root];
  let place = 0;

  const openNode = (kind: Frame['kind']): void => {
    const around = frames.at(-1)!;
    // A link is in no other one, and its address may not be lost.
    const isSame = kind !== 'image' && frames.some((frame) => frame.kind === kind && !frame.isFlat);
    const isFlat = kind !== 'link' && (isSame || frames.length > mostSpans);
    frames.push({ kind, parts: isFlat ? around.parts : [], isFlat });
  };

  for (const mark of marks) {
    frames.at(-1)!.parts.push(...source.words(place, mark.at));
    place = mark.to;
    if (mark.kind === 'leaf') {
      frames.at(-1)!.parts.push(...mark.parts);
    } else if (mark.isStart) {
      openNode(mark.kind);
    } else {
      const { kind, parts, isFlat } = frames.pop()!;
      if (isFlat) continue;
      frames.at(-1)!.parts.push('address' in mark
        ? { kind: mark.kind, parts, address: mark.address, title: mark.title }
        : { kind: kind as SpanKind, parts });
    }
  }
  root.parts.push(...source.words(place, source.text.length));
  return root.parts;
}
