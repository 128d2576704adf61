import { constants, mkdirSync, rmSync } from "node:fs";
import { copyFile, link, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Shadow } from "./shadow.ts";
import { filesOf, fingerprintOf, type UnitFile } from "./shadow-unit-files.ts";
import type { BuiltUnit } from "./shadow-units.ts";

/** Bytes. Larger files are not searched for paths, and their units not taken over. */
const largestSearched = 256_000_000;

/**
 * Copies a unit into the shadow's build directory, with its times: by them cargo tells which unit is older than
 * another. The user's cargo may be at work: what has changed meanwhile is dropped. The fingerprint comes last, and
 * without it cargo believes nothing that lies there. Copies, never links: cargo writes into files of units.
 * @param directories Spellings of the build directory that the unit is in.
 * @returns Bytes copied; undefined where the unit cannot be taken over.
 */
export async function seedUnit(
  unit: BuiltUnit,
  shadow: Shadow,
  directories: readonly string[],
): Promise<number | undefined> {
  const files = filesOf(unit);
  if (files === undefined || files.some(({ time }) => time > Date.now())) return undefined;
  const staged = shadow.stage();
  try {
    await copyFiles(unit, files, staged);
    if (await knowsItsDirectory(unit, files, staged, directories)) return undefined;
    if (!isDeepStrictEqual(filesOf(unit)?.map(identityOf), files.map(identityOf))) return undefined;
    for (const output of [...unit.outputs, fingerprintOf(unit)]) {
      shadow.adopt(join(staged, output), join(unit.place, output));
    }
    return files.reduce((sum, { size }) => sum + size, 0);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function identityOf({ path, stamp, bytes }: UnitFile) {
  return { path, stamp, bytes };
}

async function copyFiles(unit: BuiltUnit, files: readonly UnitFile[], staged: string): Promise<void> {
  const byInode = new Map<bigint, string>();
  for (const { path, isDirectory, inode, time, bytes } of files) {
    const to = join(staged, path);
    mkdirSync(isDirectory ? to : dirname(to), { recursive: true });
    if (isDirectory) continue;
    const twin = byInode.get(inode);
    if (bytes !== undefined) await writeFile(to, bytes);
    // Cargo itself links an executable to its second name.
    else if (twin !== undefined) await link(twin, to);
    else await copyFile(join(unit.directory, path), to, constants.COPYFILE_FICLONE);
    byInode.set(inode, to);
    await utimes(to, time / 1_000, time / 1_000);
  }
}

/**
 * Whether something in the unit names the directory it was built in, beyond what cargo replaces itself. Cargo must
 * make that anew: code that runs while compiling would read and write in the user's directory.
 */
async function knowsItsDirectory(
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
    const isSaid = path === join(own, "output");
    const searched = isSaid ? withoutOwn(content, outDirectory) : content;
    // In whatever way a path is written, the unit's own name is in it.
    const names = isRun && bytes === undefined ? [...roots, unit.name] : roots;
    if (names.some((name) => searched.includes(name, 0, "latin1"))) return true;
  }
  return false;
}

/** Cargo replaces the script's own directory in what the script said. */
function withoutOwn(said: Buffer, outDirectory: string): Buffer {
  return Buffer.from(said.toString("latin1").replaceAll(outDirectory, ""), "latin1");
}

/** Libraries name the files they came from, generated ones too: for messages and nothing else. */
function isSearched({ kind, name }: BuiltUnit, { path, isDirectory }: UnitFile): boolean {
  if (isDirectory) return false;
  if (path.startsWith(".fingerprint")) return true;
  if (kind === "lib") return /\.(so|dylib|dll)$/.test(path);
  if (kind === "build-script") return !path.endsWith(".d");
  return !["root-output", "stderr", "invoked.timestamp"].includes(
    path.slice(join("build", name, "/").length),
  );
}
