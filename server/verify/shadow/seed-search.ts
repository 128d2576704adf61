import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { UnitFile } from "./unit-files.ts";
import type { BuiltUnit } from "./units.ts";

/** Bytes. Larger files are not searched, and their units not taken over. */
const largestSearched = 256_000_000;

/**
 * Whether something in the unit names the directory it was built in, beyond what cargo replaces itself. Cargo must
 * make that anew: code that runs while compiling would read and write in the user's directory.
 * @param staged The unit's copy.
 * @param directories Spellings of the build directory that the unit is from.
 */
export async function knowsItsDirectory(
  unit: BuiltUnit,
  files: readonly UnitFile[],
  staged: string,
  directories: readonly string[],
): Promise<boolean> {
  const own = join("build", unit.name);
  const isRun = unit.kind === "run-build-script";
  const outDirectory = isRun ? await readFile(join(staged, own, "root-output"), "latin1") : "";
  const tail = join("/", unit.place, own, "out");
  if (isRun && !outDirectory.endsWith(tail)) return true;
  const roots = directories.map((directory) => Buffer.from(directory).toString("latin1"));
  if (isRun) roots.push(outDirectory.slice(0, -tail.length));
  for (const { path, size, bytes } of files.filter((file) => isSearched(unit, file))) {
    if (size > largestSearched) return true;
    const content = bytes ?? (await readFile(join(staged, path)));
    // In whatever way a path is written, the unit's own name is in it.
    const names = isRun && bytes === undefined ? [...roots, unit.name] : roots;
    const searched = path === join(own, "output") ? withoutOwn(content, outDirectory) : content;
    if (names.some((name) => isNamed(name, searched, unit.made))) return true;
  }
  return false;
}

/** Cargo replaces the script's own directory in what the script said. */
function withoutOwn(said: Buffer, outDirectory: string): Buffer {
  return Buffer.from(said.toString("latin1").replaceAll(outDirectory, ""), "latin1");
}

/** Whether the name is found but for the beginning of these, which rustc names in its messages. */
function isNamed(name: string, content: Buffer, made: readonly string[]): boolean {
  for (let at = content.indexOf(name, 0, "latin1"); at >= 0; at = content.indexOf(name, at + 1, "latin1")) {
    const isSource = made.some((source) =>
      content.subarray(at, at + Buffer.byteLength(source)).equals(Buffer.from(source)),
    );
    if (!isSource) return true;
  }
  return false;
}

function isSearched({ kind, name }: BuiltUnit, { path, isDirectory }: UnitFile): boolean {
  if (isDirectory) return false;
  if (path.startsWith(".fingerprint")) return true;
  if (kind === "lib") return !path.endsWith(".d");
  if (kind === "build-script") return !path.endsWith(".d");
  return !["root-output", "stderr", "invoked.timestamp"].includes(
    path.slice(join("build", name, "/").length),
  );
}
