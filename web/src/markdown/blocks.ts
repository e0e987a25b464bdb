import { readInlines } from './inlines';
import {
  alignsOf, cellsOf, closesFence, fenceAt, headingAt, indentAt, isQuote, isRule, isTagged, markerAt, underlineAt, withoutIndent,
  type Fence, type Indent,
} from './lines';
import { sourceOf, type Line } from './source';
import type { Align, Block, Item } from './tree';

/** Quotes and lists within each other; deeper ones are text. */
const mostContainers = 12;

interface Leaf {
  /** `raw`: a tag and what follows it; `indented`: further in than a paragraph. Both are shown as they stand. */
  kind: 'paragraph' | 'raw' | 'indented' | 'code' | 'table' | 'heading' | 'rule';
  readonly from: number;
  to: number;
  lines: Line[];
  fence?: Fence;
  info?: Line;
  aligns?: readonly Align[];
  level?: number;
}

interface Container {
  readonly kind: 'root' | 'quote' | 'item';
  readonly from: number;
  readonly drafts: (Leaf | Container | ListDraft)[];
  /** Columns that the lines of an item are further in. */
  readonly content: number;
  readonly number: number | null;
}

interface ListDraft {
  readonly kind: 'list';
  readonly type: string;
  readonly from: number;
  readonly items: Container[];
}

/**
 * Reads the blocks of a text from a place at which a line begins: the algorithm of CommonMark, a line at a time.
 * @param growing More may follow: what the last line is as a whole cannot be told.
 */
export function readBlocks(text: string, start: number, growing: boolean): readonly Block[] {
  const root: Container = { kind: 'root', from: start, drafts: [], content: 0, number: null };
  const reader = new LineReader(root);
  for (let from = start; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline;
    reader.take(text.slice(from, to), from, growing && newline < 0);
    from = to + 1;
  }
  return root.drafts.map(blockOf);
}

/** Takes the lines of a text into the blocks below a root. */
class LineReader {
  private readonly stack: Container[];
  private leaf: Leaf | null = null;

  constructor(root: Container) {
    this.stack = [root];
  }

  take(line: string, from: number, isOpen: boolean): void {
    let { depth, at } = this.match(line);
    let indent = indentAt(line, at);
    if (this.leaf?.kind === 'code' && depth === this.stack.length - 1) {
      this.takeCode(this.leaf, line, at, from);
      return;
    }
    let continues = this.leaf?.kind === 'paragraph' && depth === this.stack.length - 1;
    while (indent.at < line.length && indent.columns < 4) {
      if (isOpen && (isRule(line, indent) || underlineAt(line, indent) !== null)) break;
      if (continues && this.underline(line, indent, from)) return;
      const behind = this.enter(line, indent, depth, from, continues);
      if (behind === null) {
        const begun = leafAt(line, indent, from, this.leaf?.kind !== 'paragraph');
        if (begun === null) break;
        this.closeTo(depth);
        this.add(begun);
        if (begun.kind !== 'code' && begun.kind !== 'raw') this.leaf = null;
        return;
      }
      at = behind;
      depth++;
      continues = false;
      indent = indentAt(line, at);
    }
    if (indent.at === line.length) {
      this.closeTo(depth);
      this.leaf = null;
    } else if (this.leaf?.kind === 'paragraph' && depth < this.stack.length - 1) {
      this.extend(this.leaf, line, indent.at, from);
    } else {
      this.closeTo(depth);
      this.takeText(line, indent, at, from, isOpen);
    }
  }

  /** How many of the open containers a line continues, and where it does. */
  private match(line: string): { depth: number; at: number } {
    let at = 0;
    let depth = 0;
    for (const { kind, drafts, content } of this.stack.slice(1)) {
      const indent = indentAt(line, at);
      if (kind === 'quote') {
        if (indent.columns > 3 || !isQuote(line, indent)) break;
        at = behindQuote(line, indent);
      } else if (indent.at === line.length) {
        if (drafts.length === 0) break;
        at = indent.at;
      } else {
        if (indent.columns < content) break;
        at = withoutIndent(line, at, content);
      }
      depth++;
    }
    return { depth, at };
  }

  /** Begins the quote or item that a line begins, and returns where it continues; null for neither. */
  private enter(line: string, indent: Indent, depth: number, from: number, continues: boolean): number | null {
    if (depth >= mostContainers) return null;
    if (isQuote(line, indent)) {
      const quote: Container = { kind: 'quote', from, drafts: [], content: 0, number: null };
      this.closeTo(depth);
      this.stack.at(-1)!.drafts.push(quote);
      this.open(quote);
      return behindQuote(line, indent);
    }
    const marker = isRule(line, indent) ? null : markerAt(line, indent);
    if (marker === null) return null;
    const list = listOf(this.stack[depth]!, marker.type);
    // A marker with nothing behind it begins no list: it may be a sign of its own. Amid a paragraph a list begins with its first number.
    if (marker.isEmpty ? list === null : continues && (marker.number ?? 1) !== 1) return null;
    const item: Container = { kind: 'item', from, drafts: [], content: marker.content, number: marker.number };
    this.closeTo(depth);
    if (list === null) this.stack.at(-1)!.drafts.push({ kind: 'list', type: marker.type, from, items: [item] });
    else list.items.push(item);
    this.open(item);
    return marker.at;
  }

