import { readdirSync, readFileSync } from "node:fs";

/** Variable by which every descendant of a server is told, also when its parents have gone. */
export const markVariable = "ARMATURE_TEST_MARK";

/** Living processes with that mark in their environment, by name (Linux: from /proc). */
export function markedProcesses(mark: string): { readonly pid: number; readonly name: string }[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const environment = readProcess(entry, "environ").split("\0");
      // A zombie has no environment left: it is as good as gone.
      if (!environment.includes(`${markVariable}=${mark}`)) return [];
      return [{ pid: Number(entry), name: readProcess(entry, "comm").trim() }];
    });
}

/** "" where it has gone or is not ours to read. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
