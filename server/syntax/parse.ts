import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Language, type Node, Parser } from "web-tree-sitter";
import { KeptTrees } from "./kept-trees.ts";

/** A node of the Rust syntax tree. Offsets are UTF-16 code units into the text that was parsed. */
export type SyntaxNode = Node;

export interface RustSyntax {
  /**
   * Parses `text` and hands the root to `visit`. A tree is memory of the wasm module and may go with the call, so
   * `visit` returns plain data and never a node.
   */
  read<T>(text: string, visit: (root: SyntaxNode) => T): T;
}

let loading: Promise<RustSyntax> | undefined;

/** Loads the grammar on first use (17 ms and some 10 MB measured), so that a session that never asks pays nothing. */
export function loadRustSyntax(): Promise<RustSyntax> {
  loading ??= load();
  return loading;
}

async function load(): Promise<RustSyntax> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammarPath()));
  const kept = new KeptTrees(parser);
  return { read: (text, visit) => kept.read(text, (tree) => visit(tree.rootNode)) };
}

/** Beside the built file; when run from source, in the development dependency that carries it. */
function grammarPath(): string {
  const built = fileURLToPath(new URL("./tree-sitter-rust.wasm", import.meta.url));
  if (existsSync(built)) return built;
  return createRequire(import.meta.url).resolve("tree-sitter-rust/tree-sitter-rust.wasm");
}