  private underline(line: string, indent: Indent, from: number): boolean {
    const level = underlineAt(line, indent);
    if (level === null) return false;
    Object.assign(this.leaf!, { kind: 'heading', level, to: from + line.length });
    this.leaf = null;
    return true;
  }

  private takeCode(code: Leaf, line: string, at: number, from: number): void {
    const { fence } = code;
    const indent = indentAt(line, at);
    if (indent.columns < 4 && closesFence(line, indent, fence!)) {
      code.to = from + line.length;
      this.leaf = null;
    } else {
      this.extend(code, line, withoutIndent(line, at, fence!.indent), from);
    }
  }

  private takeText(line: string, indent: Indent, at: number, from: number, isOpen: boolean): void {
    const { leaf } = this;
    // Only at the top a line keeps its indent: there it is the text's own.
    const start = this.stack.length === 1 ? at : indent.at;
    const aligns = leaf?.kind === 'paragraph' && !isOpen ? alignsOf(line.slice(start)) : null;
    if (aligns !== null && cellsOf(leaf!.lines.at(-1)!.text).length === aligns.length) {
      const head = leaf!.lines.pop()!;
      if (leaf!.lines.length === 0) this.stack.at(-1)!.drafts.pop();
      this.add({ kind: 'table', from: head.from, to: from + line.length, lines: [head], aligns });
    } else if (leaf !== null && leaf.kind !== 'code' && (leaf.kind !== 'indented' || indent.columns >= 4)) {
      this.extend(leaf, line, start, from);
    } else {
      const kind = indent.columns >= 4 ? 'indented' : 'paragraph';
      this.extend(this.add({ kind, from: from + start, to: from, lines: [] }), line, start, from);
    }
  }

  private extend(leaf: Leaf, line: string, start: number, from: number): void {
    leaf.lines.push({ text: line.slice(start), from: from + start });
    leaf.to = from + line.length;
  }

  private add(leaf: Leaf): Leaf {
    this.stack.at(-1)!.drafts.push(leaf);
    this.leaf = leaf;
    return leaf;
  }

  private open(container: Container): void {
    this.stack.push(container);
    this.leaf = null;
  }

  private closeTo(depth: number): void {
    if (depth === this.stack.length - 1) return;
    this.stack.length = depth + 1;
    this.leaf = null;
  }
}

/** The list that an item of a type continues. */
const listOf = ({ drafts }: Container, type: string): ListDraft | null => {
  const last = drafts.at(-1);
  return last?.kind === 'list' && last.type === type ? last : null;
};

/** The block that a line begins which is no text; null for text. A tag amid a paragraph is text. */
function leafAt(line: string, indent: Indent, from: number, mayTag: boolean): Leaf | null {
  const to = from + line.length;
  const part = (start: number, end: number): Line => ({ text: line.slice(start, end), from: from + start });
  const fence = fenceAt(line, indent);
  if (fence !== null) return { kind: 'code', from, to, lines: [], fence, info: part(fence.from, fence.to) };
  const heading = headingAt(line, indent);
  if (heading !== null) return { kind: 'heading', from, to, lines: [part(heading.from, heading.to)], level: heading.level };
  if (isRule(line, indent)) return { kind: 'rule', from, to, lines: [] };
  return mayTag && isTagged(line, indent) ? { kind: 'raw', from, to, lines: [part(indent.at, line.length)] } : null;
}

const behindQuote = (line: string, { at }: Indent): number => (line[at + 1] === ' ' || line[at + 1] === '\t' ? at + 2 : at + 1);

function blockOf(draft: Leaf | Container | ListDraft): Block {
  if (draft.kind === 'list') {
    const items = numbered(draft.items);
    return { kind: 'list', from: draft.from, to: items.at(-1)!.blocks.at(-1)?.to ?? draft.from, items };
  }
  if ('drafts' in draft) {
    const blocks = draft.drafts.map(blockOf);
    return { kind: 'quote', from: draft.from, to: blocks.at(-1)?.to ?? draft.from, blocks };
  }
  const { kind, from, to, lines } = draft;
  const source = sourceOf(lines);
  switch (kind) {
    case 'rule':
      return { kind, from, to };
    case 'code':
      return { kind, from, to, info: infoOf(draft.info!), parts: source.words(0, source.text.length) };
    case 'heading':
      return { kind, from, to, level: draft.level!, parts: readInlines(source) };
    case 'table':
      return { kind, from, to, aligns: draft.aligns!, rows: rowsOf(lines) };
    case 'paragraph':
      return { kind, from, to, parts: readInlines(source) };
    default:
      return { kind: 'paragraph', from: lines[0]!.from, to, parts: source.words(0, source.text.length) };
  }
}

const infoOf = (info: Line): ReturnType<ReturnType<typeof sourceOf>['words']> => sourceOf([info]).words(0, info.text.length);

const rowsOf = (lines: readonly Line[]): readonly (readonly ReturnType<typeof readInlines>[])[] => lines.map(({ text, from }) =>
  cellsOf(text).map(([start, end]) => readInlines(sourceOf([{ text: text.slice(start, end), from: from + start }]))));

/** The numbers of a list are those that were written; one that is written again and again counts. */
function numbered(items: readonly Container[]): readonly Item[] {
  let shown: number | null = null;
  return items.map(({ number, drafts }, i) => {
    shown = number !== null && shown !== null && number === items[i - 1]!.number ? shown + 1 : number;
    return { number: shown, blocks: drafts.map(blockOf) };
  });
}
