/** Two toolchains under names of their own, made of the one that is installed: nothing is downloaded. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface Toolchains {
  /** With rustup's home in place of the user's. No toolchain is chosen in it. */
  readonly environment: NodeJS.ProcessEnv;
  /** As `rustup override set` does. */
  chooseFor(directory: string, name: "one" | "two"): void;
}

/** "two" has no clippy. rustup itself where there is one, else a pair of programs that do what it does here. */
export function makeToolchains(base: string): Toolchains {
  const sysroot = run("rustc", ["--print", "sysroot"], process.env).trim();
  const places = {
    one: linkedToolchain(join(base, "one"), sysroot, () => true),
    two: linkedToolchain(join(base, "two"), sysroot, (name) => !name.includes("clippy")),
  };
  const hasRustup = spawnSync("rustup", ["--version"]).status === 0;
  return hasRustup ? withRustup(base, places) : withPair(base);
}

function withRustup(base: string, places: Readonly<Record<"one" | "two", string>>): Toolchains {
  const environment = { ...process.env, RUSTUP_HOME: join(base, "rustup"), RUSTUP_TOOLCHAIN: undefined };
  for (const [name, place] of Object.entries(places)) {
    run("rustup", ["toolchain", "link", name, place], environment);
  }
  run("rustup", ["default", "one"], environment);
  return {
    environment,
    chooseFor: (directory, name) =>
      void run("rustup", ["override", "set", name, "--path", directory], environment),
  };
}

/** `cargo` goes by RUSTUP_TOOLCHAIN, and `rustup` names the toolchain of the directory, as rustup's own do. */
function withPair(base: string): Toolchains {
  const bin = join(base, "pair");
  const settings = join(base, "rustup", "settings.toml");
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(base, "rustup"), { recursive: true });
  const chosen = `chosen=$(sed -n "s|^\\"$PWD\\" = \\"\\(.*\\)\\"$|\\1|p" ${settings} 2>/dev/null); chosen=\${chosen:-one}`;
  const script = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  script("rustup", `${chosen}; echo "\${RUSTUP_TOOLCHAIN:-$chosen} (directory override for '$PWD')"`);
  const noClippy =
    'if [ "$RUSTUP_TOOLCHAIN $1" = "two clippy" ]; then echo "error: no such command: \\`clippy\\`" >&2; exit 101; fi';
  for (const name of ["cargo", "rustc"]) {
    script(
      name,
      [
        `${chosen}; export RUSTUP_TOOLCHAIN="\${RUSTUP_TOOLCHAIN:-$chosen}"`,
        `case "$RUSTUP_TOOLCHAIN" in /*) home="$RUSTUP_TOOLCHAIN" ;; *) home="${base}/$RUSTUP_TOOLCHAIN" ;; esac`,
        `if ! [ -d "$home" ]; then echo "error: toolchain '$RUSTUP_TOOLCHAIN' is not installed" >&2; exit 1; fi`,
        noClippy,
        `PATH="$home/bin:$PATH" exec "$home/bin/${name}" "$@"`,
      ].join("\n"),
    );
  }
  const PATH = [bin, process.env.PATH ?? ""].join(delimiter);
  return {
    environment: { ...process.env, PATH, RUSTUP_HOME: join(base, "rustup"), RUSTUP_TOOLCHAIN: undefined },
    chooseFor: (directory, name) => writeFileSync(settings, `"${directory}" = "${name}"\n`),
  };
}

function linkedToolchain(place: string, sysroot: string, isWanted: (name: string) => boolean): string {
  mkdirSync(join(place, "bin"), { recursive: true });
  symlinkSync(join(sysroot, "lib"), join(place, "lib"));
  for (const name of readdirSync(join(sysroot, "bin")).filter(isWanted)) {
    symlinkSync(join(sysroot, "bin", name), join(place, "bin", name));
  }
  return place;
}

function run(file: string, commandArguments: readonly string[], environment: NodeJS.ProcessEnv): string {
  const result = spawnSync(file, [...commandArguments], { env: environment, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${file} ${commandArguments.join(" ")}: ${result.stderr}`);
  return result.stdout;
}
