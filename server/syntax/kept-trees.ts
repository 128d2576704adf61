import { LRUCache } from "lru-cache";
import { Edit, type Parser, type Tree } from "web-tree-sitter";

/** UTF-16 code units. Shorter texts take less time to parse anew than to compare. */
const isLarge = ({ length }: string) => length >= 20_000;
/** As many as one site has drafts, each read for one purpose after the other. */
const smallAtMost = 32;

/**
 * Trees of texts that were read a moment ago. One site is read many times, with and without its holes filled: the
 * last large text is parsed again only where it has changed (83 kB: some 20 ms anew, 3 ms after an edit).
 */
export class KeptTrees {
  readonly #parser: Parser;
  readonly #small = new LRUCache<string, Tree>({ max: smallAtMost, dispose: (tree) => tree.delete() });
  #kept: { readonly text: string; readonly tree: Tree } | undefined;
  #isRead = false;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  read<T>(text: string, visit: (tree: Tree) => T): T {
    // A tree that somebody is reading further up must not go.
    if (this.#isRead) return this.#readOnce(text, visit);
    const tree = isLarge(text) ? this.#treeOf(text) : this.#smallTreeOf(text);
    this.#isRead = true;
    try {
      return visit(tree);
    } finally {
      this.#isRead = false;
    }
  }

  #readOnce<T>(text: string, visit: (tree: Tree) => T): T {
    const tree = this.#parse(text);
    try {
      return visit(tree);
    } finally {
      tree.delete();
    }
  }

  #smallTreeOf(text: string): Tree {
    const tree = this.#small.get(text) ?? this.#parse(text);
    this.#small.set(text, tree);
    return tree;
  }

  #treeOf(text: string): Tree {
    if (this.#kept?.text === text) return this.#kept.tree;
    const tree = this.#fromKept(text) ?? this.#parse(text);
    this.#kept?.tree.delete();
    this.#kept = { text, tree };
    return tree;
  }

  /** Undefined where the texts share too little, or where errors are: those may be found elsewhere in a tree made anew. */
  #fromKept(text: string): Tree | undefined {
    if (this.#kept === undefined) return undefined;
    const { text: before, tree } = this.#kept;
    const start = sharedStart(before, text);
    const end = sharedEnd(before, text, start);
    if (start + end < text.length / 2) return undefined;
    const edited = tree.copy();
    const edit = new Edit({
      startIndex: start,
      oldEndIndex: before.length - end,
      newEndIndex: text.length - end,
      startPosition: pointAt(before, start),
      oldEndPosition: pointAt(before, before.length - end),
      newEndPosition: pointAt(text, text.length - end),
    });
    edited.edit(edit);
    const made = this.#parse(text, edited);
    edited.delete();
    if (!made.rootNode.hasError) return made;
    made.delete();
    return undefined;
  }

  #parse(text: string, before?: Tree): Tree {
    const tree = this.#parser.parse(text, before);
    if (tree === null) throw new Error("the syntax tree parser gave up");
    return tree;
  }
}

function sharedStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

function sharedEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length))
    length += 1;
  return length;
}

function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    row += 1;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}
