import type { ArmExample, Facts, ImplExample, MatchExample } from "../../stages.ts";
import { isSecretFile } from "./secret-files.ts";
import { quote, type Section } from "./section.ts";

/** One section is never longer than this, so that a huge definition does not push the examples out. */
const sectionCharacters = 4_000;

/** Examples of one kind, nearest first: the third adds little to the second. */
const examplesOfAKind = 3;

/** What is known of a site as sections, the most useful first: similar code, then types, then the rest. */
export function factSections(facts: Facts, exclude: readonly string[]): readonly Section[] {
  const isOpen = ({ path }: { readonly path: string }) => !isSecretFile(path, exclude);
  const quoted = <T extends { readonly path: string }>(examples: readonly T[]) =>
    examples.filter(isOpen).slice(0, examplesOfAKind);
  const { thisImpl, subject, traitText } = facts;
  const place = (example: Place) => shownPlace(example, facts.root);
  return [
    ...section("place", placeText(facts)),
    ...section("sibling arms", facts.siblingArms.map(armText).join("\n")),
    ...section(
      "members already in this impl",
      thisImpl !== undefined && isOpen(thisImpl) ? implText(thisImpl) : "",
    ),
    ...section("definition", subject !== undefined && isOpen(subject) ? subject.text : ""),
    ...section("trait", traitText ?? ""),
    ...quoted(facts.otherMatches).flatMap((match) => section(`match in ${place(match)}`, matchText(match))),
    ...quoted(facts.otherImpls).flatMap((impl) => section(`impl in ${place(impl)}`, implText(impl))),
    ...quoted(facts.typeImpls).flatMap((impl) =>
      section(`methods of the type, ${place(impl)}`, implText(impl)),
    ),
  ];
}

function section(name: string, text: string): readonly Section[] {
  return text.trim() === "" ? [] : [quote(name, text, sectionCharacters)];
}

function placeText({ function: enclosing, scrutinee, locals, skeleton }: Facts): string {
  const lines = [`site: ${skeleton.site.label}`];
  if (enclosing !== undefined) lines.push(`inside: ${enclosing.signature}`);
  if (enclosing?.impl !== undefined) {
    const { trait, type } = enclosing.impl;
    lines.push(`of: impl ${trait === "" ? "" : `${trait} for `}${type}`);
  }
  if (scrutinee !== undefined) {
    lines.push(`matched on: ${scrutinee.text}${scrutinee.type === undefined ? "" : `: ${scrutinee.type}`}`);
  }
  if (locals.length > 0)
    lines.push(`in scope: ${locals.map(({ name, type }) => `${name}: ${type}`).join("; ")}`);
  return lines.join("\n");
}

function armText({ pattern, body }: ArmExample): string {
  return `${pattern} => ${body},`;
}

function matchText({ functionName, arms }: MatchExample): string {
  return [`// in fn ${functionName}`, ...arms.map(armText)].join("\n");
}

function implText({ trait, type, methods, types, constants }: ImplExample): string {
  const head = trait === "" ? `impl ${type}` : `impl ${trait} for ${type}`;
  return [
    `${head} {`,
    ...types.map(({ name, value }) => `    type ${name} = ${value};`),
    ...constants.map(({ name, type: of, value }) => `    const ${name}: ${of} = ${value};`),
    ...methods.map(({ signature, body }) => `    ${signature}${body === "" ? ";" : ` ${body}`}`),
    "}",
  ].join("\n");
}

interface Place {
  readonly path: string;
  readonly line: number;
}

/** Relative to the workspace; outside of it the last two parts. No name of a person or machine either way. */
function shownPlace({ path, line }: Place, root: string): string {
  const shown =
    root !== "" && path.startsWith(root) ? path.slice(root.length) : path.split(/[\\/]/).slice(-2).join("/");
  return `${shown.replace(/^[\\/]+/, "")}:${line}`;
}
