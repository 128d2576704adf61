/** Bodies of real code as their authors wrote them, each as the only filling of a site of its own. */
import type { Draft, Skeleton, Span } from "../../server/stages.ts";
import { blockContents } from "../../server/syntax/block-contents.ts";
import type { RustSyntax } from "../../server/syntax/parse.ts";
import { allSites, type SiteSyntax } from "../../server/syntax/site-syntax.ts";

export interface AuthorBody {
  readonly kind: "arm" | "method" | "constant" | "type";
  /** 1-based, of the body. */
  readonly line: number;
  readonly text: string;
  readonly draft: Draft;
  /** The document has a placeholder where the body stood. Made when asked, since each holds a whole document. */
  skeleton(): Skeleton;
}

const author = { by: "model", model: "the author" } as const;

/** Arms of every match, methods, constants and types of every trait impl. */
export function authorBodies(syntax: RustSyntax, path: string, text: string): readonly AuthorBody[] {
  const sites = syntax.read(text, (root) => allSites(root, { start: 0, end: text.length }));
  return sites.flatMap((site) =>
    site.entries.flatMap(({ kind, value, open, owner, name }): AuthorBody[] => {
      if (value === undefined || open !== undefined || kind === "other") return [];
      const isMethod = kind === "function";
      // A method's hole is the inside of its block.
      const span = isMethod ? { start: value.start + 1, end: value.end - 1 } : value;
      const whole = text.slice(value.start, value.end);
      const body = isMethod ? blockContents(syntax, whole) : whole;
      if (body.trim() === "") return [];
      return [
        {
          kind: isMethod ? "method" : kind,
          line: text.slice(0, value.start).split("\n").length,
          text: body,
          draft: { rank: 0, fillings: new Map([["h1", { text: body, author }]]) },
          skeleton: () => skeletonOf({ path, text, site, span, owner, name, kind }),
        },
      ];
    }),
  );
}

interface Place {
  readonly path: string;
  readonly text: string;
  readonly site: SiteSyntax;
  readonly span: Span;
  readonly owner: string;
  readonly name: string;
  readonly kind: SiteSyntax["entries"][number]["kind"];
}

function skeletonOf({ path, text, site, span, owner, name, kind }: Place): Skeleton {
  // A block needs no comma behind it, `todo!()` does.
  const comma = kind === "arm" && text[span.end] !== "," ? "," : "";
  const placeholder = kind === "type" ? "()" : kind === "function" ? "\ntodo!()\n" : `todo!()${comma}`;
  const start = kind === "function" ? 1 : 0;
  const hole = { start, end: start + (kind === "type" ? 2 : 7) };
  const grown = placeholder.length - (span.end - span.start);
  return {
    site: {
      kind: site.kind,
      document: {
        uri: `file://${path}`,
        path,
        version: 1,
        text: text.slice(0, span.start) + placeholder + text.slice(span.end),
      },
      healed: { start: span.start, end: span.start },
      unhealed: "",
      healedText: "",
      span: { start: site.span.start, end: site.span.end + grown },
      keyword: site.keyword,
      insertAt: undefined,
      label: site.label,
    },
    replaced: { start: span.start, end: span.start + placeholder.length },
    text: placeholder,
    holes: [
      { id: "h1", kind: kind === "type" || kind === "constant" ? kind : "body", span: hole, owner, name },
    ],
    added: 1,
    written: [],
  };
}
