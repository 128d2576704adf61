import { z } from "zod";
import { AbortedError } from "../base/abort.ts";
import { offsetAt } from "../base/positions.ts";
import { type AnalyzerAccess, askTwice } from "./analyzer-action.ts";

const position = z.object({ line: z.number(), character: z.number() });
const diagnostic = z.looseObject({
  range: z.object({ start: position, end: position }),
  message: z.string(),
  code: z.unknown().optional(),
  severity: z.number().optional(),
});
const report = z.looseObject({ items: z.array(diagnostic) });

/** One of rust-analyzer's own diagnostics. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly code: unknown;
  /** Its first line. */
  readonly message: string;
  readonly isError: boolean;
}

/** What rust-analyzer itself finds in the document, rustc's messages left out; nothing where it cannot be asked. */
export async function findingsOf(access: AnalyzerAccess): Promise<readonly Finding[]> {
  const { uri, text } = access.document;
  const answer = await askTwice(access, "textDocument/diagnostic", { textDocument: { uri } }).catch(
    (error: unknown) => {
      if (error instanceof AbortedError) throw error;
      return undefined;
    },
  );
  const parsed = report.safeParse(answer);
  if (!parsed.success) return [];
  return parsed.data.items.map(({ range, message, code, severity }) => ({
    start: offsetAt(text, range.start, access.encoding),
    end: offsetAt(text, range.end, access.encoding),
    code,
    message: message.split("\n")[0] ?? "",
    isError: severity === 1,
  }));
}
