import { NoVerdict } from "./no-verdict.ts";

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
