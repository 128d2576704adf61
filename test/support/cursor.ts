import type { DocumentSnapshot } from "../../server/stages.ts";

/** A document from a text with `$0` at the cursor, and the cursor's UTF-16 offset. */
export function snapshotAt(
  marked: string,
  path = "/project/src/lib.rs",
): { document: DocumentSnapshot; offset: number } {
  const offset = marked.indexOf("$0");
  if (offset === -1) throw new Error("the text has no $0");
  const text = marked.slice(0, offset) + marked.slice(offset + 2);
  return { document: { uri: `file://${path}`, path, version: 1, text }, offset };
}
