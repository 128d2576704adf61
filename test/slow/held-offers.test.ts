/** Offers that are planted wrong fail their tests, by every route, though the tests themselves pass. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { findTools } from "../support/tools.ts";

const root = resolve(import.meta.dirname, "../..");
const config = "test/support/held/planted/vitest.config.ts";
const routes = [
  "armature/fill",
  "textDocument/completion",
  "textDocument/inlineCompletion",
  "textDocument/codeAction",
  "codeAction/resolve",
  "workspace/executeCommand",
  'armature fill ["--json"]',
  "armature fill []",
];

const results = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
      message: z.string(),
    }),
  ),
});

test("an offer that plain cargo refuses fails the test that saw it, whatever its route", async () => {
  const folder = mkdtempSync(join(tmpdir(), "armature-planted-"));
  try {
    const output = join(folder, "results.json");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const options = ["run", "--config", config, "--reporter=json", `--outputFile=${output}`];
    const child = spawn(process.execPath, [vitest, ...options], {
      cwd: root,
      env: { ...findTools().environment, VITEST: undefined },
      stdio: "ignore",
    });
    expect(await new Promise((done) => child.on("close", done))).toBe(1);
    const [file] = results.parse(JSON.parse(readFileSync(output, "utf8"))).testResults;
    const tests = file!.assertionResults.map(({ fullName, status, failureMessages }) => ({
      ...{ fullName: fullName.replaceAll("'", ""), status },
      isCaught: /touches the offer: error\[E0507\]/.test(failureMessages.join("\n")),
    }));
    expect(tests).toEqual([
      ...routes.map((route) => ({ fullName: `wrong ${route}`, status: "failed", isCaught: true })),
      { fullName: "wrong outside of a test in a hook", status: "failed", isCaught: true },
      ...routes.map((route) => ({ fullName: `right ${route}`, status: "passed", isCaught: false })),
      { fullName: "right outside of a test in a hook", status: "passed", isCaught: false },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
