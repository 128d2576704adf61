/** What of published code is compiled as a project is laid: behind nothing but features that are on. */
import { dirname, join } from "node:path";
import type { RustSyntax, SyntaxNode } from "../../server/syntax/parse.ts";
import type { SourceFile } from "./real-sites.ts";

/** All its members too: tests, platforms and what build scripts decide are left out. */
export function isCompiled(node: SyntaxNode, features: readonly string[]): boolean {
  const members = node.childForFieldName("body")?.namedChildren ?? [];
  const around: SyntaxNode[] = [];
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) around.push(at);
  if (around.some(({ type }) => type === "macro_definition")) return false;
  return [...members, ...around].flatMap(conditionsOf).every((condition) => isMet(condition, features));
}

/**
 * Files that `mod` leads to from a library or a program, by conditions that are met. What belongs to a build script, or
 * is read by one, is none.
 */
export function compiledFiles(
  syntax: RustSyntax,
  files: readonly SourceFile[],
  features: readonly string[],
): readonly SourceFile[] {
  const declarations = files.flatMap((file) => declarationsIn(syntax, file, features));
  const isIn = (path: string): boolean => {
    const own = declarations.filter(({ places }) => places.includes(path));
    return own.length === 0 ? isRoot.test(path) : own.some(({ by, isOn }) => isOn && isIn(by));
  };
  return files.filter(({ path }) => isIn(path));
}

const isRoot = /\/(?:lib|main)\.rs$|\/src\/bin\/[^/]+\.rs$/;

interface Declaration {
  /** File with the `mod` line. */
  readonly by: string;
  /** Where its code may be. */
  readonly places: readonly string[];
  readonly isOn: boolean;
}

function declarationsIn(
  syntax: RustSyntax,
  { path, text }: SourceFile,
  features: readonly string[],
): readonly Declaration[] {
  const folder = /\/(?:mod|lib|main)\.rs$/.test(path) ? dirname(path) : path.replace(/\.rs$/, "");
  return syntax.read(text, (root) =>
    root
      .descendantsOfType("mod_item")
      .filter((node) => node.childForFieldName("body") === null)
      .map((node) => {
        const place = join(folder, ...namesAround(node));
        const attributes = attributesOf(node).join("\n");
        const other = /\bpath\s*=\s*"(.*?)"/.exec(attributes)?.[1];
        const places = [`${place}.rs`, join(place, "mod.rs")];
        return {
          ...{ by: path, isOn: isCompiled(node, features) },
          places: other === undefined ? places : [join(dirname(path), other)],
        };
      })
      .filter(({ places }) => !places.includes(path)),
  );
}

/** Of the modules around, this one's last. */
function namesAround(node: SyntaxNode): readonly string[] {
  const names: string[] = [];
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.type === "mod_item") names.unshift(at.childForFieldName("name")?.text ?? "");
  }
  return names;
}

function isMet(condition: string, features: readonly string[]): boolean {
  const wanted = [...condition.matchAll(/feature\s*=\s*"([\w-]+)"/g)].map((found) => found[1] ?? "");
  const others = condition.replace(/"[^"]*"|\b(?:cfg|cfg_attr|all|any|feature)\b/g, "");
  return !/\w/.test(others) && wanted.every((feature) => features.includes(feature));
}

function conditionsOf(node: SyntaxNode): readonly string[] {
  const found = attributesOf(node).filter((text) => /\b(?:cfg|test)\b/.test(text));
  const own = node.firstNamedChild;
  return own?.type === "attribute_item" && /\bcfg\b/.test(own.text) ? [...found, own.text] : found;
}

function attributesOf(node: SyntaxNode): readonly string[] {
  const found: string[] = [];
  for (let before = node.previousSibling; before !== null; before = before.previousSibling) {
    if (before.type !== "attribute_item" && !before.isExtra) break;
    if (before.type === "attribute_item") found.push(before.text);
  }
  return found;
}
