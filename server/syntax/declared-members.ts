import { attributesOf } from "./attributes.ts";
import type { RustSyntax, SyntaxNode } from "./parse.ts";
import { type Splice, spliceText } from "./splice.ts";

/**
 * Members of a trait as an impl of it writes them: functions with `todo!()` as their body, types and constants without
 * a value. undefined where the trait does not declare one of them.
 * @param trait The trait's definition, as written.
 * @param reference The trait as the impl names it: what it says between `<` and `>` stands for the trait's parameters.
 */
export function declaredMembers(
  syntax: RustSyntax,
  trait: string,
  reference: string,
  names: readonly string[],
): readonly string[] | undefined {
  const values = syntax.read(`impl ${reference} for () {}`, (root) => {
    const named = root.descendantsOfType("impl_item")[0]?.childForFieldName("trait");
    return (named?.childForFieldName("type_arguments")?.namedChildren ?? [])
      .filter(({ type }) => type !== "type_binding")
      .map(({ text }) => text);
  });
  return syntax.read(trait, (root) => {
    const [item] = root.descendantsOfType("trait_item");
    const members = item?.childForFieldName("body")?.namedChildren ?? [];
    const parameters = item === undefined ? undefined : parametersOf(item, values);
    const found = names.map((name) =>
      members.find((member) => member.childForFieldName("name")?.text === name),
    );
    if (parameters === undefined) return undefined;
    const texts = found.map((member) => (member === undefined ? undefined : implemented(member, parameters)));
    return texts.every((text) => text !== undefined) ? texts : undefined;
  });
}

/** Names of the members that a trait leaves to whoever implements it, in every build. */
export function membersWanted(syntax: RustSyntax, trait: string): readonly string[] {
  return syntax.read(trait, (root) => {
    const members = root.descendantsOfType("trait_item")[0]?.childForFieldName("body")?.namedChildren ?? [];
    const isOpen = (member: SyntaxNode) =>
      ["body", "value"].every((field) => member.childForFieldName(field) === null) &&
      ["function_signature_item", "associated_type", "const_item"].includes(member.type) &&
      attributesOf(member).every(({ text }) => !/^#\[\s*cfg/.test(text));
    return members.filter(isOpen).map((member) => member.childForFieldName("name")?.text ?? "");
  });
}

/** What each parameter of the trait is in the impl; undefined where that is not told. */
function parametersOf(trait: SyntaxNode, values: readonly string[]): ReadonlyMap<string, string> | undefined {
  const declared = (trait.childForFieldName("type_parameters")?.namedChildren ?? []).filter(
    ({ type, isExtra }) => !isExtra && type !== "attribute_item",
  );
  const given = new Map<string, string>();
  const left = [...values];
  for (const parameter of declared) {
    const name = parameter.childForFieldName("name")?.text;
    const value = left.shift() ?? parameter.childForFieldName("default_type")?.text;
    if (name === undefined || value === undefined) return undefined;
    given.set(name, value);
  }
  return given;
}

function implemented(member: SyntaxNode, parameters: ReadonlyMap<string, string>): string | undefined {
  const body = member.childForFieldName("body");
  const end = body?.startIndex ?? member.endIndex;
  const splices = member
    .descendantsOfType(["type_identifier", "lifetime", "identifier"])
    .filter((node) => node.startIndex < end)
    .flatMap((node): readonly Splice[] => {
      const text = parameters.get(node.text);
      if (text === undefined || text === node.text) return [];
      const span = { start: node.startIndex - member.startIndex, end: node.endIndex - member.startIndex };
      return [{ span, text }];
    });
  // Without the body that a trait may give.
  const own = member.text.slice(0, end - member.startIndex);
  const text = spliceText(own, splices).text.replace(/\s*;?\s*$/, "");
  switch (member.type) {
    case "function_signature_item":
    case "function_item":
      return `${text} {\n    todo!()\n}`;
    case "associated_type": {
      // Bounds are the trait's to say.
      const bounds = member.childForFieldName("bounds");
      return bounds === null && splices.length === 0 ? `${text};` : withoutBounds(member);
    }
    case "const_item":
      return `${text};`;
    default:
      return undefined;
  }
}

function withoutBounds(type: SyntaxNode): string {
  const parts = [type.childForFieldName("name"), type.childForFieldName("type_parameters")];
  return `type ${parts.map((part) => part?.text ?? "").join("")};`;
}
