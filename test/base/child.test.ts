import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Abort, AbortedError } from "../../server/base/abort.ts";
import { type Command, ExcessError, runCommand, SpawnError } from "../../server/base/child.ts";
import { readLines } from "../../server/base/lines.ts";
import { groupMembers } from "../../server/base/process-group.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "armature-child-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const never = new Abort().signal;
const node = (script: string, more: Partial<Command> = {}) =>
  runCommand({ file: process.execPath, arguments: ["-e", script], cwd: directory, signal: never, ...more });
/** The process id that a script has written, once it has. */
const written = async (file: string) => {
  await expect.poll(() => existsSync(join(directory, file)), { timeout: 10_000 }).toBe(true);
  return Number(readFileSync(join(directory, file), "utf8"));
};
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("a command", () => {
  it("gives its lines, its exit code and what it got as input", async () => {
    const lines: string[] = [];
    const script =
      "process.stdin.on('data', (text) => { console.log(`a\\r\\n${text}`); console.error('c'); process.stdout.write('d'); process.exitCode = 3; })";
    const result = await node(script, {
      input: "b",
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    });
    expect(result).toMatchObject({ exitCode: 3, endedBy: undefined, stdout: "a\nb\nd", stderr: "c" });
    expect(lines.sort()).toEqual(["stderr c", "stdout a", "stdout b", "stdout d"]);
  });

  it("waits for input that is promised", async () => {
    const started: string[] = [];
    const script = "console.log('up'); process.stdin.on('data', (text) => console.log(`${text}`))";
    let give: (text: string) => void = () => undefined;
    const { stdout } = await node(script, {
      input: new Promise((resolve) => (give = resolve)),
      onLine: (line) => {
        started.push(line);
        give("b");
      },
    });
    expect(stdout).toBe("up\nb");
    expect(started).toEqual(["up", "b"]);
  });

  it("keeps nothing of its output where it is told so", async () => {
    expect(await node("console.log(1); console.error(2)", { dropsOutput: true })).toMatchObject({
      stdout: "",
      stderr: "2",
    });
  });

  it("gets the environment, less what is undefined", async () => {
    const { stdout } = await node("console.log(process.env.ONE, process.env.HOME)", {
      environment: { ONE: "1", HOME: undefined },
    });
    expect(stdout).toBe("1 undefined");
  });

  it("that cannot be started says where it was looked for", async () => {
    const started = runCommand({
      file: "no-such-program",
      arguments: ["x"],
      cwd: directory,
      environment: { PATH: "/nowhere" },
      signal: never,
    });
    await expect(started).rejects.toThrow(
      `could not start no-such-program x (in ${directory}, PATH=/nowhere)`,
    );
    await expect(
      runCommand({ file: directory, arguments: [], cwd: directory, signal: never }),
    ).rejects.toBeInstanceOf(SpawnError);
  });

  it("that was killed by somebody else says by which signal", async () => {
    expect(await node("process.kill(process.pid, 'SIGKILL')")).toMatchObject({
      exitCode: undefined,
      endedBy: "SIGKILL",
    });
  });

  it("whose reader throws ends with what was thrown", async () => {
    const failing = node("console.log(1); setInterval(() => {}, 1000)", {
      onLine: () => {
        throw new Error("unreadable");
      },
    });
    await expect(failing).rejects.toThrow("unreadable");
  });
});

/** Starts a child that ignores SIGTERM, as it does itself, and says its own process id. */
const stubborn = (file: string) =>
  `process.on('SIGTERM', () => {}); const { spawn } = require('node:child_process'); spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); require('node:fs').writeFileSync('${file}', '' + process.ppid)"]); setInterval(() => {}, 1000);`;

describe("the end of a command", () => {
  it("is the end of all that it has started, also of what ignores SIGTERM, before anybody hears of it", async () => {
    const abort = new Abort();
    const running = node(stubborn("stubborn"), { signal: abort.signal });
    const group = await written("stubborn");
    expect(await groupMembers(group)).toHaveLength(2);
    abort.abort("superseded");
    await expect(running).rejects.toEqual(new AbortedError("superseded"));
    expect(await groupMembers(group)).toEqual([]);
  });

  it("is that of what it left behind too, where it was killed by somebody else", async () => {
    const running = node(stubborn("left"));
    const group = await written("left");
    process.kill(group, "SIGKILL");
    expect(await running).toMatchObject({ endedBy: "SIGKILL" });
    expect(await groupMembers(group)).toEqual([]);
  });

  it("does not wait for somebody outside its group who holds its output open", async () => {
    const script =
      "const { spawn } = require('node:child_process'); const child = spawn('sleep', ['600'], { detached: true, stdio: 'inherit' }); require('node:fs').writeFileSync('orphan', '' + child.pid); child.unref();";
    expect(await node(script)).toMatchObject({ exitCode: 0 });
    const orphan = await written("orphan");
    expect(isAlive(orphan)).toBe(true);
    process.kill(orphan);
  });

  it("comes when its processes take more memory together than they may", async () => {
    const greedy = "const kept = []; setInterval(() => kept.push(Buffer.alloc(10_000_000, 1)), 5);";
    const script = `const { spawn } = require('node:child_process'); spawn(process.execPath, ['-e', ${JSON.stringify(greedy)}]); require('node:fs').writeFileSync('greedy', '' + process.pid); setInterval(() => {}, 1000);`;
    const running = node(script, { memoryBytes: 400_000_000 });
    await expect(running).rejects.toEqual(new ExcessError("memory", process.execPath));
    expect(await groupMembers(await written("greedy"))).toEqual([]);
  });

  it("does not come to one that stays below", async () => {
    expect(await node("setTimeout(() => {}, 600)", { memoryBytes: 400_000_000 })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe("lines of a stream", () => {
  const read = async (chunks: readonly string[], longest = 100) => {
    const stream = new PassThrough();
    const lines: string[] = [];
    let isTooLong = false;
    readLines(stream, { longest, onLine: (line) => lines.push(line), onTooLong: () => (isTooLong = true) });
    for (const chunk of chunks) if (!stream.destroyed) stream.write(Buffer.from(chunk, "latin1"));
    if (!stream.destroyed) stream.end();
    await new Promise((resolve) => stream.once("close", resolve));
    return { lines, isTooLong };
  };

  it("are the same however they are cut", async () => {
    const text = Buffer.from("ä\nüber\r\n\nlast", "utf8").toString("latin1");
    for (let at = 0; at <= text.length; at += 1) {
      expect((await read([text.slice(0, at), text.slice(at)])).lines).toEqual(["ä", "über", "", "last"]);
    }
  });

  it("end where one is longer than any may be", async () => {
    expect(await read(["short\n", "0123456789", "0123456789", "\nnext\n"], 15)).toEqual({
      lines: ["short"],
      isTooLong: true,
    });
  });
});
