import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { RustSyntax, SyntaxNode } from "../syntax/parse.ts";

export interface ModuleFiles {
  readonly files: ReadonlySet<string>;
  /** Something includes a file whose name cannot be read from the source. */
  readonly isUnclear: boolean;
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
  let isUnclear = false;
  const visit = (file: string, directory: string) => {
    if (files.has(file)) return;
    const text = overlays.get(file) ?? readIfFile(file);
    if (text === undefined) return;
    files.add(file);
    const found = syntax.read(text, (node) => declarations(node));
    if (found.isUnclear) isUnclear = true;
    for (const path of found.included) visit(resolve(dirname(file), path), directory);
    for (const { path, names } of found.modules) {
      const inner = join(directory, ...names.slice(0, -1));
      const name = names.at(-1) ?? "";
      if (path !== undefined) {
        // In an inline module the path counts from that module's directory, else from the file's.
        const from = names.length > 1 ? inner : dirname(file);
        visit(resolve(from, path), dirname(resolve(from, path)));
        continue;
      }
      visit(join(inner, `${name}.rs`), join(inner, name));
      visit(join(inner, name, "mod.rs"), join(inner, name));
    }
  };
  visit(root, dirname(root));
  return { files, isUnclear };
}

interface Declarations {
  readonly modules: { readonly names: readonly string[]; readonly path: string | undefined }[];
  readonly included: string[];
  isUnclear: boolean;
}

function declarations(root: SyntaxNode): Declarations {
  const found: Declarations = { modules: [], included: [], isUnclear: false };
  collect(root, [], found);
  return found;
}

function collect(node: SyntaxNode, names: readonly string[], found: Declarations): void {
  let path: string | undefined;
  for (const child of node.namedChildren) {
    if (child === null) continue;
    if (child.type === "attribute_item") {
      path = /\bpath\s*=\s*"([^"]*)"/.exec(child.text)?.[1] ?? path;
      continue;
    }
    if (child.type === "line_comment" || child.type === "block_comment") continue;
    if (child.type === "mod_item") {
      const own = [...names, child.childForFieldName("name")?.text ?? ""];
      const body = child.childForFieldName("body");
      if (body === null) found.modules.push({ names: own, path });
      else collect(body, own, found);
    } else if (child.type === "macro_invocation") {
      readMacro(child, found);
    } else {
      collect(child, names, found);
    }
    path = undefined;
  }
}

function readMacro(node: SyntaxNode, found: Declarations): void {
  const name = node.childForFieldName("macro")?.text.split("::").at(-1);
  if (name !== "include") {
    // Items may stand in a macro's arguments (cfg_if!), where they are tokens only.
    for (const match of node.text.matchAll(/\bmod\s+(?:r#)?(\w+)\s*;/g)) {
      found.modules.push({ names: [match[1] ?? ""], path: undefined });
    }
    return;
  }
  const literal = /^[\s\S]*!\s*[([{]\s*"([^"\\]*)"\s*,?\s*[)\]}]$/.exec(node.text)?.[1];
  if (literal === undefined) found.isUnclear = true;
  else found.included.push(literal);
}

function readIfFile(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(file, "utf8")
    : undefined;
}
