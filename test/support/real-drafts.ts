/** Whole drafts for a site: its authors' bodies, the same said otherwise, and wrong ones as models err. */
import { fitDrafts } from "../../server/bodies/write-bodies.ts";
import type { Draft, Filling, Skeleton } from "../../server/stages.ts";
import { lexRust, type Token } from "../../server/syntax/lex.ts";
import type { RustSyntax } from "../../server/syntax/parse.ts";
import type { RealSite } from "./real-sites.ts";

export interface NamedDraft {
  /** "authors", "missing method", … */
  readonly what: string;
  readonly draft: Draft;
}

/**
 * Up to `limit` drafts, all different. The authors' own stands first, in the middle, last or not among them, by
 * `turn`, so that each place is tried as often. The same site and turn give the same drafts.
 * @param others More drafts, as by analogy.
 */
export function draftsFor(
  syntax: RustSyntax,
  site: RealSite,
  { turn, limit, others = [] }: { turn: number; limit: number; others?: readonly Draft[] },
): readonly NamedDraft[] {
  const random = randomFrom(`${site.place} ${turn}`);
  const { skeleton } = site;
  const texts: { what: string; bodies: ReadonlyMap<string, string> }[] = [];
  const add = (what: string, bodies: ReadonlyMap<string, string>) => {
    const key = JSON.stringify([...bodies]);
    const isKnown = texts.some((known) => JSON.stringify([...known.bodies]) === key);
    if (!isKnown && key !== JSON.stringify([...site.authors])) texts.push({ what, bodies });
  };
  for (const draft of others.slice(0, 3)) {
    if (skeleton.holes.every(({ id, kind }) => kind === "binder" || draft.fillings.has(id)))
      add("by analogy", new Map([...draft.fillings].map(([id, { text }]) => [id, text])));
  }
  const waysInTurn = shuffled(ways, random);
  const bodies = [...site.authors].filter(([id]) =>
    skeleton.holes.some((hole) => hole.id === id && hole.kind === "body"),
  );
  for (let round = 0; round < 3 && bodies.length > 0; round += 1) {
    for (const { what, write } of waysInTurn) {
      if (texts.length >= limit - 1) break;
      const [hole, body] = bodies[Math.floor(random() * bodies.length)]!;
      const written = write(new Body(site, hole, body, random));
      if (written !== undefined && written !== body) add(what, new Map([...site.authors, [hole, written]]));
    }
  }
  const wrong = texts.map(({ what, bodies: filled }) => ({ what, bodies: filled }));
  const authors = { what: "authors", bodies: site.authors };
  const place = [0, Math.floor(wrong.length / 2), wrong.length][turn % 4];
  const ordered = place === undefined ? wrong : [...wrong.slice(0, place), authors, ...wrong.slice(place)];
  return ordered.flatMap(({ what, bodies: filled }, rank) => {
    const fitted = fitDrafts(syntax, skeleton, [draftOf(skeleton, filled, rank)]);
    return "stage" in fitted ? [] : fitted.map((draft) => ({ what, draft }));
  });
}

function draftOf(skeleton: Skeleton, bodies: ReadonlyMap<string, string>, rank: number): Draft {
  const author = { by: "model", model: "test" } as const;
  const fillings = skeleton.holes.flatMap(({ id }): [string, Filling][] => {
    const text = bodies.get(id);
    return text === undefined ? [] : [[id, { text, author }]];
  });
  return { rank, fillings: new Map(fillings) };
}

/** One body to be written wrongly: an arm's value, or the block of a member. */
class Body {
  readonly site: RealSite;
  readonly hole: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly #random: () => number;

  constructor(site: RealSite, hole: string, text: string, random: () => number) {
    this.site = site;
    this.hole = hole;
    this.text = text;
    this.tokens = lexRust(text) ?? [];
    this.#random = random;
  }

