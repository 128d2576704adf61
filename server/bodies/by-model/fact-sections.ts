import type { ArmExample, Facts, ImplExample, MatchExample } from "../../stages.ts";
import type { Section } from "./prompt.ts";
import { isSecretFile } from "./secret-files.ts";

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
  return [
    ...section("place", placeText(facts)),
    ...section("sibling arms", facts.siblingArms.map(armText).join("\n")),
    ...section(
      "members already in this impl",
      thisImpl !== undefined && isOpen(thisImpl) ? implText(thisImpl) : "",
    ),
    ...section("definition", subject !== undefined && isOpen(subject) ? subject.text : ""),
    ...section("trait", traitText ?? ""),
    ...quoted(facts.otherMatches).flatMap((match) =>
      section(`match in ${shortPath(match)}`, matchText(match)),
    ),
    ...quoted(facts.otherImpls).flatMap((impl) => section(`impl in ${shortPath(impl)}`, implText(impl))),
    ...quoted(facts.typeImpls).flatMap((impl) =>
      section(`methods of the type, ${shortPath(impl)}`, implText(impl)),
    ),
  ];
}

function section(name: string, text: string): readonly Section[] {
  const cut = text.length > sectionCharacters ? `${text.slice(0, sectionCharacters)}\n// … cut …` : text;
  return cut.trim() === "" ? [] : [{ name: name.replace(/["<>\n]/g, ""), text: cut }];
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

/** The last two parts: enough to tell files apart, and no name of a person or machine. */
export function shortPath({ path, line }: { readonly path: string; readonly line: number }): string {
  return `${path.split(/[\\/]/).slice(-2).join("/")}:${line}`;
}
