import { createHash } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Log } from "../../base/log.ts";
import { Shadow } from "./shadow.ts";
import { codeOf, guarded, ifReadable } from "./failure.ts";

/** Beside the slots: the workspace they are for. */
const rootName = "root";

/** Takes the first slot of the workspace that no living process holds. */
export function claimShadow(cacheDirectory: string, root: string, log: Log): Shadow {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  return guarded(cacheDirectory, () => {
    const base = join(cacheDirectory, name);
    mkdirSync(base, { recursive: true });
    const real = realpathSync(base);
    writeFileSync(join(real, rootName), root);
    for (let slot = 0; ; slot += 1) {
      const directory = join(real, `slot-${slot}`);
      if (lockSlot(`${directory}.lock`)) return new Shadow(directory, log);
    }
  });
}

/**
 * Removes shadows while all of them together are larger than the limit: those of workspaces that are gone, then the
 * least recently used. Shadows of living processes stay.
 * @returns What was removed, and the bytes of what is left.
 */
export async function pruneShadows(
  cacheDirectory: string,
  limitBytes: number,
): Promise<{ readonly removed: readonly string[]; readonly bytes: number }> {
  const slots = await measuredSlots(cacheDirectory);
  let total = slots.reduce((sum, { bytes }) => sum + bytes, 0);
  const removed: string[] = [];
  const inOrder = slots.sort((a, b) => Number(b.isGone) - Number(a.isGone) || a.usedAt - b.usedAt);
  for (const { directory, bytes } of inOrder) {
    if (total <= limitBytes) break;
    if (!lockSlot(`${directory}.lock`)) continue;
    await rm(directory, { recursive: true, force: true });
    rmSync(`${directory}.lock`, { force: true });
    removed.push(directory);
    total -= bytes;
  }
  for (const base of new Set(removed.map(dirname))) removeIfEmpty(base);
  return { removed, bytes: total };
}

function removeIfEmpty(base: string): void {
  if (readdirSync(base).some((name) => name !== rootName)) return;
  rmSync(base, { recursive: true, force: true });
}

async function measuredSlots(cacheDirectory: string) {
  const slots: { directory: string; bytes: number; usedAt: number; isGone: boolean }[] = [];
  if (!existsSync(cacheDirectory)) return slots;
  for (const workspace of readdirSync(cacheDirectory, { withFileTypes: true })) {
    if (!workspace.isDirectory() || !/^[0-9a-f]{16}$/.test(workspace.name)) continue;
    const base = join(cacheDirectory, workspace.name);
    const root = join(base, rootName);
    const isGone = existsSync(root) && !existsSync(readFileSync(root, "utf8"));
    for (const name of readdirSync(base)) {
      const directory = join(base, name);
      if (/^slot-\d+\.lock\.\d+/.test(name)) removeLeftover(directory);
      if (!/^slot-\d+$/.test(name)) continue;
      const times = ["used", "checked"].map((own) =>
        statSync(join(directory, own), { throwIfNoEntry: false }),
      );
      const usedAt = Math.max(...times.map((state) => state?.mtimeMs ?? 0));
      slots.push({ directory, bytes: await sizeOf(directory), usedAt, isGone });
    }
  }
  return slots;
}

/** What a process left that ended while it took a lock. */
function removeLeftover(file: string): void {
  const pid = /\.lock\.(\d+)/.exec(file)?.[1];
  if (!isAlive(Number(pid))) rmSync(file, { force: true });
}

/** Bytes on disk of all files below. */
export async function sizeOf(directory: string): Promise<number> {
  await new Promise((next) => setImmediate(next));
  let bytes = 0;
  // A check may be at work there.
  for (const entry of ifReadable(() => readdirSync(directory, { withFileTypes: true })) ?? []) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else if (entry.isFile()) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function lockSlot(lock: string): boolean {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    if (existsSync(lock) && !isAlive(readLock(lock))) takeAway(lock);
    // link() fails where the name exists, so only one process gets it, with its content already there.
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(own);
  }
}

/** Removes a dead process's lock. Another process may have done so and taken the slot meanwhile: then it gets it back. */
function takeAway(lock: string): void {
  const aside = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, aside);
    if (isAlive(readLock(aside))) linkSync(aside, lock);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readLock(lock: string): number {
  return Number(existsSync(lock) ? readFileSync(lock, "utf8") : "0");
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
