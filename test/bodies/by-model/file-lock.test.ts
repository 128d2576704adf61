import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withFileLock } from "../../../server/bodies/by-model/file-lock.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "armature-lock-"));
});
afterEach(() => rm(directory, { recursive: true }));

/** The most that were at work at once, of twelve. */
async function mostAtOnce(run: (work: () => Promise<void>) => Promise<void>): Promise<number> {
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, () => run(work)));
  return most;
}

describe("a file lock", () => {
  test("lets one at a time in", async () => {
    const path = join(directory, "lock");
    expect(await mostAtOnce((work) => withFileLock(path, work))).toBe(1);
    expect(await mostAtOnce((work) => work())).toBeGreaterThan(1);
    expect(await readdir(directory)).toEqual([]);
  });

  test.each([
    ["of a process that is gone", JSON.stringify({ pid: 2 ** 22 + 1, since: Date.now() })],
    ["held for longer than any work takes", JSON.stringify({ pid: process.pid, since: Date.now() - 60_000 })],
    ["from a time to come", JSON.stringify({ pid: process.pid, since: Date.now() + 3_600_000 })],
    ["that is no lock of ours", "x"],
  ])("passes over one %s, still one at a time", async (_, content) => {
    const path = join(directory, "lock");
    await writeFile(path, content);
    expect(await mostAtOnce((work) => withFileLock(path, work))).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  test("is free again after work that failed", async () => {
    const path = join(directory, "lock");
    await expect(withFileLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await expect(withFileLock(path, () => Promise.resolve("yes"))).resolves.toBe("yes");
  });

  test("tells where it cannot be made", async () => {
    await expect(withFileLock(join(directory, "none", "lock"), () => Promise.resolve())).rejects.toThrow(
      "ENOENT",
    );
  });
});
