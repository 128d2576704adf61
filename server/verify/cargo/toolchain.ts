import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type Command, runCommand, SpawnError } from "../../base/child.ts";
import { quietEnvironment } from "./cargo.ts";
import { NoVerdict } from "../no-verdict.ts";

/**
 * The toolchain that rustup picks in `directory`; undefined where cargo is not rustup's, or where rustup has no
 * answer (cargo then says why). A directory override of rustup's would not reach the shadow otherwise.
 */
export async function activeToolchain(
  directory: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const rustup = rustupBesideCargo(environment);
  if (rustup === undefined) return undefined;
  const result = await runCommand({
    file: rustup,
    arguments: ["show", "active-toolchain"],
    cwd: directory,
    environment: quietEnvironment(environment),
    signal,
  });
  // The reason stands behind the name, which may be a path with spaces.
  const name = (result.stdout.split("\n")[0] ?? "").replace(/ \([^()]*\)$/, "").trim();
  return result.exitCode === 0 && name !== "" ? name : undefined;
}

/** Changes when rustup might pick another toolchain in `directory`, or cargo go by other settings. */
export function settingsStamp(directory: string, environment: NodeJS.ProcessEnv): string {
  const home = environment.HOME ?? "";
  const rustup = environment.RUSTUP_HOME ?? join(home, ".rustup");
  const cargo = environment.CARGO_HOME ?? join(home, ".cargo");
  const above = [directory];
  for (let at = directory; at !== dirname(at); at = dirname(at)) above.push(dirname(at));
  const names = ["rust-toolchain.toml", "rust-toolchain", ".cargo/config.toml", ".cargo/config"];
  const files = [
    join(rustup, "settings.toml"),
    join(cargo, "config.toml"),
    ...above.flatMap((at) => names.map((name) => join(at, name))),
  ];
  const times = files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs);
  return JSON.stringify([environment.RUSTUP_TOOLCHAIN, environment.PATH, times]);
}

/** The host triple of the rustc that cargo would run; "" where it does not say. */
export async function rustcHost(
  configured: string | undefined,
  { cwd, environment = {}, signal }: Pick<Command, "cwd" | "signal" | "environment">,
): Promise<string> {
  const file = environment.RUSTC ?? configured ?? "rustc";
  try {
    const result = await runCommand({ file, arguments: ["-vV"], cwd, environment, signal });
    return /^host: (.*)$/m.exec(result.stdout)?.[1] ?? "";
  } catch (error) {
    if (!(error instanceof SpawnError)) throw error;
    const message = `rustc could not be started (${file}); install Rust, or put rustc on the PATH the editor has`;
    throw new NoVerdict("cargo-missing", message, { cause: error });
  }
}

function rustupBesideCargo({ PATH: path = "" }: NodeJS.ProcessEnv): string | undefined {
  const cargo = path
    .split(delimiter)
    .map((directory) => join(directory, "cargo"))
    .find(isExecutable);
  const rustup = cargo === undefined ? undefined : join(dirname(cargo), "rustup");
  return rustup !== undefined && existsSync(rustup) ? rustup : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
