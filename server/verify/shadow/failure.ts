import { closeSync, openSync, readSync } from "node:fs";
import { NoVerdict } from "../no-verdict.ts";

/** Does work on the disk; what fails becomes a NoVerdict with the error's code and the path. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NoVerdict) throw error;
    const code = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
    throw new NoVerdict("shadow-failed", `the shadow copy could not be written: ${code}: ${path}`, {
      cause: error,
    });
  }
}

/** "ENOSPC" and the like. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

/** What the user's file system answers where something has just vanished, or is not theirs to read. */
const unreadable = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "EIO", "ENXIO", "ESTALE"]);

/** Reads the user's tree; undefined for what cannot be read: it is not there for their own cargo either. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (unreadable.has(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

/** Whether a first byte can be had, or there is none. */
export function canBeRead(file: string): boolean {
  const read = ifReadable(() => {
    const descriptor = openSync(file, "r");
    try {
      return readSync(descriptor, Buffer.alloc(1), 0, 1, 0);
    } finally {
      closeSync(descriptor);
    }
  });
  return read !== undefined;
}

/** Throws where a tool of cargo's had no room left: that says nothing of a draft. */
export function assertHadRoom(said: readonly string[], directory: string): void {
  const line = said.flatMap((text) => text.split("\n")).find((text) => noRoom.test(text));
  if (line === undefined) return;
  throw new NoVerdict("shadow-failed", `no room is left for the shadow copy in ${directory}: ${line.trim()}`);
}

/** As the system says it, whoever repeats it. */
const noRoom = /No space left on device|Disk quota exceeded|\(os error (?:28|122)\)/;
