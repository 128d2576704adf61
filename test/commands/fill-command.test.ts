import { afterEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../server/base/log.ts";
import { fillExitCodes, fillHelp, runFill } from "../../server/commands/fill-command.ts";

afterEach(() => vi.restoreAllMocks());

/** The exit code and what was said; no analyzer is ever reached. */
async function fill(...args: string[]): Promise<{ code: number; said: string }> {
  let said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const environment = { ARMATURE_RUST_ANALYZER: "/nowhere/at/all" };
  const code = await runFill({ arguments: args, self: "", environment, log: silentLog });
  return { code, said };
}

const here = "test/commands/fill-command.test.ts";

describe("bad usage of `armature fill`", () => {
  it.each<[string, readonly string[], RegExp]>([
    ["no place", [], /one FILE:LINE\[:COLUMN\] is needed/],
    ["two places", [`${here}:1`, `${here}:2`], /one FILE:LINE/],
    ["no line", [here], /is not of the form FILE:LINE/],
    ["line zero", [`${here}:0`], /count from 1/],
    ["column zero", [`${here}:1:0`], /count from 1/],
    ["no such file", ["no/such/file.rs:1"], /is no file/],
    ["a folder", ["test:1"], /is no file/],
    ["an unknown option", [`${here}:1`, "--force"], /--force/],
    ["settings that are no JSON", [`${here}:1`, "--settings", "{"], /--settings is no JSON object/],
    ["settings that are no object", [`${here}:1`, "--settings", "7"], /--settings is no JSON object/],
    ["a line beyond the end", [`${here}:99999`], /has only \d+ lines/],
  ])("%s ends with 2 and shows the help", async (_what, args, message) => {
    const { code, said } = await fill(...args);
    expect(code).toBe(fillExitCodes.usage);
    expect(said).toMatch(message);
    expect(said).toContain(fillHelp);
  });

  it("is not what a good place gets: that fails at the analyzer, which is not there", async () => {
    const { code, said } = await fill(`${here}:1`);
    expect(code).toBe(fillExitCodes.failed);
    expect(said).toContain("/nowhere/at/all");
    expect(said).not.toContain(fillHelp);
  });
});

it("the help names every exit code", () => {
  for (const code of Object.values(fillExitCodes)) expect(fillHelp).toMatch(new RegExp(`\\b${code} \\w+`));
});
