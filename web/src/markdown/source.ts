import type { Words } from './tree';

/** A line of a block without what belongs to the blocks around it, and where it stands in the whole text. */
export interface Line {
  readonly text: string;
  readonly from: number;
}

/** The lines of a block as one text, whose places lead back to the whole text. */
export interface Source {
  readonly text: string;
  /** A stretch of it, in as few words as its way back allows. */
  words(from: number, to: number): readonly Words[];
}

/** @param closed The last line ends with a newline, too. */
export function sourceOf(lines: readonly Line[], closed = false): Source {
  const text = lines.map((line) => line.text).join('\n') + (closed && lines.length > 0 ? '\n' : '');
  // Lines that follow each other in the whole text as they do here need no border between them.
  const starts: number[] = [];
  const froms: number[] = [];
  let at = 0;
  let expected = -1;
  for (const line of lines) {
    if (line.from !== expected) {
      starts.push(at);
      froms.push(line.from);
    }
    at += line.text.length + 1;
    expected = line.from + line.text.length + 1;
  }

  const segmentAt = (place: number): number => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= place) low = middle;
      else high = middle;
    }
    return low;
  };

  return {
    text,
    words(from, to) {
      const found: Words[] = [];
      for (let i = segmentAt(from), begin = from; begin < to; i++) {
        const end = Math.min(to, starts[i + 1] ?? text.length);
        const place = froms[i]! + begin - starts[i]!;
        found.push({ kind: 'words', text: text.slice(begin, end), from: place, to: place + end - begin });
        begin = end;
      }
      return found;
    },
  };
}
