/**
 * node test/support/run-tests.mjs [--all] [FILTER AND OPTIONS OF VITEST…]
 *
 * Runs lint, types, the fast suite and the slow suite, one after the other and all of them whatever fails; with --all
 * the other suites with real tools too. Says first what that covers and what it leaves out. With a filter only the
 * suites run, and only what matches it. The last line is the count; the exit code is 0 only if something ran and
 * nothing failed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const scratch = mkdtempSync(join(tmpdir(), "armature-tests-"));
const isAll = process.argv.includes("--all");
const passedOn = process.argv.slice(2).filter((argument) => argument !== "--all");
const hasFilter = passedOn.length > 0;

const suites = [
  { project: "fast", covers: "each stage by itself, and sessions in memory with a scripted rust-analyzer" },
  { project: "slow", covers: "the built product with the real rust-analyzer and cargo, in every route" },
  { project: "traps", covers: "planted cases: what must not pass as verified, and what must", isExtra: true },
  {
    project: "reported",
    covers: "crates on which Armature was once wrong, each rust-analyzer",
    isExtra: true,
  },
  { project: "real", covers: "published crates with their authors' own bodies", isExtra: true },
  {
    project: "editors",
    covers: "the built product in the editors themselves, driven by keys",
    isExtra: true,
  },
];
const chosen = suites.filter(({ isExtra }) => isAll || !isExtra);
const leftOut = suites.filter((suite) => !chosen.includes(suite));

const steps = [
  ...(hasFilter ? [] : [npmScript("lint", "lint and format"), npmScript("typecheck", "types")]),
  ...chosen.map(suiteStep),
];
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
sayCoverage();
for (const step of steps) runStep(step);
rmSync(scratch, { recursive: true, force: true });
report();

/** So that a green count is not taken for more than it is. */
function sayCoverage() {
  const lines = chosen.map(({ project, covers }) => `  ${project}: ${covers}`);
  print(["This covers", ...(hasFilter ? [] : ["  lint, format and types"]), ...lines].join("\n"));
  if (leftOut.length === 0) return;
  print("It leaves out, each a command of its own, and all of them by .ci/run:");
  for (const { project, covers } of leftOut) print(`  npm run test:${project}: ${covers}`);
}

function runStep(step) {
  print(`\n=== ${step.title}`);
  const started = performance.now();
  const counts = step.run();
  for (const kind of Object.keys(total)) total[kind] += counts[kind];
  if (counts.failed > 0) failures.push(step.title);
  print(`--- ${step.title}: ${describe(counts)}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function npmScript(script, title) {
  return {
    title,
    run: () => {
      const running = process.env.npm_execpath ?? "";
      const npm = basename(running) === "npm-cli.js" ? [process.execPath, running] : ["npm"];
      return runCommand([...npm, "run", "--silent", script]) === 0 ? counted(1, 0) : counted(0, 1);
    },
  };
}

function suiteStep({ project, covers }) {
  return {
    title: `${project}: ${covers}`,
    run: () => {
      if (!hasTests(project)) {
        print(`no tests in test/${project}`);
        return counted(0, 1);
      }
      const results = join(scratch, `${project}.json`);
      const exitCode = runCommand([
        ...[process.execPath, join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", project],
        // Only a filter may leave a suite without tests; otherwise finding none is a failure.
        ...(hasFilter ? ["--passWithNoTests"] : []),
        ...["--reporter=default", "--reporter=json", `--outputFile.json=${results}`],
        ...passedOn,
      ]);
      return countResults(results, exitCode);
    },
  };
}

/** A suite that has gone must not look like one that passes. */
function hasTests(project) {
  if (project === "fast") return true;
  const folder = join(root, "test", project);
  return (
    existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => file.endsWith(".test.ts"))
  );
}

/** A file that could not be loaded, and an error outside any test, count as one failed test each. */
function countResults(file, exitCode) {
  if (!existsSync(file)) return exitCode === 0 ? counted(0, 0) : counted(0, 1);
  const counts = counted(0, 0);
  for (const testFile of JSON.parse(readFileSync(file, "utf8")).testResults) {
    const statuses = testFile.assertionResults.map((test) => test.status);
    const failed = statuses.filter((status) => status === "failed").length;
    const passed = statuses.filter((status) => status === "passed").length;
    counts.passed += passed;
    counts.failed += failed === 0 && testFile.status === "failed" ? 1 : failed;
    counts.skipped += statuses.length - passed - failed;
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function counted(passed, failed) {
  return { passed, failed, skipped: 0 };
}

function runCommand([file, ...fileArguments]) {
  const options = { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: process.env };
  return spawnSync(file, fileArguments, options).status ?? 1;
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

function report() {
  print("");
  if (failures.length > 0) print(`failed: ${failures.join("; ")}`);
  else if (total.passed === 0) print("nothing ran");
  if (leftOut.length > 0)
    print(`not run: ${leftOut.map(({ project }) => project).join(", ")} (.ci/run runs them)`);
  process.exitCode = failures.length > 0 || total.passed === 0 ? 1 : 0;
  print(describe(total));
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
