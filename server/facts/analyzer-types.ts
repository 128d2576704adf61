import { readFile } from "node:fs/promises";
import { URI } from "vscode-uri";
import { z } from "zod";
import { offsetAt, type Position, positionAt } from "../base/positions.ts";
import type { OpenDocuments, Span } from "../stages.ts";
import type { AnalyzerAccess } from "./analyzer-action.ts";

const position = z.object({ line: z.number(), character: z.number() });
const range = z.object({ start: position, end: position });
const location = z.union([
  z.looseObject({ uri: z.string(), range }),
  z.looseObject({ targetUri: z.string(), targetSelectionRange: range }),
]);
const locations = z.union([z.array(location), location, z.null()]);

const hover = z
  .looseObject({ contents: z.union([z.string(), z.looseObject({ value: z.string() })]) })
  .nullable();

/** A place in some file, with the file's text: the open document where there is one. */
export interface FoundPlace {
  readonly path: string;
  readonly text: string;
  /** UTF-16 offset into {@link text}. */
  readonly offset: number;
}

/** Where rust-analyzer says that the thing at an offset of the document is defined (or its type is). */
export async function placeOf(
  access: AnalyzerAccess,
  question: "textDocument/typeDefinition" | "textDocument/definition",
  offset: number,
  documents: OpenDocuments,
): Promise<FoundPlace | undefined> {
  const answer = await access.ask(question, atOffset(access, offset), { signal: access.signal });
  const parsed = locations.safeParse(answer);
  const found = parsed.success ? [parsed.data].flat()[0] : undefined;
  if (found === undefined || found === null) return undefined;
  const uri = "uri" in found ? (found.uri as string) : found.targetUri;
  const start = ("uri" in found ? found.range : found.targetSelectionRange) as { start: Position };
  return readPlace(uri, start.start, access, documents);
}

/** The type of an expression, as rust-analyzer shows it (its extension `hoverRange`); undefined where it says none. */
export async function typeOfExpression(access: AnalyzerAccess, span: Span): Promise<string | undefined> {
  const { text } = access.document;
  const params = {
    textDocument: { uri: access.document.uri },
    position: {
      start: positionAt(text, span.start, access.encoding),
      end: positionAt(text, span.end, access.encoding),
    },
  };
  const parsed = hover.safeParse(await access.ask("textDocument/hover", params, { signal: access.signal }));
  if (!parsed.success || parsed.data === null) return undefined;
  const { contents } = parsed.data;
  const markdown = typeof contents === "string" ? contents : contents.value;
  const code = /```rust\n([^]*?)\n```/.exec(markdown)?.[1] ?? markdown;
  return code.trim() === "" ? undefined : code.trim();
}

function atOffset(access: AnalyzerAccess, offset: number): unknown {
  return {
    textDocument: { uri: access.document.uri },
    position: positionAt(access.document.text, offset, access.encoding),
  };
}

async function readPlace(
  uri: string,
  start: Position,
  access: AnalyzerAccess,
  documents: OpenDocuments,
): Promise<FoundPlace | undefined> {
  const open = documents.find((document) => document.uri === uri);
  const path = open?.path ?? URI.parse(uri).fsPath;
  const text = open?.text ?? (await readFile(path, "utf8").catch(() => undefined));
  return text === undefined ? undefined : { path, text, offset: offsetAt(text, start, access.encoding) };
}
