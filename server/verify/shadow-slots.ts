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
import { join } from "node:path";
import { Shadow } from "./shadow.ts";
import { guarded, codeOf } from "./shadow-failure.ts";

/** Takes the first slot of the workspace that no living process holds. */
export function claimShadow(cacheDirectory: string, root: string): Shadow {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  return guarded(cacheDirectory, () => {
    const base = join(cacheDirectory, name);
    mkdirSync(base, { recursive: true });
    const real = realpathSync(base);
    for (let slot = 0; ; slot += 1) {
      const directory = join(real, `slot-${slot}`);
      if (lockSlot(`${directory}.lock`)) return new Shadow(directory);
    }
  });
}

/** Removes the least recently used shadows while all of them together are larger than the limit. */
export async function pruneShadows(cacheDirectory: string, limitBytes: number): Promise<readonly string[]> {
  const slots = await measuredSlots(cacheDirectory);
  let total = slots.reduce((sum, { bytes }) => sum + bytes, 0);
  const removed: string[] = [];
  for (const { directory, bytes } of slots.sort((a, b) => a.usedAt - b.usedAt)) {
    if (total <= limitBytes) break;
    if (!lockSlot(`${directory}.lock`)) continue;
    rmSync(directory, { recursive: true, force: true });
    rmSync(`${directory}.lock`, { force: true });
    removed.push(directory);
    total -= bytes;
  }
  return removed;
}

async function measuredSlots(cacheDirectory: string) {
  const slots: { directory: string; bytes: number; usedAt: number }[] = [];
  if (!existsSync(cacheDirectory)) return slots;
  for (const workspace of readdirSync(cacheDirectory, { withFileTypes: true })) {
    if (!workspace.isDirectory() || !/^[0-9a-f]{16}$/.test(workspace.name)) continue;
    const base = join(cacheDirectory, workspace.name);
    for (const slot of readdirSync(base).filter((name) => /^slot-\d+$/.test(name))) {
      const directory = join(base, slot);
      const used = statSync(join(directory, "used"), { throwIfNoEntry: false });
      slots.push({ directory, bytes: await sizeOf(directory), usedAt: used?.mtimeMs ?? 0 });
    }
  }
  return slots;
}

async function sizeOf(directory: string): Promise<number> {
  await new Promise((next) => setImmediate(next));
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
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
