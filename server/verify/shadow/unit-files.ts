import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { BuiltUnit } from "./units.ts";

/** A file or directory of a unit as it was at one moment. */
export interface UnitFile {
  /** Relative to the profile's directory. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** Changes whenever the file may have changed; of a directory "". */
  readonly stamp: string;
  readonly inode: bigint;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Of the fingerprint's own files, which are small. */
  readonly bytes?: Buffer;
}

export function fingerprintOf(unit: BuiltUnit): string {
  return join(".fingerprint", unit.name);
}

/** Directories before what is in them; undefined where the unit is incomplete, or holds links and the like. */
export function filesOf(unit: BuiltUnit): readonly UnitFile[] | undefined {
  if (unit.outputs.length === 0) return undefined;
  try {
    const outputs = unit.outputs.flatMap((output) => read(unit.directory, output, false));
    return [...outputs, ...read(unit.directory, fingerprintOf(unit), true)];
  } catch {
    return undefined;
  }
}

function read(directory: string, path: string, isFingerprint: boolean): readonly UnitFile[] {
  const place = join(directory, path);
  const state = lstatSync(place, { bigint: true });
  const { size, mtimeNs, ctimeNs, ino, mode } = state;
  const time = Number(mtimeNs) / 1e6;
  if (state.isDirectory()) {
    const below = readdirSync(place).sort();
    const own: UnitFile = { path, isDirectory: true, stamp: "", inode: ino, size: 0, time };
    return [own, ...below.flatMap((name) => read(directory, join(path, name), isFingerprint))];
  }
  if (!state.isFile()) throw new Error(`${place} is no file`);
  const stamp = `${size} ${mtimeNs} ${ctimeNs} ${ino} ${mode}`;
  const file: UnitFile = { path, isDirectory: false, stamp, inode: ino, size: Number(size), time };
  return [isFingerprint ? { ...file, bytes: readFileSync(place) } : file];
}

/** Whether the directory where the shadow builds has the unit; "other" where it is not the user's as it is now. */
export function inShadow(unit: BuiltUnit, into: string): "none" | "same" | "other" {
  const own = join(into, unit.place);
  if (statSync(join(own, fingerprintOf(unit)), { throwIfNoEntry: false }) === undefined) return "none";
  const isSame = filesOf(unit)?.every(({ path, isDirectory, size, time }) => {
    const state = statSync(join(own, path), { throwIfNoEntry: false });
    if (isDirectory) return state?.isDirectory() === true;
    // A file's time goes through a number of seconds, which keeps some 200 ns.
    return state?.size === size && Math.abs(state.mtimeMs - time) < 0.01;
  });
  return isSame === true ? "same" : "other";
}
