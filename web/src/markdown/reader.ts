import { readBlocks } from './blocks';
import type { Block } from './tree';

/**
 * The blocks of a text: CommonMark and the tables and strikethrough of GitHub, without HTML and without links that are defined elsewhere in
 * the text. Every place in them is a place in the text.
 * @param growing More may follow: what the last line is as a whole cannot be told.
 */
export const readMarkdown = (text: string, growing = false): readonly Block[] => readBlocks(text, 0, growing);

/** Reads a text that grows; blocks that are finished stay the same objects. */
export function growingReader(): (text: string, growing: boolean) => readonly Block[] {
  let known = '';
  let blocks: readonly Block[] = [];

  return (text, growing) => {
    // What comes can change the last line, and with it what it belongs to: the last block, or the one before.
    const settled = text.startsWith(known) ? blocks.slice(0, -2) : [];
    const from = settled.length === 0 ? 0 : blocks[settled.length]!.from;
    known = text;
    blocks = [...settled, ...readBlocks(text, from, growing)];
    return blocks;
  };
}
