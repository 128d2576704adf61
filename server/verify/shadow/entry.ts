import { type BigIntStats, statSync } from "node:fs";

/** One thing of the user's tree that the shadow must have. */
export interface SourceEntry {
  readonly kind: "file" | "directory" | "link";
  /** Changes whenever the thing may have changed. */
  readonly stamp: string;
  /** Changed so shortly ago that a second change could leave the same stamp: the content must be compared. */
  readonly isRacy: boolean;
  /** file: where the bytes are. link: the target as written, absolute ones by their place in the user's tree. */
  readonly from: string;
  /** file: bytes. */
  readonly size?: number;
  /** file: written instead of the bytes of `from`. */
  readonly text?: string;
  /** Where it really stands, for what a link brings in from outside the roots: editors name it by this. */
  readonly real?: string;
}

/** A Rust source, or a link, in the shadow. */
export interface PlacedSource {
  readonly place: string;
  /** Changes whenever the text does; "" where that is not known. */
  readonly stamp: string;
  /** What a link leads to, as it is written. */
  readonly link: string | undefined;
}

// The coarsest file time in use (FAT: 2 s) bounds how long a stamp can hide a second change.
const racyMilliseconds = 2_000;

/** @param now Milliseconds since the epoch. */
export function fileEntry(from: string, state: BigIntStats, now: number): SourceEntry {
  const stamp = `file ${state.size} ${state.mtimeNs} ${state.ctimeNs} ${state.ino}`;
  const isRacy = now - Number(state.ctimeMs) < racyMilliseconds;
  return { kind: "file", stamp, isRacy, from, size: Number(state.size) };
}

export function directoryEntry(from: string): SourceEntry {
  return { kind: "directory", stamp: "directory", isRacy: false, from };
}

/** The entry of what is a file, or a link to one. */
export function fileEntryAt(path: string, now: number): SourceEntry | undefined {
  const state = statSync(path, { bigint: true, throwIfNoEntry: false });
  return state?.isFile() === true ? fileEntry(path, state, now) : undefined;
}
