import { wordsIn, type Align, type Block, type Inline, type Link, type Words } from './tree';

/** A text node of a drawing; words of the page's own, such as a separator, have no place in the reply. */
export interface TextShape {
  readonly text: string;
  readonly words: Words | null;
}

/** An element of a drawing with its attributes. */
export interface ElementShape {
  readonly tag: string;
  readonly given: Readonly<Record<string, string>>;
  readonly parts: readonly Shape[];
}

export type Shape = TextShape | ElementShape;

/** What the page itself says on a drawing. */
export interface Labels {
  readonly copy: string;
  readonly code: string;
  readonly table: string;
  readonly open: string;
  readonly image: string;
}

const element = (tag: string, given: Readonly<Record<string, string>>, ...parts: readonly Shape[]): ElementShape => ({ tag, given, parts });
const textOf = (words: Words): TextShape => ({ text: words.text, words });

/** Between blocks, unseen: what copies or reads the text keeps its lines apart. */
const newline: TextShape = { text: '\n', words: null };

const tags = { emphasis: 'em', strong: 'strong', struck: 's' } as const;

/** A page asks before it follows these; all others are text. */
export const isWeb = (address: string): boolean => /^https?:\/\/[^/]/i.test(address) && URL.canParse(address);

export function shapesOf(blocks: readonly Block[], labels: Labels): readonly Shape[] {
  return blocks.flatMap((block, i) => [...(i === 0 ? [] : [newline]), shapeOf(block, labels)]);
}

export function shapeOf(block: Block, labels: Labels): ElementShape {
  switch (block.kind) {
    case 'paragraph':
      return element('p', {}, ...inlines(block.parts, labels));
    case 'heading':
      // The page has two levels of its own.
      return element(`h${Math.min(6, block.level + 2)}`, {}, ...inlines(block.parts, labels));
    case 'rule':
      return element('hr', {});
    case 'quote':
      return element('blockquote', {}, ...shapesOf(block.blocks, labels));
    case 'code': {
      const head = element('div', { class: 'code-head' }, element('span', { class: 'code-info' }, ...block.info.map(textOf)),
        element('button', { type: 'button', class: 'code-copy', 'aria-label': labels.copy, title: labels.copy, 'data-copy': '' }));
      const code = element('code', {}, ...block.parts.map(textOf));
      const pre = element('pre', { tabindex: '0', role: 'region', 'aria-label': labels.code }, code);
      return element('div', { class: 'code-block' }, head, newline, pre);
    }
    case 'list': {
      const items = block.items.flatMap(({ number, blocks }, i) => {
        const item = element('li', number === null ? {} : { value: String(number) }, ...shapesOf(blocks, labels));
        return i === 0 ? [item] : [newline, item];
      });
      return element(block.items[0]!.number === null ? 'ul' : 'ol', {}, ...items);
    }
    case 'table': {
      const rows = block.rows.map((cells, i) => rowOf(i === 0 ? 'th' : 'td', cells, block.aligns, labels));
      const body = rows.slice(1).flatMap((row) => [row, newline]);
      return element('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': labels.table },
        element('table', {}, element('thead', {}, rows[0]!), newline, element('tbody', {}, ...body)));
    }
  }
}

function rowOf(tag: 'th' | 'td', cells: readonly (readonly Inline[])[], aligns: readonly Align[], labels: Labels): ElementShape {
  return element('tr', {}, ...cells.flatMap((cell, i) => {
    const align = aligns[i] ?? null;
    const shape = element(tag, align === null ? {} : { 'data-align': align }, ...inlines(cell, labels));
    return i === 0 ? [shape] : [{ text: ' ', words: null }, shape];
  }));
}

const inlines = (parts: readonly Inline[], labels: Labels): readonly Shape[] => parts.flatMap((part) => inline(part, labels));

function inline(part: Inline, labels: Labels): readonly Shape[] {
  switch (part.kind) {
    case 'words':
      return [textOf(part)];
    case 'code':
      return [element('code', {}, ...part.parts.map(textOf))];
    case 'link':
    case 'image':
    case 'address':
      return linkOf(part, labels);
    default:
      return [element(tags[part.kind], {}, ...inlines(part.parts, labels))];
  }
}

/** A link is its text, with its address beside it, which a click asks about; an image is what its author says of it. */
function linkOf({ kind, parts, address, title }: Link, labels: Labels): readonly Shape[] {
  const shown = inlines(parts, labels);
  const isOpenable = isWeb(address);
  // A text that is its own address stands there once.
  if (kind === 'address' || (isOpenable && wordsIn(parts).map(({ text }) => text).join('') === address)) {
    return isOpenable ? [addressOf(address, shown, labels)] : shown;
  }
  const tip = title === '' && kind === 'image' ? labels.image : title;
  const given = { class: kind, ...(tip === '' ? {} : { title: tip }), ...(isOpenable ? { 'data-address': address } : {}) };
  const text = shown.length === 0 ? [] : [element('span', given, ...shown)];
  const words: TextShape = { text: address, words: null };
  if (address === '' || (kind === 'image' && !isOpenable)) return text;
  const beside = isOpenable ? addressOf(address, [words], labels) : element('small', { class: 'address' }, words);
  return text.length === 0 ? [beside] : [...text, { text: ' ', words: null }, beside];
}

const addressOf = (address: string, parts: readonly Shape[], labels: Labels): ElementShape =>
  element('button', { type: 'button', class: 'address', 'data-address': address, title: labels.open }, ...parts);
