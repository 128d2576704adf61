import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";

export interface ModuleFiles {
  readonly files: ReadonlySet<string>;
  /** How each file but the root came in. */
  readonly declarations: ReadonlyMap<string, ModDeclaration>;
  /** Something includes a file whose name cannot be read from the source. */
  readonly isUnclear: boolean;
}

export interface ModDeclaration {
  /** The file it stands in. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** "mod shapes", "include!" */
  readonly what: string;
  /** What stands in the brackets of its attributes and of those of the modules around it. */
  readonly attributes: readonly string[];
}

/**
 * Files that a crate with this root could be made of, whatever is configured: `mod`, `#[path]` and `include!`
 * followed with the syntax tree. For what rustc has not told (yet): it is wider than what is compiled.
 */
export function moduleFiles(
  syntax: RustSyntax,
  root: string,
  overlays: ReadonlyMap<string, string>,
): ModuleFiles {
  const files = new Set<string>();
  const declarations = new Map<string, ModDeclaration>();
  let isUnclear = false;
  const visit = (file: string, directory: string, declared?: ModDeclaration) => {
    if (files.has(file)) return;
    const text = overlays.get(file) ?? readIfFile(file);
    if (text === undefined) return;
    files.add(file);
    if (declared !== undefined) declarations.set(file, declared);
    const found = syntax.read(text, (node) => findDeclarations(node));
    if (found.isUnclear) isUnclear = true;
    for (const { path, names, line, attributes } of found.modules) {
      const name = names.at(-1) ?? "";
      const what = names.length === 0 ? "include!" : `mod ${name}`;
      const here: ModDeclaration = { file, line, what, attributes };
      if (names.length === 0) {
        visit(resolve(dirname(file), path ?? ""), directory, here);
        continue;
      }
      const inner = join(directory, ...names.slice(0, -1));
      if (path !== undefined) {
        // In an inline module the path counts from that module's directory, else from the file's.
        const from = names.length > 1 ? inner : dirname(file);
        visit(resolve(from, path), dirname(resolve(from, path)), here);
        continue;
      }
      visit(join(inner, `${name}.rs`), join(inner, name), here);
      visit(join(inner, name, "mod.rs"), join(inner, name), here);
    }
  };
  visit(root, dirname(root));
  return { files, declarations, isUnclear };
}

interface Found {
  readonly modules: {
    /** Those of the inline modules around it, then its own; none for an `include!`. */
    readonly names: readonly string[];
    readonly path: string | undefined;
    readonly line: number;
    readonly attributes: readonly string[];
  }[];
  isUnclear: boolean;
}

function findDeclarations(root: SyntaxNode): Found {
  const found: Found = { modules: [], isUnclear: false };
  collect(root, { names: [], attributes: [] }, found);
  return found;
}

interface Around {
  readonly names: readonly string[];
  readonly attributes: readonly string[];
}

function collect(node: SyntaxNode, around: Around, found: Found): void {
  let own: string[] = [];
  for (const child of node.namedChildren) {
    if (child === null) continue;
    if (child.type === "attribute_item") {
      own.push(child.text.replace(/^#\s*\[|\]$/g, ""));
      continue;
    }
    if (child.type === "line_comment" || child.type === "block_comment") continue;
    const attributes = [...around.attributes, ...own];
    if (child.type === "mod_item") {
      const names = [...around.names, child.childForFieldName("name")?.text ?? ""];
      const body = child.childForFieldName("body");
      const line = child.startPosition.row + 1;
      if (body === null) found.modules.push({ names, path: pathIn(own), line, attributes });
      else collect(body, { names, attributes }, found);
    } else if (child.type === "macro_invocation") {
      readMacro(child, attributes, found);
    } else {
      collect(child, { ...around, attributes }, found);
    }
    own = [];
  }
}

function pathIn(attributes: readonly string[]): string | undefined {
  const paths = attributes.flatMap((text) => /\bpath\s*=\s*"([^"]*)"/.exec(text)?.[1] ?? []);
  return paths.at(-1);
}

function readMacro(node: SyntaxNode, attributes: readonly string[], found: Found): void {
  const name = node.childForFieldName("macro")?.text.split("::").at(-1);
  const line = node.startPosition.row + 1;
  if (name !== "include") {
    // Items may stand in a macro's arguments (cfg_if!), where they are tokens only.
    for (const match of node.text.matchAll(/\bmod\s+(?:r#)?(\w+)\s*;/g)) {
      found.modules.push({ names: [match[1] ?? ""], path: undefined, line, attributes });
    }
    return;
  }
  const literal = /^[\s\S]*!\s*[([{]\s*"([^"\\]*)"\s*,?\s*[)\]}]$/.exec(node.text)?.[1];
  if (literal === undefined) found.isUnclear = true;
  else found.modules.push({ names: [], path: literal, line, attributes });
}

function readIfFile(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(file, "utf8")
    : undefined;
}
