/** A stretch of a text as it is shown: as long as its source, or what an entity stands for in the place of the entity. */
export interface Words {
  readonly kind: 'words';
  readonly text: string;
  /** Where it stands in the text that was read. */
  readonly from: number;
  readonly to: number;
}

export type SpanKind = 'emphasis' | 'strong' | 'struck';

export interface Span {
  readonly kind: SpanKind;
  readonly parts: readonly Inline[];
}

export interface CodeSpan {
  readonly kind: 'code';
  readonly parts: readonly Words[];
}

export interface Link {
  /** An address that stands for itself has itself as its parts. */
  readonly kind: 'link' | 'image' | 'address';
  readonly parts: readonly Inline[];
  readonly address: string;
  readonly title: string;
}

export type Inline = Words | Span | CodeSpan | Link;

interface Placed {
  /** Where it stands in the text that was read; a block's end is where its last line ends. */
  readonly from: number;
  readonly to: number;
}

export interface Paragraph extends Placed {
  readonly kind: 'paragraph';
  readonly parts: readonly Inline[];
}

export interface Heading extends Placed {
  readonly kind: 'heading';
  readonly level: number;
  readonly parts: readonly Inline[];
}

export interface CodeBlock extends Placed {
  readonly kind: 'code';
  /** What stands behind the fence, usually a language. */
  readonly info: readonly Words[];
  readonly parts: readonly Words[];
}

export interface Quote extends Placed {
  readonly kind: 'quote';
  readonly blocks: readonly Block[];
}

export interface Item {
  /** null in a list of bullets. */
  readonly number: number | null;
  readonly blocks: readonly Block[];
}

export interface List extends Placed {
  readonly kind: 'list';
  readonly items: readonly Item[];
}

export type Align = 'left' | 'center' | 'right' | null;

export interface Table extends Placed {
  readonly kind: 'table';
  readonly aligns: readonly Align[];
  /** The first row is the head; each row has as many cells as there are columns. */
  readonly rows: readonly (readonly (readonly Inline[])[])[];
}

export interface Rule extends Placed {
  readonly kind: 'rule';
}

export type Block = Paragraph | Heading | CodeBlock | Quote | List | Table | Rule;

/** Whether a text is shown as it stands: there is no Markdown in it. */
export const isPlain = (blocks: readonly Block[]): boolean => blocks.every((block) => {
  if (block.kind !== 'paragraph' || block.parts.length !== 1) return false;
  const [words] = block.parts;
  return words!.kind === 'words' && words!.text.length === block.to - block.from;
});

/** All words below some nodes, in their order. */
export function wordsIn(nodes: readonly (Block | Inline)[]): readonly Words[] {
  return nodes.flatMap((node): readonly Words[] => {
    switch (node.kind) {
      case 'words':
        return [node];
      case 'quote':
        return wordsIn(node.blocks);
      case 'list':
        return node.items.flatMap(({ blocks }) => wordsIn(blocks));
      case 'table':
        return node.rows.flat().flatMap(wordsIn);
      case 'rule':
        return [];
      default:
        return 'info' in node ? [...node.info, ...node.parts] : wordsIn(node.parts);
    }
  });
}
