import type { SyntaxNode } from "../../syntax/parse.ts";
import { isFixed, isResult, ownCalls, withoutTypeArguments } from "./own-calls.ts";
import {
  argumentsOf,
  changedIn,
  ownNames,
  type OwnNames,
  type OwnParameter,
  ownValue,
  type OwnValue,
} from "./own-values.ts";
import { conversionsBack, detours } from "./std-detours.ts";
import type { CallGraph, Surroundings } from "./surroundings.ts";

/**
 * Whether a filling only calls the function it stands in again, in ways that rustc's lint
 * `unconditional_recursion` does not see: operators, formatting, conversions, std's provided methods, other functions of
 * this file, and one arm of a match. A method that is called on `self` by its own name may be the type's own, so where it
 * is all of the body that is left to the lint, which knows. `calls`: of the other functions around.
 */
export function delegatesToItself(
  nodes: readonly SyntaxNode[],
  around: Surroundings,
  calls: () => CallGraph,
): boolean {
  const names = ownNames(nodes, around.parameters);
  const changed = new Set(nodes.flatMap(changedIn));
  const asked = nodes.flatMap((node) => node.descendantsOfType("call_expression"));
  if (asked.some((call) => convertsAgain(call, names, around) && isResult(call, nodes))) return true;
  if (!around.isSettled) return false;
  const unchanged = new Map([...names].filter(([name]) => !changed.has(name)));
  if (asked.some((call) => callsAgain(call, unchanged, around, calls) && isResult(call, nodes))) return true;
  if (goesRound(nodes, around)) return true;
  const own = ownCalls(nodes, around.parameters);
  return own.size > 0 && leadsBack(own, around, calls());
}

/** Whether one of the calls ends, by what those functions call, in the function itself. */
function leadsBack(calls: Iterable<string>, around: Surroundings, others: CallGraph): boolean {
  const { name, trait, type } = around;
  const goal = type === "" ? `fn ${name}` : `${trait}::${name}`;
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
  const isOfType = type !== "" && call.startsWith(`${type}::`);
  const method = /^[.=]/.test(call) ? call.slice(1) : isOfType ? call.slice(type.length + 2) : undefined;
  if (method === undefined) return [call];
  if (others.has(`::${method}`) || (trait === "" && method === name)) return [`::${method}`];
  // Two traits may have a method of this name; `fmt` is in nine.
  if (method === "fmt") return [];
  const inTraits = [...others.keys()].filter((key) => key.endsWith(`::${method}`));
  if (trait !== "" && method === name) inTraits.push(`${trait}::${name}`);
  return inTraits.length > 0 ? inTraits : [`std::${method}`];
}

/** `x.into()` in `from`, `s.trim().parse()` in `from_str`, `iter.collect()` in `from_iter`: they call the function back. */
function convertsAgain(
  call: SyntaxNode,
  names: OwnNames,
  { name, trait, parameters }: Surroundings,
): boolean {
  const called = withoutTypeArguments(call.childForFieldName("function"));
  const method = called?.childForFieldName("field")?.text ?? called?.childForFieldName("name")?.text ?? "";
  if (trait === "" || conversionsBack[method]?.includes(name) !== true) return false;
  const path = called?.childForFieldName("path")?.text;
  if (path !== undefined && !/(?:^|::|<)(?:str|Into|TryInto|Iterator)>?$/.test(path)) return false;
  const from = called?.childForFieldName("value") ?? argumentsOf(call)[0];
  const [first] = parameters;
  // A reference more or less is another type, which has a conversion of its own; a text is one however it is shown.
  const readsText = /^(?:from_str|from_iter|sum|product)$/.test(name);
  const value = readsText ? handedOn(from, names) : ownValue(from, names);
  return value !== undefined && value.name === first?.name && (readsText || value.level === first.level);
}

/** The parameter behind methods that only show it otherwise. */
function handedOn(node: SyntaxNode | null | undefined, names: OwnNames): OwnValue | undefined {
  const called = node?.type === "call_expression" ? node.childForFieldName("function") : null;
  const isShown = /^(?:trim|trim_start|trim_end|as_ref|as_str|to_string|into_iter)$/.test(
    called?.childForFieldName("field")?.text ?? "",
  );
  return ownValue(node, names) ?? (isShown ? handedOn(called?.childForFieldName("value"), names) : undefined);
}

/** The function itself by its name with the arguments it was given, in an arm or by its trait's path. */
function callsAgain(
  call: SyntaxNode,
  names: OwnNames,
  around: Surroundings,
  calls: () => CallGraph,
): boolean {
  const { name, trait, type, parameters, isWholeBody } = around;
  const called = withoutTypeArguments(call.childForFieldName("function"));
  const receiver = called?.childForFieldName("value");
  const method =
    called?.childForFieldName("field")?.text ?? called?.childForFieldName("name")?.text ?? called?.text;
  const given = [...(receiver == null ? [] : [receiver]), ...argumentsOf(call)];
  if (method !== name || given.length !== parameters.length) return false;
  const path = called?.childForFieldName("path")?.text.replace(/\s/g, "");
  const isSame = given.every((value, at) =>
    isGiven(ownValue(value, names), parameters[at], path !== undefined),
  );
  if (!isSame) return false;
  if (path !== undefined && isTraitPath(path, around)) return true;
  const isBare = receiver == null && (path === undefined || /^(?:crate|self|super)\b/.test(path));
  if (isBare ? type !== "" : path !== undefined && !["Self", type].includes(path.replace(/::<.*>$/, "")))
    return false;
  return !isWholeBody && (trait === "" || !calls().has(`::${name}`));
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

/** `f(E::B)` in the arm of `E::A` and `f(E::A)` in that of `E::B`: from arm to arm and back. */
function goesRound(nodes: readonly SyntaxNode[], { name }: Surroundings): boolean {
  let arm: SyntaxNode | null = nodes[0] ?? null;
  while (arm !== null && arm.type !== "match_arm") arm = arm.parent;
  const arms = (arm?.parent?.namedChildren ?? []).filter(({ type }) => type === "match_arm");
  const seen = new Set<number>();
  for (let next = arm ?? undefined; next !== undefined;) {
    seen.add(next.id);
    const value: SyntaxNode | null = next.childForFieldName("value");
    const call =
      value === null
        ? undefined
        : [value, ...value.descendantsOfType("call_expression")].find(
            (node) => isCallOf(node, name) && isResult(node, [value]),
          );
    const asked = call === undefined ? [] : askedWith(call);
    next = arms.find((other) => asked.includes(other.childForFieldName("pattern")?.text ?? ""));
    if (next !== undefined && seen.has(next.id)) return next.id === arm?.id;
  }
  return false;
}

function isCallOf(node: SyntaxNode, name: string): boolean {
  const called = node.type === "call_expression" ? node.childForFieldName("function") : null;
  return (called?.childForFieldName("field") ?? called?.childForFieldName("name") ?? called)?.text === name;
}

/** Values that say the same each time, as patterns are written. */
function askedWith(call: SyntaxNode): readonly string[] {
  const receiver = call.childForFieldName("function")?.childForFieldName("value");
  return [...(receiver == null ? [] : [receiver]), ...argumentsOf(call)]
    .filter(isFixed)
    .map(({ text }) => text.replace(/^&/, ""));
}
