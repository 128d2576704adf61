import type { ArmExample, ImplExample, MatchExample, TypeDefinition } from "../stages.ts";
import { readImpl } from "./impl-examples.ts";
import { isOpenBody } from "./open-bodies.ts";
import type { RustSyntax, SyntaxNode } from "./parse.ts";
import { readPatterns } from "./patterns.ts";
import { readTypeDefinition } from "./type-definitions.ts";

/** What one file has to learn from. Open bodies and test modules are left out. */
export interface FileExamples {
  readonly path: string;
  readonly matches: readonly MatchExample[];
  readonly impls: readonly ImplExample[];
  readonly types: readonly TypeDefinition[];
}

const exampleTypes = [
  "match_expression",
  "impl_item",
  "enum_item",
  "struct_item",
  "function_item",
  "mod_item",
];

/**
 * Reads every match with at least one path pattern, every impl, every enum and struct. Tolerates syntax errors.
 * @param firstLine 1-based line of the text's first line in its file.
 */
export function readExamples(syntax: RustSyntax, text: string, path: string, firstLine = 1): FileExamples {
  return syntax.read(text, (root) => {
    const nodes = root.descendantsOfType(exampleTypes);
    const tests = nodes.filter(isTestCode);
    const kept = nodes.filter((node) => !tests.some((test) => contains(test, node)));
    const functions = kept.filter((node) => node.type === "function_item");
    const ofType = (type: string) => kept.filter((node) => node.type === type);
    return {
      path,
      matches: ofType("match_expression").flatMap((node) =>
        readMatch(node, { path, firstLine, functionName: innermostName(functions, node) }),
      ),
      impls: ofType("impl_item").flatMap((node) => readImpl(node, path, firstLine) ?? []),
      types: [...ofType("enum_item"), ...ofType("struct_item")].flatMap(
        (node) => readTypeDefinition(node, path) ?? [],
      ),
    };
  });
}

interface MatchPlace {
  readonly path: string;
  readonly firstLine: number;
  readonly functionName: string;
}

function readMatch(node: SyntaxNode, { path, firstLine, functionName }: MatchPlace): MatchExample[] {
  const block = node.childForFieldName("body");
  const armNodes = (block?.namedChildren ?? []).filter((child) => child.type.startsWith("match_arm"));
  const patterns = armNodes.map((arm) => {
    const pattern = arm.childForFieldName("pattern");
    return pattern === null ? [] : readPatterns(pattern);
  });
  if (!patterns.flat().some((pattern) => pattern.isPath)) return [];
  const arms = armNodes.flatMap((arm, index): ArmExample[] => {
    const value = arm.childForFieldName("value");
    if (value === null || isOpenBody(value)) return [];
    const guarded = arm.childForFieldName("pattern")?.childForFieldName("condition") != null;
    return (patterns[index] ?? []).map((pattern) => ({
      variant: pattern.variant,
      qualifier: pattern.qualifier,
      pattern: pattern.text,
      guarded,
      binders: pattern.binders.map((binder) => binder.name),
      fields: pattern.shape === "record" ? pattern.binders.map((binder) => binder.field ?? binder.name) : [],
      body: value.text,
    }));
  });
  return [{ path, line: node.startPosition.row + firstLine, functionName, arms }];
}

/** A `#[cfg(test)]` module or a `#[test]` function. */
export function isTestCode(node: SyntaxNode): boolean {
  if (node.type !== "mod_item" && node.type !== "function_item") return false;
  let before = node.previousSibling;
  while (before?.type === "attribute_item") {
    const words = before.descendantsOfType("identifier").map((word) => word.text);
    if (words.includes("test") && !words.includes("not")) return true;
    before = before.previousSibling;
  }
  return false;
}

function innermostName(functions: readonly SyntaxNode[], node: SyntaxNode): string {
  const innermost = functions.filter((candidate) => contains(candidate, node)).at(-1);
  return innermost?.childForFieldName("name")?.text ?? "";
}

function contains(outer: SyntaxNode, inner: SyntaxNode): boolean {
  return outer.startIndex <= inner.startIndex && inner.endIndex <= outer.endIndex;
}
