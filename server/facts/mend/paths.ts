import type { FrameError } from "../../stages.ts";
import type { Mend, MendContext } from "./mend.ts";

const unresolved = new Set(["E0405", "E0412", "E0425", "E0433", "E0404"]);

/** A name of the trait's own module: by the path that rustc would import, else by the trait's own path. */
export function paths(error: FrameError, context: MendContext): Mend | undefined {
  const [primary] = error.places;
  if (!unresolved.has(error.code ?? "") || primary === undefined || primary.hole !== undefined)
    return undefined;
  const { text } = context.skeleton;
  const written = pathAround(text, primary.span.start);
  const name = written.text.split("::").at(-1) ?? "";
  const path = error.imports.find((found) => found.endsWith(`::${name}`)) ?? besideTrait(name, context);
  if (path === undefined || path === written.text) return undefined;
  return { splices: [{ span: written.span, text: path }] };
}

/** The whole path that a name is part of. */
function pathAround(text: string, offset: number) {
  const before = /(?:(?:\$?\w+)?::)*$/.exec(text.slice(0, offset))?.[0].length ?? 0;
  const behind = /^\$?\w*(?:::\w+)*/.exec(text.slice(offset))?.[0].length ?? 0;
  const span = { start: offset - before, end: offset + behind };
  return { span, text: text.slice(span.start, span.end) };
}

/** What the trait names stands where the trait stands, as this impl's own path to it says. */
function besideTrait(name: string, { skeleton: { site } }: MendContext): string | undefined {
  if (site.kind !== "impl") return undefined;
  const head = site.document.text.slice(site.keyword, site.span.end).split("{")[0] ?? "";
  const prefix = /((?:\w+::)+)\w+(?:<[^]*>)?\s+for\s/.exec(head)?.[1];
  return prefix === undefined ? undefined : `${prefix}${name}`;
}
