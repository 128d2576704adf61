import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentLog } from "../../../server/base/log.ts";
import { type Budget, createBudget } from "../../../server/bodies/by-model/budget.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "armature-budget-"));
});
afterEach(() => rm(directory, { recursive: true }));

interface Limits {
  readonly requests?: number;
  readonly tokens?: number;
  readonly day?: string;
}

/** A budget as a fresh process would make it. */
function fresh({ requests = 3, tokens = 1_000, day = "2026-03-10" }: Limits = {}): Budget {
  return createBudget({
    stateDirectory: join(directory, "state"),
    limits: { requestsPerDay: requests, tokensPerDay: tokens },
    now: () => new Date(`${day}T12:00:00Z`),
    log: silentLog,
  });
}

describe("the budget", () => {
  test("is spent after its requests, also for the next process", async () => {
    for (let booked = 0; booked < 3; booked += 1) await fresh().book(1);
    expect(fresh().requestsLeft()).toBe(0);
    await expect(fresh().book(1)).rejects.toMatchObject({
      reason: "budget-spent",
      message: "the budget of 3 requests a day (model.requestsPerDay) is spent until 2026-03-10 ends (UTC)",
    });
    await expect(fresh({ requests: 4 }).book(1)).resolves.toBeDefined();
  });

  test("counts tokens as booked until they are settled", async () => {
    const booking = await fresh().book(900);
    await expect(fresh().book(200)).rejects.toMatchObject({
      reason: "budget-spent",
      message: expect.stringContaining("model.tokensPerDay") as string,
    });
    await booking.settle(100);
    await expect(fresh().book(900)).resolves.toBeDefined();
  });

  test("of zero lets nothing out", async () => {
    await expect(fresh({ requests: 0 }).book(1)).rejects.toMatchObject({ reason: "budget-spent" });
    await expect(fresh({ tokens: 0 }).book(1)).rejects.toMatchObject({ reason: "budget-spent" });
  });

  test("is whole again on the next day, and a booking of the day before does not count into it", async () => {
    const booking = await fresh({ requests: 1 }).book(900);
    const tomorrow = fresh({ requests: 1, day: "2026-03-11" });
    await tomorrow.book(900);
    await booking.settle(0);
    await expect(fresh({ requests: 9, day: "2026-03-11" }).book(200)).rejects.toMatchObject({
      reason: "budget-spent",
    });
  });

  test("is not unlocked by a clock moved backwards", async () => {
    await fresh({ requests: 1 }).book(1);
    const yesterday = fresh({ requests: 1, day: "2026-03-09" });
    await expect(yesterday.book(1)).rejects.toMatchObject({ reason: "budget-spent" });
    expect(yesterday.requestsLeft()).toBe(0);
  });

  test("lets nothing out where its record is damaged or cannot be written", async () => {
    const state = join(directory, "state");
    await mkdir(state);
    await writeFile(join(state, "model-budget.json"), '{"day": "2026-');
    await expect(fresh().book(1)).rejects.toMatchObject({
      reason: "budget-spent",
      message: expect.stringContaining("remove it to start anew") as string,
    });
    await rm(state, { recursive: true });
    await writeFile(state, "a file where the directory should be");
    await expect(fresh().book(1)).rejects.toMatchObject({ reason: "budget-spent" });
    await rm(state);
    await expect(fresh().book(1)).resolves.toBeDefined();
  });

  test("leaves one file behind, and no lock", async () => {
    await (await fresh().book(5)).settle(3);
    expect(await readdir(join(directory, "state"))).toEqual(["model-budget.json"]);
  });

  test("passes over the lock of a process that is gone", async () => {
    const state = join(directory, "state");
    await mkdir(state);
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(child, "exit");
    const lock = join(state, "model-budget.json.lock");
    await writeFile(lock, JSON.stringify({ pid: child.pid, since: Date.now() }));
    await Promise.all([fresh().book(1), fresh().book(1)]);
    expect(fresh().requestsLeft()).toBe(1);
    expect(await readdir(state)).toEqual(["model-budget.json"]);
  });

  test("adds up over processes that book at once", async () => {
    const program = join(directory, "book.mjs");
    await build({
      stdin: { contents: bookingProgram, resolveDir: import.meta.dirname, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: program,
      logLevel: "silent",
    });
    const state = join(directory, "state");
    const processes = [1, 2, 3].map(() => startBooking(program, state));
    await Promise.all(processes.map(({ ready }) => ready));
    const counts = await Promise.all(processes.map(({ run }) => run()));
    const total = counts.reduce((sum, count) => sum + count, 0);
    expect(total).toBe(30);
    expect(fresh({ requests: 31 }).requestsLeft()).toBe(1);
  });
});

/** Tries 15 bookings as soon as it is told to; three of them try 45 in all, for a budget of 30. */
const bookingProgram = `
  import { once } from "node:events";
  import { createBudget } from "../../../server/bodies/by-model/budget.ts";
  const budget = createBudget({
    stateDirectory: process.argv[2] ?? "",
    limits: { requestsPerDay: 30, tokensPerDay: 1000 },
    now: () => new Date("2026-03-10T12:00:00Z"),
    log: { error() {}, warn() {}, info() {}, debug() {} },
  });
  let booked = 0;
  process.stdout.write("ready");
  await once(process.stdin, "data");
  for (let tried = 0; tried < 15; tried += 1) {
    try {
      await budget.book(1);
      booked += 1;
    } catch (error) {
      if (error.reason !== "budget-spent" || !error.message.includes("requestsPerDay")) throw error;
    }
  }
  process.stdout.write(String(booked));
  process.stdin.destroy();
`;

function startBooking(
  program: string,
  state: string,
): { readonly ready: Promise<unknown>; readonly run: () => Promise<number> } {
  const child = spawn(process.execPath, [program, state], { stdio: ["pipe", "pipe", "inherit"] });
  return {
    ready: once(child.stdout, "data"),
    async run() {
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stdin.write("go");
      const [code] = (await once(child, "close")) as [number];
      expect(code).toBe(0);
      return Number(output);
    },
  };
}
