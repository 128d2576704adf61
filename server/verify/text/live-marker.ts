import { lexRust } from "../../syntax/lex.ts";
import { spliceText } from "../../syntax/splice.ts";
import type { Compilation } from "../cargo/compilation.ts";
import type { CompilerMessage } from "../cargo/message.ts";
import type { LaidText, Piece } from "./laid-text.ts";

export interface MarkedText extends LaidText {
  /** Marker name -> the piece it stands in. */
  readonly markers: ReadonlyMap<string, string>;
}

/** Lints that tell a body that never gives a value. */
export const endlessLints = "unreachable_patterns, unreachable_code, irrefutable_let_patterns";

/** Lints that tell a cheat; whoever allowed them, or all warnings at once, did not mean ours. */
export const cheatLints = `#[warn(warnings, unconditional_recursion, ${endlessLints})] `;

/** Hands a body on. Where the body never gives a value, rustc says that this call is never reached. */
const handsOn = "::core::convert::identity({ ";

/** Nearer to the body than an `allow` of the user's on the function, the statement or the arm. An arm may say so itself. */
const handsOnAloud = (body: string): string =>
  `match () { #[warn(unreachable_code)] () => ${handsOn}${body}}) } `;
const allowance = /\b(?:allow|expect)\s*\([^)]*\b(?:unreachable_code|unused|warnings)\b/;

/** Whether a marked body is one of which rustc is asked that. */
export function isAsked(marked: string): boolean {
  return marked.includes(handsOn);
}

/**
 * The same document with a warning of our own at the start of every filled body and constant. rustc reports it
 * only for code that it has really analysed; absence of errors proves nothing. A type can carry none. Of the bodies of
 * `asked` rustc also says whether they ever give a value. At `lintsAt`, the start of the item around the holes, the
 * lints that tell a cheat are turned on.
 */
export function markText(
  laid: LaidText,
  nonce: string,
  asked: ReadonlySet<string>,
  lintsAt?: number,
): MarkedText {
  const canTell = ({ kind }: Piece) => kind !== "type" && kind !== "binder";
  const filled = laid.pieces.filter((piece) => piece.isFilled && canTell(piece));
  const open = laid.pieces.filter(({ id, kind }) => kind === "body" && id.startsWith("h"));
  // Beside types alone the bodies that are open tell that their impl is reached.
  const marked = filled.length > 0 ? filled : open;
  const markers = new Map(marked.map(({ id }) => [`armature_live_${nonce}_${id}`, id]));
  const nameOf = new Map([...markers].map(([name, id]) => [id, name]));
  const handedOn = allowance.test(laid.text) ? handsOnAloud : (body: string) => `${handsOn}${body}}) `;
  const bodies = marked.map(({ id, span }) => {
    const body = closed(laid.text.slice(span.start, span.end));
    return { span, text: `{ ${marker(nameOf.get(id) ?? "")} ${asked.has(id) ? handedOn(body) : body}}` };
  });
  const lints = lintsAt === undefined ? [] : [{ span: { start: lintsAt, end: lintsAt }, text: cheatLints }];
  const { text, spans, moved } = spliceText(laid.text, [...bodies, ...lints]);
  const newSpans = new Map(marked.map(({ id }, index) => [id, spans[index]]));
  const pieces = laid.pieces.map((piece) => ({
    ...piece,
    span: newSpans.get(piece.id) ?? { start: moved(piece.span.start), end: moved(piece.span.end) },
  }));
  const added = spans
    .slice(bodies.length)
    .map((span): Piece => ({ id: "lints", kind: "written", isFilled: false, span, length: 0 }));
  return { text, pieces: [...added, ...pieces], markers };
}

/**
 * One for each build, since cargo's messages do not tell a library from the same library under test. The attribute
 * outranks `deny(warnings)`, `allow(warnings)` and lint tables around it.
 */
function marker(name: string): string {
  const one = (condition: string, build: string) =>
    `#[cfg(${condition})] #[warn(warnings, unused_variables)] let ${name}_${build} = ();`;
  return `${one("test", "test")} ${one("not(test)", "plain")}`;
}

/** Room for a bracket behind it, which a comment at its end would take in. */
function closed(text: string): string {
  return lexRust(text)?.at(-1)?.kind === "line-comment" ? `${text}\n` : `${text} `;
}

export interface SeenMarker extends Compilation {
  readonly name: string;
}

/** Every report of a marker. Each unit of a compilation (one for each target triple) that reached it makes one. */
export function markersSeen(messages: readonly CompilerMessage[]): readonly SeenMarker[] {
  return messages.flatMap(({ message, packageId, target }) => {
    const [, name, build] = /^unused variable: `(armature_live_\w+)_(plain|test)`/.exec(message) ?? [];
    return name === undefined ? [] : [{ packageId, target, isTest: build === "test", name }];
  });
}
