import { readMarkdown } from '../../src/markdown/reader';
import type { Block, Inline } from '../../src/markdown/tree';

const tags = { emphasis: 'em', strong: 'b', struck: 's' } as const;

const inline = (part: Inline): string => {
  switch (part.kind) {
    case 'words':
      return part.text;
    case 'code':
      return `{${inlines(part.parts)}}`;
    case 'link':
    case 'image':
    case 'address':
      return `<${part.kind} ${part.address}${part.title === '' ? '' : ` "${part.title}"`}>${inlines(part.parts)}</>`;
    default:
      return `<${tags[part.kind]}>${inlines(part.parts)}</${tags[part.kind]}>`;
  }
};

const inlines = (parts: readonly Inline[]): string => parts.map(inline).join('');

/** Blocks as one line each, to be compared. */
export const showBlocks = (blocks: readonly Block[]): readonly string[] => blocks.map((block) => {
  switch (block.kind) {
    case 'paragraph':
      return inlines(block.parts);
    case 'heading':
      return `h${block.level}: ${inlines(block.parts)}`;
    case 'code':
      return `code(${inlines(block.info)}): ${inlines(block.parts)}`;
    case 'rule':
      return '---';
    case 'quote':
      return `quote[${showBlocks(block.blocks).join(' / ')}]`;
    case 'list':
      return `list[${block.items.map(({ number, blocks: inner }) => `${number ?? '-'} ${showBlocks(inner).join(' / ')}`).join(', ')}]`;
    case 'table':
      return `table(${block.aligns.map((align) => align ?? '-').join(' ')})[${block.rows.map((row) => row.map(inlines).join(' | ')).join(', ')}]`;
  }
});

export const show = (text: string): readonly string[] => showBlocks(readMarkdown(text));
