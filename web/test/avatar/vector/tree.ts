/** As much of a document as the drawing needs: elements with attributes, written out as text. No browser takes part. */
export class Node {
  readonly children: Node[] = [];
  readonly style: Record<string, string> = {};
  readonly #attributes = new Map<string, string>();
  parent: Node | null = null;

  constructor(
    readonly name: string,
    readonly ownerDocument: Document,
  ) {}

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  appendChild(child: Node): Node {
    child.parent = this;
    this.children.push(child);
    return child;
  }

  remove(): void {
    const siblings = this.parent?.children;
    siblings?.splice(siblings.indexOf(this), 1);
    this.parent = null;
  }

  contains(other: Node | null): boolean {
    for (let node = other; node; node = node.parent) if (node === this) return true;
    return false;
  }

  /** Knows selectors of the form `[name]`. */
  closest(selector: string): Node | null {
    const name = selector.slice(1, -1);
    if (selector !== `[${name}]`) throw new Error(`no selector of this tree: ${selector}`);
    return this.getAttribute(name) === null ? this.parent?.closest(selector) ?? null : this;
  }

  /** This element and all within it, in the order in which they are painted. */
  *all(): Generator<Node> {
    yield this;
    for (const child of this.children) yield* child.all();
  }

  get tagName(): string {
    return this.name;
  }

  get id(): string {
    return this.getAttribute('id') ?? '';
  }

  /** In the order in which they were first set. */
  get attributes(): readonly (readonly [name: string, value: string])[] {
    return [...this.#attributes];
  }
}

/** A document that tests put in place of the browser's. */
export class Tree {
  /** What a question for the element at a point finds. */
  under: Node | null = null;

  createElementNS(_: string, name: string): Node {
    return new Node(name, this as unknown as Document);
  }

  createElement(name: string): Node {
    return this.createElementNS('', name);
  }

  elementFromPoint(): Node | null {
    return this.under;
  }
}