  pick<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.#random() * all.length)];
  }

  replace(token: Token | undefined, text: string): string | undefined {
    return token === undefined
      ? undefined
      : this.text.slice(0, token.start) + text + this.text.slice(token.end);
  }

  /** The body with statements in front of it. */
  after(statements: string): string {
    return `{ ${statements} ${this.text} }`;
  }

  /** Words that are plain names of values: not called, no path, no member, no macro, no field of a literal. */
  get values(): readonly Token[] {
    return this.#words((text, before, next) => {
      if (!/^[a-z_][a-z0-9_]*$/.test(text) || text === "_" || keywords.has(text)) return false;
      return ![".", ":"].includes(before) && !["(", "!", ":", "{"].includes(next);
    });
  }

  get methods(): readonly Token[] {
    return this.#words((_text, before, next) => before === "." && next === "(");
  }

  get fields(): readonly Token[] {
    return this.#words(
      (text, before, next) => before === "." && next !== "(" && /^[a-z]/.test(text) && text !== "await",
    );
  }

  /** Last segments of `Owner::Name`. */
  get variants(): readonly Token[] {
    return this.#words((text, before) => before === ":" && /^[A-Z]/.test(text));
  }

  /** Closing brackets of calls. */
  get callEnds(): readonly Token[] {
    const open: boolean[] = [];
    return this.tokens.filter(({ kind, text }, index) => {
      const before = this.tokens[index - 1];
      if (kind === "open") open.push(text === "(" && before?.kind === "word" && !keywords.has(before.text));
      return kind === "close" && open.pop() === true;
    });
  }

  #words(isWanted: (text: string, before: string, next: string) => boolean): readonly Token[] {
    return this.tokens.filter(
      ({ kind, text }, index) =>
        kind === "word" &&
        isWanted(text, this.tokens[index - 1]?.text ?? "", this.tokens[index + 1]?.text ?? ""),
    );
  }
}

interface Way {
  readonly what: string;
  /** undefined where the body has nothing of the kind. */
  readonly write: (body: Body) => string | undefined;
}

