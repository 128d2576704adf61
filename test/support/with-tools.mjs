/**
 * node test/support/with-tools.mjs COMMAND ARGUMENTS…
 *
 * Runs the command in a clone that is ready: packages installed, product built, crates of the demo fetched, and in
 * front of PATH a rust-analyzer, cargo and rustc of one version with the sources of the standard library. What is
 * missing is installed, and said; the second time this takes some tens of milliseconds. Plain Node without packages,
 * since it runs before there are any.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants, homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findToolchain } from "./toolchain.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const demoManifest = join(root, "test/fixtures/demo/Cargo.toml");
const hashOfBuild = join(root, "dist/.built-from");
const hashOfFetch = join(root, "node_modules/.armature/fetched");

const [command, ...commandArguments] = process.argv.slice(2);
if (command === undefined) stop("usage: node test/support/with-tools.mjs COMMAND ARGUMENTS…");
requireNode();
installPackages();
build();
const path = findToolchain({
  environment: process.env,
  cache: join(root, "node_modules/.armature/toolchain.json"),
  say,
  run: runAside,
  stop,
});
fetchCrates();
execute();

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Node ${process.versions.node} is too old: 20.19 or newer is needed`);
}

function installPackages() {
  if (packagesAreInstalled()) return;
  say("installing the packages of package-lock.json (npm ci)");
  const [npm, ...first] = npmCommand();
  const options = ["--include=dev", "--no-audit", "--no-fund"];
  const quiet = { cwd: root, stdio: "ignore" };
  if (spawnSync(npm, [...first, "ci", ...options], quiet).status === 0) return;
  // npm ci refuses a lock file that leaves out packages for other systems, as one does that was made with a registry
  // which has not got them (npm/cli#4828). npm install keeps to the same versions and does not mind.
  say("npm ci refused; npm install with the same lock file");
  if (!runAside(npm, [...first, "install", "--no-save", ...options])) stop("npm install failed: see above");
}

/** npm's own record of what it installed, against package-lock.json: also right after an `npm install` by hand. */
function packagesAreInstalled() {
  const installed = readJson(join(root, "node_modules/.package-lock.json"))?.packages;
  if (installed === undefined) return false;
  const wanted = Object.entries(readJson(join(root, "package-lock.json"))?.packages ?? {});
  return wanted.every(([place, { version, optional }]) => {
    if (place === "") return true;
    return installed[place] === undefined ? optional === true : installed[place].version === version;
  });
}

function build() {
  const hash = hashOf(buildInputs());
  if (readText(hashOfBuild) === hash) return;
  say("building dist/ (tsup)");
  const tsup = join(root, "node_modules/tsup/dist/cli-default.js");
  if (!runAside(process.execPath, [tsup, "--silent"])) stop("the build failed: see above");
  writeFileSync(hashOfBuild, hash);
}

function buildInputs() {
  const sources = ["server", "protocol"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );
  return [...sources.sort(), "package-lock.json", "package.json", "tsup.config.ts", "tsconfig.json"];
}

/** Checks of the demo and of the slow tests work offline, so its crates must be there before. */
function fetchCrates() {
  if (!existsSync(demoManifest)) return;
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const hash = `${hashOf(["test/fixtures/demo/Cargo.lock"])} ${cargoHome}`;
  if (readText(hashOfFetch) === hash && existsSync(join(cargoHome, "registry/src"))) return;
  say("fetching the crates that the demo crate uses (cargo fetch)");
  const fetched = runAside("cargo", ["fetch", "--quiet", "--locked", "--manifest-path", demoManifest], path);
  if (!fetched) return say("cargo fetch failed: what needs those crates will say so");
  mkdirSync(dirname(hashOfFetch), { recursive: true });
  writeFileSync(hashOfFetch, hash);
}

/** Node cannot replace itself by the command: it hands on signals, the exit code and nothing else. */
function execute() {
  const file = command === "node" ? process.execPath : command;
  const child = spawn(file, commandArguments, { stdio: "inherit", env: { ...process.env, PATH: path } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => stop(`could not start ${file}: ${error.message}`, 127));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** Standard output belongs to the command, so what set-up commands print goes to standard error. */
function runAside(file, fileArguments, pathForIt = process.env.PATH) {
  const result = spawnSync(file, fileArguments, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, PATH: pathForIt },
  });
  return result.status === 0;
}

/** Under `npm run`, the npm that runs us; otherwise the one on PATH. */
function npmCommand() {
  const running = process.env.npm_execpath ?? "";
  return basename(running) === "npm-cli.js" ? [process.execPath, running] : ["npm"];
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function say(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

function stop(text, exitCode = 1) {
  say(text);
  process.exit(exitCode);
}
