import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** The work under a lock is one small file: milliseconds. Whoever holds it longer is gone or stopped. */
const staleMilliseconds = 10_000;
const waitMilliseconds = 5_000;
const pollMilliseconds = 10;

/**
 * Runs `work` while this process alone holds the lock file at `path`.
 * @throws Error where the lock was not to be had in time; errors of the file system and of `work` pass through.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mine = JSON.stringify({ pid: process.pid, since: Date.now(), nonce: randomUUID() });
  await acquire(path, mine);
  try {
    return await work();
  } finally {
    await releaseIf(path, mine);
  }
}

async function acquire(path: string, mine: string): Promise<void> {
  const patience = performance.now() + waitMilliseconds;
  for (;;) {
    if (await create(path, mine)) return;
    const holder = await readIfThere(path);
    if (holder !== undefined && isStale(holder)) await removeStale(path, holder, mine);
    else if (performance.now() > patience) throw new Error(`another process holds ${path}`);
    else await sleep(pollMilliseconds);
  }
}

/** By a link to a finished file, so that nobody ever reads a lock without its owner. */
async function create(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { flag: "wx" });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Under a lock of its own: of two that found the same stale lock, the second must not remove the first's new one. */
async function removeStale(path: string, holder: string, mine: string): Promise<void> {
  const guard = `${path}.stale`;
  if (!(await create(guard, mine))) {
    const other = await readIfThere(guard);
    if (other !== undefined && isStale(other)) await releaseIf(guard, other);
    else await sleep(pollMilliseconds);
    return;
  }
  try {
    await releaseIf(path, holder);
  } finally {
    await releaseIf(guard, mine);
  }
}

async function releaseIf(path: string, content: string): Promise<void> {
  if ((await readIfThere(path)) === content) await rm(path, { force: true });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

const holderSchema = z.object({ pid: z.number().int().positive(), since: z.number() });

/** The owner is gone, or has held it for longer than any work takes; a clock moved backwards counts as long. */
function isStale(content: string): boolean {
  const holder = holderSchema.safeParse(parseJson(content));
  if (!holder.success) return true;
  const age = Date.now() - holder.data.since;
  return age > staleMilliseconds || age < -staleMilliseconds || !isAlive(holder.data.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return !hasCode(error, "ESRCH");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
