import type { Hole, HoleKind, Site, Skeleton, Span } from "../stages.ts";

/** A piece of new text: fixed, a hole, or a body that rust-analyzer wrote itself. */
export type Part =
  | { readonly kind: "fixed"; readonly text: string }
  | {
      readonly kind: HoleKind | "written";
      readonly placeholder: string;
      readonly owner: string;
      readonly name: string;
      readonly field?: string;
      readonly suggestion?: string;
    };

export interface Edit {
  readonly span: Span;
  readonly parts: readonly Part[];
}

export function fixed(text: string): Part {
  return { kind: "fixed", text };
}

/** Puts edits of a document together into the one region that a skeleton replaces, and keeps book of its holes. */
export class SkeletonText {
  readonly #source: string;
  readonly #edits: readonly Edit[];
  #text = "";
  readonly #holes: Hole[] = [];
  readonly #written: Span[] = [];
  #bodies = 0;
  #binders: Omit<Hole, "id">[] = [];

  constructor(source: string, edits: readonly Edit[]) {
    this.#source = source;
    this.#edits = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  }

  skeleton(site: Site, added: number): Skeleton {
    const replaced = {
      start: this.#edits[0]?.span.start ?? 0,
      end: Math.max(0, ...this.#edits.map((edit) => edit.span.end)),
    };
    let at = replaced.start;
    for (const edit of this.#edits) {
      this.#text += this.#source.slice(at, edit.span.start);
      for (const part of edit.parts) this.#append(part);
      at = edit.span.end;
    }
    return { site, replaced, text: this.#text, holes: this.#holes, added, written: this.#written };
  }

  #append(part: Part): void {
    if (part.kind === "fixed") {
      this.#text += part.text;
      return;
    }
    const span = { start: this.#text.length, end: this.#text.length + part.placeholder.length };
    this.#text += part.placeholder;
    if (part.kind === "written") {
      this.#written.push(span);
      return;
    }
    const hole = {
      kind: part.kind,
      span,
      owner: part.owner,
      name: part.name,
      ...(part.field === undefined ? {} : { field: part.field }),
      ...(part.suggestion === undefined ? {} : { suggestion: part.suggestion }),
    };
    // A binder stands before the body it belongs to, so it waits for the body's id.
    if (part.kind === "binder") this.#binders.push(hole);
    else this.#appendBody(hole);
  }

  #appendBody(hole: Omit<Hole, "id">): void {
    this.#bodies += 1;
    const id = `h${this.#bodies}`;
    for (const [index, binder] of this.#binders.entries())
      this.#holes.push({ id: `${id}.b${index + 1}`, ...binder });
    this.#binders = [];
    this.#holes.push({ id, ...hole });
  }
}