const ways: readonly Way[] = [
  { what: "same, in brackets", write: ({ text }) => (text.startsWith("{") ? `{ ${text} }` : `(${text})`) },
  { what: "same, by a local", write: ({ text }) => `{ let value = ${text}; value }` },
  { what: "same, in an if", write: ({ text }) => `{ if 1 + 1 == 3 { ${text} } else { ${text} } }` },
  { what: "same, unused local", write: (body) => body.after("let spare = 1;") },
  { what: "unused result", write: (body) => body.after("Some(1).ok_or(());") },
  { what: "type mismatch", write: () => '{ "text" }' },
  { what: "type mismatch", write: () => "{ 7u64 }" },
  { what: "unit", write: () => "{}" },
  {
    what: "literal of another type",
    write: (body) => {
      const literal = body.pick(
        body.tokens.filter(({ kind, text }) => kind === "string" || /^\d|^(true|false)$/.test(text)),
      );
      return body.replace(literal, literal?.kind === "string" ? "1u8" : '"one"');
    },
  },
  { what: "missing method", write: (body) => renamed(body, body.methods) },
  { what: "missing field", write: (body) => renamed(body, body.fields) },
  { what: "missing name", write: (body) => renamed(body, body.values) },
  { what: "missing variant", write: (body) => renamed(body, body.variants) },
  { what: "missing path", write: (body) => body.after("crate::armature_nowhere::call();") },
  { what: "wrong variant", write: otherVariant },
  {
    what: "argument too many",
    write: (body) => {
      const end = body.pick(body.callEnds);
      const before = body.text.slice(0, end?.start).trimEnd();
      return body.replace(end, before.endsWith("(") || before.endsWith(",") ? "0)" : ", 0)");
    },
  },
  {
    what: "argument too few",
    write: (body) => {
      const call = body.pick([...body.text.matchAll(/(?<=\w\()[\w.&* ]+(?=\))/g)]);
      return call === undefined
        ? undefined
        : body.text.slice(0, call.index) + body.text.slice(call.index + call[0].length);
    },
  },
  {
    what: "moved value",
    write: (body) =>
      withName(body, (name) => body.after(`let taken = ${name}; let again = ${name}; drop((taken, again));`)),
  },
  {
    what: "borrow error",
    write: (body) =>
      withName(body, (name) =>
        body.after(`let one = &mut ${name}; let two = &mut ${name}; drop((one, two));`),
      ),
  },
  {
    what: "use after drop",
    write: (body) => body.after("let mut list = [1]; let part = &mut list; list[0] = 2; part[0] = 3;"),
  },
  { what: "local reference", write: ({ text }) => `{ let value = ${text}; &value }` },
  {
    what: "missing bound",
    write: (body) => withName(body, (name) => body.after(`let _ = [&${name}, &${name}].iter().max();`)),
  },
  {
    what: "missing bound",
    write: (body) =>
      withName(body, (name) => body.after(`let _ = core::hash::Hash::hash(&${name}, &mut 0);`)),
  },
  {
    what: "missing lifetime",
    write: (body) => withName(body, (name) => body.after(`let kept: &'static _ = &${name}; let _ = kept;`)),
  },
  { what: "inner match not exhaustive", write: ({ text }) => `{ match Some(1) { Some(_) => ${text} } }` },
  {
    what: "reference dropped",
    write: (body) =>
      body.replace(body.pick(body.tokens.filter(({ text }) => text === "&" || text === "*")), ""),
  },
  {
    what: "reference added",
    write: (body) => body.replace(body.pick(body.values), `&${body.pick(body.values)?.text ?? ""}`),
  },
  { what: "into at the end", write: ({ text }) => `{ let value = ${text}; value.into() }` },
  { what: "clone at the end", write: ({ text }) => `{ let value = ${text}; value.clone() }` },
  { what: "unwrap at the end", write: ({ text }) => `{ let value = ${text}; value.unwrap() }` },
  { what: "question mark", write: (body) => body.after("let _ = Some(1)?;") },
  { what: "await", write: (body) => body.after("let _ = core::future::ready(1).await;") },
  { what: "type not inferred", write: (body) => body.after("let _ = Default::default();") },
  { what: "macro called wrongly", write: (body) => body.after('let _ = format_args!("{}");') },
  { what: "sibling's body", write: sibling },
  { what: "early return", write: (body) => body.after("if 1 + 1 == 3 { return Default::default(); }") },
  { what: "immutable assigned", write: (body) => body.after("let count = 0; count += 1;") },
  { what: "private item", write: (body) => body.after("let _ = core::cell::RefCell::new(1).value;") },
];

function renamed(body: Body, tokens: readonly Token[]): string | undefined {
  const token = body.pick(tokens);
  return body.replace(token, `${token?.text ?? ""}_armature`);
}

function withName(body: Body, write: (name: string) => string): string | undefined {
  const names = [...new Set(body.values.map(({ text }) => text))].filter(
    (text) => !["self", "true", "false"].includes(text),
  );
  const name = body.pick(names);
  return name === undefined ? undefined : write(name);
}

/** Another name that stands behind the same owner somewhere in the file. */
function otherVariant(body: Body): string | undefined {
  const token = body.pick(body.variants);
  if (token === undefined) return undefined;
  const owner = /(\w+)\s*::\s*$/.exec(body.text.slice(0, token.start))?.[1];
  if (owner === undefined) return undefined;
  const all = body.site.published.matchAll(new RegExp(String.raw`\b${owner}::([A-Z]\w*)`, "g"));
  const names = [...new Set([...all].map((found) => found[1] ?? ""))].filter((name) => name !== token.text);
  const name = body.pick(names);
  return name === undefined ? undefined : body.replace(token, name);
}

function sibling(body: Body): string | undefined {
  return body.pick([...body.site.authors].filter(([id]) => id !== body.hole).map(([, text]) => text));
}

const keywords = new Set(
  "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while".split(
    " ",
  ),
);

function shuffled<T>(all: readonly T[], random: () => number): readonly T[] {
  const keys = new Map(all.map((one) => [one, random()]));
  return [...all].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: string): () => number {
  let state = [...seed].reduce((hash, character) => (Math.imul(hash, 31) + character.charCodeAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
