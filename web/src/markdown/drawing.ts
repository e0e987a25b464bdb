import { growingReader } from './reader';
import { shapeOf, type ElementShape, type Labels, type Shape, type TextShape } from './shapes';
import { isPlain, type Block } from './tree';

/** A shape that stands in the page. */
interface Drawn {
  readonly shape: Shape;
  readonly node: Text | HTMLElement;
  readonly parts: readonly Drawn[];
}

/** A reply with Markdown in an element. */
export interface Drawing {
  /** Draws the text; what stands there already stays. Returns false, and draws nothing, when there is no Markdown in it. */
  write(text: string, growing: boolean): boolean;
  /** From one place of the text to another; null when nothing of it is shown. */
  stretch(from: number, to: number): Range | null;
  /** The text nodes of the reply, in order. */
  leaves(): readonly Leaf[];
  clear(): void;
}

/** A text node, and where its text stands in the reply. */
export interface Leaf {
  readonly node: Text;
  readonly from: number;
  readonly to: number;
}

/** Elements and text nodes made by hand: no text of a reply is ever read as HTML. */
export function startDrawing(place: HTMLElement, labels: () => Labels): Drawing {
  const read = growingReader();
  let blocks: readonly Block[] = [];
  let drawn: readonly Drawn[] = [];
  let known: readonly Leaf[] | null = null;

  const leaves = (): readonly Leaf[] => known ??= leavesOf(drawn);

  const clear = (): void => {
    for (const { node } of drawn) node.remove();
    [drawn, blocks, known] = [[], [], null];
    place.classList.remove('markdown');
  };

  return {
    write(text, growing) {
      const before = blocks;
      const next = read(text, growing);
      if (isPlain(next)) {
        clear();
        return false;
      }
      place.classList.add('markdown');
      blocks = next;
      known = null;
      const spoken = labels();
      const shapes = next.flatMap((block, i): Shape[] => {
        // A finished block is the same object: so is its shape, and nothing of it is looked at again.
        const settled = block === before[i] ? drawn[2 * i]?.shape : undefined;
        const shape = settled ?? shapeOf(block, spoken);
        return i === 0 ? [shape] : [between, shape];
      });
      drawn = patch(place, drawn, shapes);
      return true;
    },
    stretch(from, to) {
      const within = leaves().filter((leaf) => leaf.from < to && leaf.to > from);
      const [start, end] = [within[0], within.at(-1)];
      if (start === undefined || end === undefined) return null;
      const range = document.createRange();
      range.setStart(start.node, placeIn(start, from));
      range.setEnd(end.node, placeIn(end, to));
      return range;
    },
    leaves,
    clear,
  };
}

const between: TextShape = { text: '\n', words: null };

const leavesOf = (drawn: readonly Drawn[]): readonly Leaf[] => drawn.flatMap(({ shape, node, parts }): readonly Leaf[] => {
  if (!(node instanceof Text)) return leavesOf(parts);
  const words = 'words' in shape ? shape.words : null;
  return words === null ? [] : [{ node, from: words.from, to: words.to }];
});

/** Where a place of the text is in a node; what stands for something longer, or shorter, is taken as a whole. */
function placeIn({ node, from, to }: Leaf, place: number): number {
  if (node.length === to - from) return Math.min(node.length, Math.max(0, place - from));
  return place <= from ? 0 : node.length;
}

/** Strikes out what was not heard of a reply that is not written again. */
export function strikeFrom(drawing: Drawing, heard: number): void {
  for (const leaf of drawing.leaves()) {
    if (leaf.to <= heard) continue;
    const rest = leaf.from < heard ? leaf.node.splitText(placeIn(leaf, heard)) : leaf.node;
    const struck = document.createElement('span');
    struck.className = 'history-unheard';
    rest.replaceWith(struck);
    struck.append(rest);
  }
}

/** Makes the children of an element what they shall be, with as many of the present ones as fit. */
function patch(parent: HTMLElement, drawn: readonly Drawn[], shapes: readonly Shape[]): readonly Drawn[] {
  for (const { node } of drawn.slice(shapes.length)) node.remove();
  return shapes.map((shape, i) => {
    const old = drawn[i];
    if (old?.shape === shape) return old;
    if (old === undefined) {
      const made = draw(shape);
      parent.append(made.node);
      return made;
    }
    const kept = 'tag' in shape ? patchElement(old, shape) : patchText(old, shape);
    if (kept !== null) return kept;
    const made = draw(shape);
    old.node.replaceWith(made.node);
    return made;
  });
}

function patchElement({ shape: before, node, parts }: Drawn, shape: ElementShape): Drawn | null {
  if (!('tag' in before) || before.tag !== shape.tag || node instanceof Text) return null;
  for (const name of Object.keys(before.given)) if (!(name in shape.given)) node.removeAttribute(name);
  for (const [name, value] of Object.entries(shape.given)) if (before.given[name] !== value) node.setAttribute(name, value);
  return { shape, node, parts: patch(node, parts, shape.parts) };
}

function patchText({ shape: before, node }: Drawn, shape: TextShape): Drawn | null {
  if ('tag' in before || !(node instanceof Text)) return null;
  // Appending keeps what the reader has selected in a growing reply.
  if (shape.text.startsWith(node.data)) node.appendData(shape.text.slice(node.length));
  else node.data = shape.text;
  return { shape, node, parts: [] };
}

function draw(shape: Shape): Drawn {
  if (!('tag' in shape)) return { shape, node: document.createTextNode(shape.text), parts: [] };
  const node = document.createElement(shape.tag);
  for (const [name, value] of Object.entries(shape.given)) node.setAttribute(name, value);
  const parts = shape.parts.map(draw);
  node.append(...parts.map((part) => part.node));
  return { shape, node, parts };
}
