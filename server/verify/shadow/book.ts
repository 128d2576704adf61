import { existsSync, statSync } from "node:fs";
import { z } from "zod";
import type { Shadow } from "./shadow.ts";

const entrySchema = z.object({
  kind: z.enum(["file", "directory", "link"]),
  /** Stamp of the user's file whose bytes these are; "" where an unsaved text was laid over it. */
  stamp: z.string(),
  isRacy: z.boolean(),
  /** Size and time of the shadow's own file when it was written; "" where nobody looked. */
  own: z.string(),
  /** Of the user's bytes, where the shadow's file is changed after it was copied: a repository's index. */
  digest: z.string().optional(),
});
const bookSchema = z.record(z.string(), entrySchema);

/** What is known of one file of the shadow. */
export type BookEntry = z.infer<typeof entrySchema>;

const bookName = "manifest.json";
/** Stands beside the tree while it may hold what no book knows of. */
export const unfinishedName = "unfinished";

/** What stands in the shadow is believed where its files still have the size and time they were written with. */
export function loadBook(shadow: Shadow): Map<string, BookEntry> {
  const text = shadow.readBeside(bookName);
  const book = text === undefined ? undefined : bookSchema.safeParse(parsed(text)).data;
  if (book === undefined || shadow.readBeside(unfinishedName) !== undefined) {
    shadow.wipe();
    return new Map();
  }
  return new Map(Object.entries(book).map(([path, entry]) => [path, believed(shadow, path, entry)]));
}

export function saveBook(shadow: Shadow, entries: ReadonlyMap<string, BookEntry>): void {
  shadow.saveBeside(bookName, JSON.stringify(Object.fromEntries(entries)));
  shadow.removeBeside(unfinishedName);
}

/** Size and time of a file of the shadow. */
export function ownStamp(place: string): string {
  const state = statSync(place, { bigint: true, throwIfNoEntry: false });
  return state === undefined ? "none" : `${state.size} ${state.mtimeNs}`;
}

function believed(shadow: Shadow, path: string, entry: BookEntry): BookEntry {
  if (entry.kind === "directory") return existsSync(shadow.placeOf(path)) ? entry : { ...entry, stamp: "" };
  if (entry.kind === "link") return { ...entry, stamp: "" };
  return ownStamp(shadow.placeOf(path)) === entry.own ? entry : { ...entry, stamp: "" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
