import { wordsIn, type Block, type Inline } from './tree';

const wordsOf = (nodes: readonly (Block | Inline)[]): string => wordsIn(nodes).map(({ text }) => text).join('');

/** A reply as a screen reader says it: its words without their signs, a line for each block, item and row. */
export const spokenText = (blocks: readonly Block[]): string => blocks.map((block) => {
  switch (block.kind) {
    case 'quote':
      return spokenText(block.blocks);
    case 'list':
      return block.items.map(({ number, blocks: inner }) => `${number === null ? '' : `${number}. `}${spokenText(inner)}`).join('\n');
    case 'table':
      return block.rows.map((cells) => cells.map(wordsOf).join(', ')).join('\n');
    case 'code':
      return `${wordsOf(block.info)}\n${wordsOf(block.parts)}`.trim();
    default:
      return wordsOf([block]);
  }
}).join('\n');
