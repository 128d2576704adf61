import type { SyntaxNode } from "../../syntax/parse.ts";
import { withoutTypeArguments } from "./called-paths.ts";
import { argumentsOf, type OwnNames, type OwnParameter, ownValue, type OwnValue } from "./own-values.ts";
import { alwaysCalls } from "./self-calls.ts";
import { conversionsBack, detours } from "./std-detours.ts";
import type { CallGraph, Surroundings } from "./surroundings.ts";

/**
 * Whether a filling only calls the function it stands in again, in ways that rustc's lint
 * `unconditional_recursion` does not see: operators, formatting, conversions, std's provided methods, other functions of
 * this file, and one arm of a match. A method that is called on `self` by its own name may be the type's own, so where it
 * is all of the body that is left to the lint, which knows.
 */
export function delegatesToItself(nodes: readonly SyntaxNode[], around: Surroundings): boolean {
  const results = resultsOf(nodes, namesOf(around));
  if (results.some(({ node, names }) => convertsAgain(node, names, around))) return true;
  if (around.isSettled && results.some(({ node, names }) => callsAgain(node, names, around))) return true;
  const calls = around.isSettled ? alwaysCalls(nodes, around.parameters) : new Set<string>();
  return calls.size > 0 && leadsBack(calls, around);
}

/** Whether one of the calls ends, by what those functions always call, in the function itself. */
function leadsBack(calls: Iterable<string>, around: Surroundings): boolean {
  const { name, trait, type } = around;
  const others = around.others();
  const goal = trait === "" ? (type === "" ? `fn ${name}` : `::${name}`) : `${trait}::${name}`;
  const seen = new Set<string>();
  const open = [...calls].map((call) => ({ call, isDirect: true }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const key of keysOf(next.call, others, around)) {
      // Of a direct call by the name alone the lint knows whose method it is.
      const isForLint = next.isDirect && [`.${name}`, `fn ${name}`, `${type}::${name}`].includes(next.call);
      if (key === goal && !isForLint) return true;
      if (key === goal || seen.has(key)) continue;
      seen.add(key);
      const further = others.get(key) ?? detours[key.split("::").at(-1) ?? ""] ?? [];
      open.push(...[...further].map((call) => ({ call, isDirect: false })));
    }
  }
  return false;
}

/** The functions that a call may be, as keys of the graph. */
function keysOf(call: string, others: CallGraph, { name, trait, type }: Surroundings): readonly string[] {
  const method = /^[.=]/.test(call)
    ? call.slice(1)
    : call.startsWith(`${type}::`)
      ? call.slice(type.length + 2)
      : undefined;
  if (method === undefined) return [call];
  if (others.has(`::${method}`) || (trait === "" && method === name)) return [`::${method}`];
  // Two traits may have a method of this name; `fmt` is in nine.
  if (method === "fmt") return [];
  const inTraits = [...others.keys()].filter((key) => key.endsWith(`::${method}`));
  if (trait !== "" && method === name) inTraits.push(`${trait}::${name}`);
  return inTraits.length > 0 ? inTraits : [`std::${method}`];
}

interface Result {
  readonly node: SyntaxNode;
  readonly names: OwnNames;
}

function namesOf({ parameters }: Surroundings): OwnNames {
  return new Map(parameters.map((parameter) => [parameter.name, parameter]));
}

/** What the filling gives in the end, with blocks, `?`, `return`, `Ok(…)` and what changes errors only taken off. */
function resultsOf(nodes: readonly SyntaxNode[], names: OwnNames): readonly Result[] {
  const solid = nodes.filter(({ type }) => !type.endsWith("_comment"));
  const last = solid.at(-1);
  if (last === undefined) return [];
  const own = new Map<string, OwnValue>(names);
  const bound = new Map<string, SyntaxNode>();
  for (const statement of solid.slice(0, -1)) {
    for (const name of changedIn(statement)) own.delete(name);
    const pattern = statement.type === "let_declaration" ? statement.childForFieldName("pattern") : null;
    for (const name of pattern?.text.match(/\b[a-z_]\w*\b/g) ?? []) {
      own.delete(name);
      bound.delete(name);
    }
    const value = statement.childForFieldName("value");
    if (pattern?.type !== "identifier" || value === null) continue;
    const same = ownValue(value, names);
    if (same !== undefined) own.set(pattern.text, same);
    bound.set(pattern.text, value);
  }
  return [...uncovered(last, own), ...uncovered(bound.get(last.text), own)];
}

/** Names that a statement gives another value, or lends for that. */
function changedIn(statement: SyntaxNode): readonly string[] {
  const changing = ["assignment_expression", "compound_assignment_expr", "reference_expression"];
  return statement.descendantsOfType(changing).flatMap((node) => {
    if (node.type === "reference_expression") return /^&\s*mut\s+(\w+)$/.exec(node.text)?.[1] ?? [];
    return node.childForFieldName("left")?.text ?? [];
  });
}

