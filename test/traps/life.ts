/** Build scripts that wait, processes, and programs in place of cargo. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { TrapWorld } from "./trap.ts";

/**
 * A build script that says where it has come to and then waits for as long as it is told to: "shadow" where it runs
 * in a shadow copy, "user" elsewhere.
 */
export class Gate {
  readonly #directory: string;
  readonly #cache: string;

  constructor({ base }: TrapWorld) {
    this.#directory = join(base, "gate");
    this.#cache = join(base, "cache");
    mkdirSync(this.#directory, { recursive: true });
  }

  /** `more` are statements that it runs first. */
  script(more = ""): string {
    const [directory, cache] = [JSON.stringify(this.#directory), JSON.stringify(this.#cache)];
    return `fn main() {
    ${more}
    let here = std::env::current_dir().unwrap();
    let side = if here.starts_with(${cache}) { "shadow" } else { "user" };
    let gate = std::path::Path::new(${directory});
    // The folder is gone where the offer is held against plain cargo afterwards.
    let _ = std::fs::write(gate.join(format!("reached-{side}")), "");
    while gate.join(format!("closed-{side}")).exists() { std::thread::sleep(std::time::Duration::from_millis(10)); }
    println!("cargo::rerun-if-changed=build.rs");
}
`;
  }

  close(side: "shadow" | "user"): void {
    rmSync(join(this.#directory, `reached-${side}`), { force: true });
    writeFileSync(join(this.#directory, `closed-${side}`), "");
  }

  open(side: "shadow" | "user"): void {
    rmSync(join(this.#directory, `closed-${side}`), { force: true });
  }

  async reached(side: "shadow" | "user"): Promise<void> {
    const file = join(this.#directory, `reached-${side}`);
    await expect.poll(() => existsSync(file), { timeout: 60_000, interval: 20 }).toBe(true);
  }
}

/** Process ids by their command lines. */
export function pidsOf(isWanted: (commandLine: string) => boolean): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        return isWanted(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** A folder for the front of PATH that holds one shell script. */
export function program(base: string, name: string, script: string): string {
  const file = join(base, "programs", name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return dirname(file);
}

/** The shadows of a world: what is in `tree`, `target` and `build`. */
export function slotsOf({ base }: TrapWorld): readonly string[] {
  const found = readdirSync(join(base, "cache"), { recursive: true, encoding: "utf8" });
  return found.filter((name) => name.endsWith("slot-0")).map((name) => join(base, "cache", name));
}
