/**
 * node test/support/run-real.mjs [--all] [OPTIONS OF VITEST…]: published crates, those of the day or all of them.
 */
import { spawnSync } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const given = process.argv.slice(2);
const passedOn = given.filter((argument) => argument !== "--all");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "real", ...passedOn], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...(given.includes("--all") ? { ARMATURE_REAL: "all" } : {}) },
});
process.exitCode = status ?? 1;