function uncovered(node: SyntaxNode | undefined, names: OwnNames): readonly Result[] {
  if (node === undefined) return [];
  if (node.type === "block") return resultsOf(node.namedChildren, names);
  if (wrappers.has(node.type)) return uncovered(node.namedChild(0) ?? undefined, names);
  if (node.type === "reference_expression")
    return uncovered(node.childForFieldName("value") ?? undefined, names);
  const called = node.type === "call_expression" ? node.childForFieldName("function") : null;
  if (called?.text === "Ok" || called?.text === "Some") return uncovered(argumentsOf(node)[0], names);
  const method = called?.childForFieldName("field")?.text ?? "";
  const receiver = called?.childForFieldName("value");
  const inner = keepsValue.has(method) && receiver != null ? uncovered(receiver, names) : [];
  return [{ node, names }, ...inner];
}

const wrappers = new Set([
  "expression_statement",
  "parenthesized_expression",
  "return_expression",
  "try_expression",
]);
const keepsValue = new Set([
  ...["map_err", "unwrap", "expect", "or_else", "ok_or", "ok_or_else", "unwrap_or_else", "unwrap_or_default"],
  ...["ok", "or", "context", "with_context"],
]);

/** `x.into()` in `from`, `s.trim().parse()` in `from_str`, `iter.collect()` in `from_iter`: they call the function back. */
function convertsAgain(
  node: SyntaxNode,
  names: OwnNames,
  { name, trait, parameters }: Surroundings,
): boolean {
  const back = conversionsBack[name];
  const called =
    node.type === "call_expression" ? withoutTypeArguments(node.childForFieldName("function")) : undefined;
  if (back === undefined || called === undefined || trait === "") return false;
  const method = called.childForFieldName("field")?.text ?? called.childForFieldName("name")?.text ?? "";
  if (!back.includes(method)) return false;
  if (name === "default") return /^(?:\w+::)*(?:Option(?:::<.*>)?::)?None/.test(called.text);
  const path = called.childForFieldName("path")?.text;
  if (path !== undefined && !/(?:^|::|<)(?:str|Into|TryInto|Iterator)>?$/.test(path)) return false;
  const from = called.childForFieldName("value") ?? argumentsOf(node)[0] ?? null;
  const value = readsText.has(name) ? handedOn(from, names) : ownValue(from, names);
  const [first] = parameters;
  // A reference more or less is another type, which has a conversion of its own.
  return (
    value !== undefined && value.name === first?.name && (readsText.has(name) || value.level === first.level)
  );
}

/** Their parameter is a text or an iterator, however it is shown. */
const readsText = new Set(["from_str", "from_iter", "sum", "product"]);

/** The parameter behind methods that only show it otherwise. */
function handedOn(node: SyntaxNode | null, names: OwnNames): OwnValue | undefined {
  const value = ownValue(node, names);
  if (value !== undefined || node?.type !== "call_expression") return value;
  const called = node.childForFieldName("function");
  if (!showsOtherwise.has(called?.childForFieldName("field")?.text ?? "")) return undefined;
  return handedOn(called?.childForFieldName("value") ?? null, names);
}

const showsOtherwise = new Set([
  ...["trim", "trim_start", "trim_end", "as_ref", "as_str", "to_string", "into_iter"],
]);

/** The function itself by its name with the arguments it was given, in an arm or by its trait's path. */
function callsAgain(node: SyntaxNode, names: OwnNames, around: Surroundings): boolean {
  if (node.type !== "call_expression") return false;
  const called = withoutTypeArguments(node.childForFieldName("function"));
  if (called === undefined) return false;
  const { name, trait, type, parameters, isWholeBody } = around;
  const receiver = called.childForFieldName("value");
  const method =
    called.childForFieldName("field")?.text ?? called.childForFieldName("name")?.text ?? called.text;
  const given = [...(receiver === null ? [] : [receiver]), ...argumentsOf(node)].map((value) =>
    ownValue(value, names),
  );
  if (method !== name || given.length !== parameters.length) return false;
  const isThrough = called.childForFieldName("path") !== null;
  const isSame = given.every((value, index) => isGiven(value, parameters[index], isThrough));
  if (!isSame) return false;
  const path = called.childForFieldName("path")?.text.replace(/\s/g, "");
  if (path !== undefined && isTraitPath(path, around)) return true;
  const isBare = receiver === null && path === undefined;
  if (isBare ? type !== "" : path !== undefined && !["Self", type].includes(path.replace(/::<.*>$/, "")))
    return false;
  return !isWholeBody && (trait === "" || !around.others().has(`::${name}`));
}

/** The value is that parameter, and of the same type: a path names the type by its argument. */
function isGiven(
  value: OwnValue | undefined,
  parameter: OwnParameter | undefined,
  isThroughPath: boolean,
): boolean {
  if (value === undefined || parameter === undefined || value.name !== parameter.name) return false;
  return value.level >= (isThroughPath ? parameter.level : parameter.lowest);
}

function isTraitPath(path: string, { trait, type }: Surroundings): boolean {
  const [, cast, of] = /^<(.+)as(.+)>$/.exec(path) ?? [];
  const last = (text: string) => text.replace(/<.*>$/, "").split("::").at(-1) ?? "";
  if (cast !== undefined) return last(of ?? "") === trait && ["Self", type].includes(last(cast));
  return trait !== "" && last(path.replace(/::<.*>$/, "")) === trait;
}
