import { lexRust, type Token } from "./lex.ts";
import type { SyntaxNode } from "./parse.ts";

export interface Attribute {
  /** `["allow"]`; what a `cfg_attr` adds; `["unknown"]` where it cannot be read. */
  readonly names: readonly string[];
  /** As written: `#[allow(dead_code)]`. */
  readonly text: string;
}

/** The attributes in front of an item, in their order. */
export function attributesOf(node: SyntaxNode): readonly Attribute[] {
  const found: Attribute[] = [];
  for (let before = node.previousNamedSibling; before !== null; before = before.previousNamedSibling) {
    if (before.type === "line_comment" || before.type === "block_comment") continue;
    if (before.type !== "attribute_item") break;
    found.unshift({ names: namesIn(before.text), text: before.text });
  }
  return found;
}

function namesIn(text: string): readonly string[] {
  const tokens = (lexRust(text) ?? []).filter(({ kind }) => !kind.endsWith("comment")).slice(2, -1);
  const name = nameAt(tokens, 0);
  return name === "cfg_attr" ? addedBy(tokens) : [name];
}

/** `cfg_attr(condition, one, two(…))` adds `one` and `two`. */
function addedBy(tokens: readonly Token[]): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind === "open") depth += 1;
    if (kind === "close") depth -= 1;
    if (text === "," && depth === 1 && index < tokens.length - 2) names.push(nameAt(tokens, index + 1));
  }
  return names.length === 0 ? ["unknown"] : names;
}

function nameAt(tokens: readonly Token[], index: number): string {
  let name = "";
  for (const { kind, text } of tokens.slice(index)) {
    if (kind !== "word" && text !== ":") break;
    name += text;
  }
  return name === "" ? "unknown" : name;
}

/** Not a macro that makes something else of what it stands on. */
export function isBuiltInAttribute(name: string): boolean {
  return builtIn.has(name) || /^(clippy|rustfmt|rustc|diagnostic|miri)\b/.test(name);
}

const builtIn = new Set(
  (
    "allow warn deny forbid expect cfg cfg_attr derive doc inline cold must_use test ignore should_panic bench " +
    "track_caller no_mangle unsafe export_name link_section link_name target_feature deprecated repr path macro_use " +
    "macro_export automatically_derived non_exhaustive no_std no_main no_core feature recursion_limit type_length_limit " +
    "global_allocator panic_handler proc_macro proc_macro_derive proc_macro_attribute used windows_subsystem " +
    "crate_name crate_type no_implicit_prelude no_builtins instruction_set naked optimize coverage define_opaque"
  ).split(" "),
);

/** What `#[cfg(…)]` on an arm says, all of them together; the grammar has an arm's attributes inside of it. */
export function conditionOfArm(arm: SyntaxNode): string | undefined {
  const attributes = arm.children.filter((child) => child?.type === "attribute_item");
  const conditions = attributes.flatMap(
    (child) => /^#\[\s*cfg\s*\(([^]*)\)\s*\]$/.exec(child?.text ?? "")?.[1] ?? [],
  );
  return conditions.length > 1 ? `all(${conditions.join(", ")})` : conditions[0];
}
