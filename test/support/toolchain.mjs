/**
 * Which rust-analyzer, cargo and rustc the tests and the demo use: of one toolchain, with the standard library's
 * sources, because without them rust-analyzer's facts about std vanish silently.
 */
import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Where Debian's packages put theirs. */
const systemFolder = "/usr/bin";

/**
 * Returns the PATH to use. Looks at PATH as it is, then with /usr/bin in front; installs what is missing with rustup,
 * else with Debian's packages, and ends with one message (by `stop`) where neither can.
 *
 * `say(text)`, `stop(text)`: messages for people; `run(file, arguments)`: runs an installing command and says whether
 * it succeeded; `cache`: a file that keeps the answer, since asking rustup's shims costs a third of a second.
 */
export function findToolchain({ environment, cache, say, run, stop }) {
  const paths = pathsToTry(environment.PATH ?? "");
  const key = keyOf(paths, environment);
  const kept = readKept(cache, key);
  if (kept !== undefined) return kept;

  const found = firstUsable(paths, environment) ?? install({ paths, environment, say, run, stop });
  say(`rust-analyzer ${found.version}, sources of the standard library in ${found.library}`);
  mkdirSync(dirname(cache), { recursive: true });
  const answer = { key: keyOf(paths, environment), path: found.path, library: found.library };
  writeFileSync(cache, JSON.stringify(answer));
  return found.path;
}

/** The version and the sources that come with this PATH, or what is wrong with it. */
export function examine(path, environment) {
  const cargo = onPath("cargo", path);
  if (cargo === undefined) return { problem: "no cargo on PATH" };
  const analyzer = findAnalyzer(path, environment);
  if (analyzer === undefined) return { problem: "no rust-analyzer on PATH that runs" };
  const sysroot = ask("rustc", ["--print", "sysroot"], path, environment);
  if (sysroot === undefined) return { problem: "rustc does not run" };
  const library = join(sysroot, "lib/rustlib/src/rust/library");
  if (!existsSync(join(library, "core")))
    return { problem: `no sources of the standard library in ${sysroot}` };
  return { path, library, ...analyzer };
}

/** What findToolchain would choose without installing anything: `{ path, library, analyzer, version }` or `{ problem }`. */
export function usableToolchain(environment) {
  const paths = pathsToTry(environment.PATH ?? "");
  return firstUsable(paths, environment) ?? examine(paths[0], environment);
}

/** The guard makes Armature under rust-analyzer's name end at once instead of answering as if it were the real one. */
function findAnalyzer(path, environment) {
  const guarded = { ...environment, ARMATURE_GUARD: "1" };
  for (const analyzer of allOnPath("rust-analyzer", path)) {
    const answer = ask(analyzer, ["--version"], path, guarded);
    if (answer?.startsWith("rust-analyzer "))
      return { analyzer, version: answer.slice("rust-analyzer ".length) };
  }
  return undefined;
}

/** One version throughout where there is one: the sources that rust-analyzer reads should be those it was made for. */
function firstUsable(paths, environment) {
  const usable = [];
  for (const path of paths) {
    const examined = examine(path, environment);
    if (examined.problem !== undefined) continue;
    if (isOneVersion(examined, environment)) return examined;
    usable.push(examined);
  }
  return usable[0];
}

function isOneVersion({ path, version }, environment) {
  const compiler = ask("rustc", ["--version"], path, environment)?.split(" ")[1] ?? "";
  const minor = (text) => text.split(".").slice(0, 2).join(".");
  return minor(compiler) === minor(version);
}

function install({ paths, environment, say, run, stop }) {
  const path = environment.PATH ?? "";
  const problem = examine(paths[0], environment).problem;
  const afterwards = () => firstUsable(paths, environment);
  say(problem);
  if (onPath("rustup", path) !== undefined) {
    say("trying rustup component add rust-analyzer rust-src");
    if (addByRustup(path, environment) && afterwards() !== undefined) return afterwards();
    say("rustup could not add them");
  }
  if (process.getuid?.() === 0 && onPath("apt-get", path) !== undefined) {
    say("installing Debian's rust-web-analyzer and rust-web-src (about 2 GB; apt-get)");
    const updated = run("apt-get", ["update", "-qq"]);
    const packages = ["rust-web-analyzer", "rust-web-src"];
    if (updated && run("apt-get", ["install", "-y", "-qq", ...packages]) && afterwards() !== undefined)
      return afterwards();
    say("apt-get could not install them");
  }
  return stop(
    `${problem}. Install a Rust toolchain with rust-analyzer and the sources of the standard library: ` +
      "`rustup component add rust-analyzer rust-src`, " +
      "or on Debian `apt-get install rust-web-analyzer rust-web-src`",
  );
}

/** Quiet and without retries: where rustup's server cannot be reached this must not hold anybody up. */
function addByRustup(path, environment) {
  const result = spawnSync("rustup", ["component", "add", "rust-analyzer", "rust-src"], {
    stdio: "ignore",
    timeout: 180_000,
    env: { ...environment, PATH: path, RUSTUP_MAX_RETRIES: "0" },
  });
  return result.status === 0;
}

/** Node's own folder stays in front, or /usr/bin might bring an older Node. */
function pathsToTry(path) {
  const nodeFolder = dirname(process.execPath);
  const first = existsSync(join(nodeFolder, "cargo")) ? [] : [nodeFolder];
  return [path, [...first, systemFolder, path].join(delimiter)];
}

function onPath(name, path) {
  return allOnPath(name, path)[0];
}

function allOnPath(name, path) {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).filter(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function ask(file, fileArguments, path, environment) {
  const result = spawnSync(file, fileArguments, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 20_000,
    env: { ...environment, PATH: path },
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Everything on which the answer depends that can be read without starting a program. */
function keyOf(paths, environment) {
  const names = ["rust-analyzer", "cargo", "rustc"];
  const files = paths.flatMap((path) => names.map((name) => onPath(name, path)));
  const times = files.map((file) => (file === undefined ? "none" : `${file} ${changeOf(file)}`));
  const rustupSettings = join(
    environment.RUSTUP_HOME ?? join(environment.HOME ?? "", ".rustup"),
    "settings.toml",
  );
  const choice = [environment.RUSTUP_TOOLCHAIN ?? "", changeOf(rustupSettings)];
  return [...paths, ...times, ...choice].join("\n");
}

function changeOf(file) {
  try {
    return statSync(realpathSync(file)).mtimeMs;
  } catch {
    return 0;
  }
}

function readKept(cache, key) {
  try {
    const kept = JSON.parse(readFileSync(cache, "utf8"));
    return kept.key === key && existsSync(join(kept.library, "core")) ? kept.path : undefined;
  } catch {
    return undefined;
  }
}
