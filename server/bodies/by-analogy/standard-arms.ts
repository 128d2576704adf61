import type { EnclosingFunction } from "../../stages.ts";
import type { OwnArm, SourceArm } from "./arms.ts";
import type { Candidate } from "./ladder.ts";
import { madeCandidate } from "./made-candidate.ts";
import type { Reader } from "./reader.ts";

interface Idiom {
  readonly text: string;
  readonly chance: number;
}

/** What arms of Option and Result do by habit (rules K8 and I12), given the arm beside them and the result type. */
export function fromHabit(
  own: OwnArm,
  siblings: readonly SourceArm[],
  { enclosing, place, reader }: HabitContext,
): Candidate[] {
  const name = nameOfPayload(own);
  const idioms = idiomsFor(own.variant, name, { siblings, returnType: enclosing?.returnType ?? "" });
  return idioms.flatMap(({ text, chance }) =>
    madeCandidate(reader, {
      text,
      chance,
      names: new Map(name !== undefined && own.variant !== "None" ? [[0, name]] : []),
      rule: "habit of Option and Result",
      place,
    }),
  );
}

export interface HabitContext {
  readonly enclosing: EnclosingFunction | undefined;
  readonly place: string;
  readonly reader: Reader;
}

function nameOfPayload(own: OwnArm): string | undefined {
  const [slot] = own.slots;
  return slot !== undefined && slot.binder === undefined ? slot.name : defaultNames[own.variant];
}

const defaultNames: Readonly<Record<string, string>> = { Ok: "value", Some: "value", Err: "error" };

interface Surroundings {
  readonly siblings: readonly SourceArm[];
  readonly returnType: string;
}

function idiomsFor(variant: string, name: string | undefined, around: Surroundings): Idiom[] {
  const beside = (variantName: string) =>
    around.siblings
      .find((sibling) => sibling.variant === variantName)
      ?.code.tokens.map((token) => token.text);
  switch (variant) {
    case "None":
      return idiomsForNone(beside("Some"), around.returnType);
    case "Err":
      return name === undefined ? [] : idiomsForErr(beside("Ok"), name, around.returnType);
    case "Ok":
      return name === undefined ? [] : [{ text: name, chance: chanceOfPassing(beside("Err"), 0.38) }];
    case "Some":
      return name === undefined ? [] : [{ text: name, chance: chanceOfPassing(beside("None"), 0.27) }];
    default:
      return [];
  }
}

const leaving = new Set(["return", "continue", "break", "panic", "unreachable", "bail"]);

/** `Ok(value) => value` goes with an arm beside it that leaves: then the match is there to unwrap. */
function chanceOfPassing(other: readonly string[] | undefined, unknown: number): number {
  if (other === undefined) return unknown;
  return leaving.has(other[0] === "{" ? (other[1] ?? "") : (other[0] ?? "")) ? 0.6 : 0.1;
}

function idiomsForNone(some: readonly string[] | undefined, returnType: string): Idiom[] {
  const returnsOption = returnType.startsWith("Option<");
  const wraps = some?.[0] === "Some";
  const passes = some?.length === 1;
  return [
    { text: "None", chance: wraps ? 0.5 : returnsOption ? 0.12 : 0.04 },
    { text: "return None", chance: returnsOption ? (passes ? 0.42 : 0.18) : 0.01 },
    { text: "return", chance: returnType === "" ? 0.15 : 0.01 },
    { text: "Ok(())", chance: some?.[0] !== "Ok" && returnType.includes("Result<()") ? 0.12 : 0.01 },
  ];
}

function idiomsForErr(ok: readonly string[] | undefined, name: string, returnType: string): Idiom[] {
  const returnsResult = returnType.includes("Result<");
  const wraps = ok?.[0] === "Ok";
  const passes = ok?.length === 1;
  return [
    { text: `Err(${name})`, chance: wraps ? 0.35 : returnsResult ? 0.12 : 0.02 },
    { text: `return Err(${name})`, chance: returnsResult ? (passes ? 0.38 : 0.15) : 0.01 },
    { text: `return Err(${name}.into())`, chance: returnsResult ? (passes ? 0.15 : 0.06) : 0.01 },
    { text: `Err(${name}.into())`, chance: wraps ? 0.12 : 0.02 },
  ];
}
