import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Abort } from "../../../server/base/abort.ts";
import { silentLog } from "../../../server/base/log.ts";
import { Rustfmt } from "../../../server/verify/text/rustfmt.ts";

const scratch = mkdtempSync(join(tmpdir(), "armature-rustfmt-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A command in rustfmt's place, as rust-analyzer's `rustfmt.overrideCommand` names one. */
function start(script: string, signal = new Abort().signal) {
  const settings = { extraArguments: [], overrideCommand: [process.execPath, "-e", script] };
  const options = { directory: scratch, edition: "2021", settings, toolchain: undefined, signal };
  return new Rustfmt(process.env, silentLog).start(options);
}

const echo = "process.stdin.pipe(process.stdout); process.stdout.write(`${process.pid} `)";

describe("a formatter", () => {
  it("gives each text to a process of its own, the first to the one that waits", async () => {
    const formatter = start(echo);
    const answers = [await formatter.format("a"), await formatter.format("b")];
    formatter.close();
    const texts = answers.map((answer) => (typeof answer === "object" ? answer.text.split(" ") : []));
    expect(texts.map(([, text]) => text)).toEqual(["a", "b"]);
    expect(texts[0]?.[0]).not.toBe(texts[1]?.[0]);
  });

  it("ends the one that waits when it is closed without a text", async () => {
    const ended = join(scratch, "ended");
    const formatter = start(
      `process.stdin.resume().on("end", () => require("fs").writeFileSync(${JSON.stringify(ended)}, ""))`,
    );
    formatter.close();
    await expect.poll(() => existsSync(ended), { timeout: 10_000 }).toBe(true);
  });

  it("is quiet about an abort that nobody waits for, and says it to who asks", async () => {
    const abort = new Abort();
    const [silent, asked] = [start(echo, abort.signal), start(echo, abort.signal)];
    abort.abort("cancelled");
    await expect(asked.format("a")).rejects.toThrow("cancelled");
    silent.close();
  });
});
