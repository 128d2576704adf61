import type { Span } from "../../stages.ts";
import type { CopyableCode, CopyableMember } from "../../syntax/copyable.ts";
import { laidOffset, type Piece } from "./laid-text.ts";
import { endlessLints, type MarkedText } from "./live-marker.ts";

export interface CopyText {
  readonly text: string;
  /** What of the marked text's pieces it holds, as offsets into {@link text}. */
  readonly pieces: readonly Piece[];
}

/**
 * A copy of code with a draft in it, under names of its own. Members of an impl become the impl of a trait that only
 * the copy knows and that builds on the impl's own trait: a second impl of the type itself would make rustc look at
 * every method call on the type anew (measured: twice the time of a check).
 */
export function copyOf(
  code: CopyableCode,
  marked: MarkedText,
  { index, isInTests }: { readonly index: number; readonly isInTests: boolean },
): CopyText {
  const parts = new Parts(marked);
  const where = isInTests ? "#[cfg(test)] " : "";
  const head = `${where}${attributesOf(code)}#[allow(dead_code)] #[warn(warnings, ${endlessLints})] `;
  const names = code.members.map(({ kind }, at) =>
    kind === "constant" ? `ARMATURE_COPY_${index}_${at}` : `armature_copy_${index}_${at}`,
  );
  const addMembers = () => code.members.forEach((member, at) => parts.addMember(member, names[at] ?? ""));
  if (code.isProvided) {
    parts.addText(head);
    addMembers();
    return parts.all();
  }
  parts.addText(`${head}const _: () = { `);
  if (code.impl !== undefined) {
    const { parameters, type, where: bounds, trait } = code.impl;
    const declared = code.members.map((member, at) => declarationOf(member, names[at] ?? "")).join(" ");
    const base = trait === "" ? "" : `: ${trait}`;
    // Inside an impl its trait is in scope without being imported.
    if (trait !== "") parts.addText(`#[allow(unused_imports)] use ${trait.replace(/<[\s\S]*$/, "")} as _; `);
    parts.addText(`trait ArmatureCopy${parameters}${base} ${bounds} { ${declared} } `);
    parts.addText(`impl${parameters} ArmatureCopy${code.impl.arguments} for ${type} ${bounds} { `);
  }
  addMembers();
  parts.addText(code.impl === undefined ? "}; " : "} }; ");
  return parts.all();
}

/** A function that calls itself, judged by the same lints as copies are. */
export function canaryOf(code: CopyableCode): string {
  const attributes = `${attributesOf(code)}${code.members.map(attributesOf).join("")}#[allow(dead_code)] `;
  const name = "armature_canary";
  return code.isProvided
    ? `${attributes}fn ${name}() where Self: Sized { Self::${name}() } `
    : `${attributes}const _: () = { fn ${name}() { ${name}() } }; `;
}

function declarationOf(member: CopyableMember, name: string): string {
  return `${attributesOf(member)}${member.declaration.before}${name}${member.declaration.after}`;
}

function attributesOf({ attributes }: { readonly attributes: readonly string[] }): string {
  return attributes.map((attribute) => `${attribute} `).join("");
}

/** Text put together from parts of a marked text and from text of our own. */
class Parts {
  readonly #marked: MarkedText;
  readonly #pieces: Piece[] = [];
  #text = "";

  constructor(marked: MarkedText) {
    this.#marked = marked;
  }

  addText(text: string): void {
    this.#text += text;
  }

  addMember(member: CopyableMember, name: string): void {
    this.addText(attributesOf(member));
    this.#addSpan({ start: member.span.start, end: member.name.start });
    this.addText(name);
    this.#addSpan({ start: member.name.end, end: member.span.end });
    this.addText(" ");
  }

  all(): CopyText {
    return { text: this.#text, pieces: this.#pieces };
  }

  /** `span` counts in the document with every hole open. */
  #addSpan(span: Span): void {
    const start = laidOffset(this.#marked, span.start);
    const end = laidOffset(this.#marked, span.end);
    const by = this.#text.length - start;
    for (const piece of this.#marked.pieces) {
      if (piece.span.start < start || piece.span.end > end) continue;
      this.#pieces.push({ ...piece, span: { start: piece.span.start + by, end: piece.span.end + by } });
    }
    this.#text += this.#marked.text.slice(start, end);
  }
}
