import { constants, mkdirSync, rmSync } from "node:fs";
import { copyFile, link, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Shadow } from "./shadow.ts";
import { knowsItsDirectory } from "./seed-search.ts";
import { filesOf, fingerprintOf, type UnitFile } from "./unit-files.ts";
import type { BuiltUnit } from "./units.ts";

export interface SeedPlaces {
  /** Where the shadow's cargo builds. */
  readonly into: string;
  /** Spellings of the build directory that the unit is in. */
  readonly spellings: readonly string[];
}

/**
 * Copies a unit into the shadow's build directory, with its times: by them cargo tells which unit is older than
 * another. The user's cargo may be at work: what has changed meanwhile is dropped. The fingerprint comes last, and
 * without it cargo believes nothing that lies there. Copies, never links: cargo writes into files of units.
 * @returns Bytes copied; undefined where the unit cannot be taken over.
 */
export async function seedUnit(
  unit: BuiltUnit,
  shadow: Shadow,
  { into, spellings }: SeedPlaces,
): Promise<number | undefined> {
  const files = filesOf(unit);
  if (files === undefined || files.some(({ time }) => time > Date.now())) return undefined;
  const staged = shadow.stage();
  try {
    await copyFiles(unit, files, staged);
    if (await knowsItsDirectory(unit, files, staged, spellings)) return undefined;
    if (!isDeepStrictEqual(filesOf(unit)?.map(identityOf), files.map(identityOf))) return undefined;
    for (const output of [...unit.outputs, fingerprintOf(unit)]) {
      shadow.adopt(join(staged, output), join(into, unit.place, output));
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
