import type { FrameError } from "../../stages.ts";
import type { Splice } from "../../syntax/splice.ts";
import { entryAt } from "./configured.ts";
import type { Mend, MendContext } from "./mend.ts";

/** Names of lifetimes in a member's signature: one that the impl has too, one that only the trait has, `Self` captured. */
export function lifetimes(error: FrameError, context: MendContext): Mend | undefined {
  const entry = entryAt(error, context);
  if (entry === undefined || context.skeleton.site.kind !== "impl") return undefined;
  const { start, end } = entry.ownerSpan;
  const signature = context.skeleton.text.slice(start, end);
  const replaced = (from: RegExp, to: string): Mend => ({
    splices: [...signature.matchAll(from)].map((match): Splice => ({
      span: { start: start + match.index, end: start + match.index + match[0].length },
      text: to,
    })),
  });
  const name = /`'(\w+)`/.exec(error.message)?.[1];
  if (error.code === "E0496" && name !== undefined)
    return replaced(lifetime(name), `'${freshName(signature, context)}`);
  if (error.code === "E0261" && name !== undefined) {
    const own = onlyLifetime(context);
    return own === undefined ? undefined : replaced(lifetime(name), own);
  }
  // The type of the impl is captured by itself.
  if (error.code === "E0799") return replaced(/,\s*Self\b(?=[^<>]*>)|\bSelf\s*,\s*(?=[^<>]*>)/g, "");
  return undefined;
}

function lifetime(name: string): RegExp {
  return new RegExp(`'${name}\\b(?!')`, "g");
}

function freshName(signature: string, { skeleton }: MendContext): string {
  const head = skeleton.site.document.text.slice(skeleton.site.span.start, skeleton.replaced.start);
  const isFree = (name: string) => !lifetime(name).test(signature + head);
  return ["b", "c", "d", "e", "f"].find(isFree) ?? "other";
}

/** The one lifetime that the impl gives to the trait. */
function onlyLifetime({ skeleton: { site } }: MendContext): string | undefined {
  const head = site.document.text.slice(site.keyword, site.span.end).split("{")[0] ?? "";
  const found = new Set(/^impl[^]*?(?= for )/.exec(head)?.[0].match(/'\w+/g));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
