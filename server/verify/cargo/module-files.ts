import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { RustSyntax, SyntaxNode } from "../../syntax/parse.ts";

export interface ModuleFiles {
  readonly files: ReadonlySet<string>;
  /** How each file but the root came in. */
  readonly declarations: ReadonlyMap<string, ModDeclaration>;
  /** Something includes a file whose name cannot be read from the source. */
  readonly isUnclear: boolean;
  /** Something includes what a build script writes. */
  readonly hasGenerated: boolean;
}

/** What was read of files, with their size and time then: most do not change between two questions. */
export type KnownDeclarations = Map<string, { readonly stamp: string; readonly found: Found }>;

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
  known: KnownDeclarations = new Map(),
): ModuleFiles {
  const files = new Set<string>();
  const declarations = new Map<string, ModDeclaration>();
  let isUnclear = false;
  let hasGenerated = false;
  const visit = (file: string, directory: string, declared?: ModDeclaration) => {
    if (files.has(file)) return;
    const overlay = overlays.get(file);
    const found =
      overlay === undefined
        ? declarationsIn(syntax, file, known)
        : syntax.read(overlay, (node) => findDeclarations(node));
    if (found === undefined) return;
    files.add(file);
    if (declared !== undefined) declarations.set(file, declared);
    isUnclear ||= found.isUnclear;
    hasGenerated ||= found.hasGenerated;
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
  return { files, declarations, isUnclear, hasGenerated };
}

/** Whether a document is or may be among them. */
export function mayLeadTo(
  { files, isUnclear, hasGenerated }: ModuleFiles,
  isDocument: (file: string) => boolean,
): boolean {
  return isUnclear || hasGenerated || [...files].some(isDocument);
}

function declarationsIn(syntax: RustSyntax, file: string, known: KnownDeclarations): Found | undefined {
  const state = statSync(file, { throwIfNoEntry: false });
  if (state?.isFile() !== true) return undefined;
  const stamp = `${state.size} ${state.mtimeMs}`;
  const old = known.get(file);
  if (old?.stamp === stamp) return old.found;
  const found = syntax.read(readFileSync(file, "utf8"), (node) => findDeclarations(node));
  known.set(file, { stamp, found });
  return found;
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
  hasGenerated: boolean;
}

function findDeclarations(root: SyntaxNode): Found {
  const found: Found = { modules: [], isUnclear: false, hasGenerated: false };
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
    } else if (child.type === "macro_definition") {
      readMacroDefinition(child, found);
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

/** An `include!` of what a build script writes, or of something named by it. */
export function isGenerated(call: string): boolean {
  return /[([{]\s*env\s*!\s*[([{]\s*"OUT_DIR"/.test(call);
}

const modInTokens =
  /(?:#\s*\[\s*path\s*=\s*"([^"]*)"\s*\]\s*(?:#\s*\[[^\]]*\]\s*)*)?(?:\bpub\b\s*(?:\([^)]*\)\s*)?)?\bmod\s+(?:r#)?(\w+)\s*;/g;

/** A macro that includes what it is called with hides the name. */
function readMacroDefinition(node: SyntaxNode, found: Found): void {
  for (const [call] of node.text.matchAll(/\binclude\s*!\s*[([{](?!\s*")[^;]*/g)) {
    if (isGenerated(call)) found.hasGenerated = true;
    else found.isUnclear = true;
  }
}

function readMacro(node: SyntaxNode, attributes: readonly string[], found: Found): void {
  const name = node.childForFieldName("macro")?.text.split("::").at(-1);
  const line = node.startPosition.row + 1;
  if (name !== "include") {
    // Items may stand in a macro's arguments (cfg_if!), where they are tokens only.
    for (const [, path, module = ""] of node.text.matchAll(modInTokens))
      found.modules.push({ names: [module], path, line, attributes });
    return;
  }
  const literal = /^[\s\S]*!\s*[([{]\s*"([^"\\]*)"\s*,?\s*[)\]}]$/.exec(node.text)?.[1];
  if (literal === undefined && isGenerated(node.text)) found.hasGenerated = true;
  else if (literal === undefined) found.isUnclear = true;
  else found.modules.push({ names: [], path: literal, line, attributes });
}
