/** A world with a CARGO_HOME of its own, git repositories to depend on, and a look into the shadow. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Abort, withDeadline } from "../../server/base/abort.ts";
import { runCommand } from "../../server/base/child.ts";
import { defaultLimits } from "../../server/verify/cargo/cargo.ts";
import { createLog } from "../../server/base/log.ts";
import type { Skeleton } from "../../server/stages.ts";
import { applyDraft, documentWith } from "../../server/syntax/splice.ts";
import { draftOf } from "../slow/verify-world.ts";
import { splitFiles } from "../support/workspace.ts";
import { type Bodies, TrapWorld } from "./trap.ts";

export class ShadowWorld extends TrapWorld {
  readonly cargoHome: string;
  /** What the verifier logged. */
  readonly lines: readonly string[];

  constructor() {
    const cargoHome = realpathSync(mkdtempSync(join(tmpdir(), "armature-cargo-home-")));
    const lines: string[] = [];
    const log = createLog({ level: "info", now: () => new Date(0), write: (line) => lines.push(line) });
    super({ CARGO_HOME: cargoHome, ...quietGit }, defaultLimits, log);
    this.cargoHome = cargoHome;
    this.lines = lines;
  }

  /** The first shadow of the workspace. */
  get slot(): string {
    return this.slotOf(this.root);
  }

  slotOf(root: string): string {
    const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
    return join(this.base, "cache", name, "slot-0");
  }

  /** Where a file of the user's tree stands in the shadow. */
  placeOf(file: string): string {
    return join(this.slot, "tree", join(this.root, file));
  }

  put(file: string, text: string): void {
    const place = join(this.root, file);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  /** A git repository with these files, committed; its address. */
  async upstream(name: string, files: string): Promise<string> {
    const directory = join(this.base, "upstream", name);
    for (const { file, text } of splitFiles(files)) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), text);
    }
    await this.git(directory, "init", "-q", "-b", "main");
    await this.git(directory, "add", "-A");
    await this.git(directory, "commit", "-q", "-m", "first");
    return pathToFileURL(directory).href;
  }

  async git(directory: string, ...options: readonly string[]): Promise<string> {
    return (await this.run("git", options, directory)).trim();
  }

  /** Runs a command that must succeed. */
  async run(
    file: string,
    options: readonly string[],
    cwd: string,
    more: NodeJS.ProcessEnv = {},
  ): Promise<string> {
    const result = await runCommand({
      ...{ file, arguments: options, cwd, environment: { ...this.environment, ...more } },
      signal: withDeadline(new Abort().signal, 100_000).signal,
    });
    if (result.exitCode !== 0) throw new Error(`${file} ${options.join(" ")}: ${result.stderr}`);
    return result.stdout;
  }

  /** The user's own check, into their own target directory. It may be red: the site is open. */
  async build(...more: readonly string[]): Promise<void> {
    await this.run("cargo", ["fetch"], this.root);
    const options = ["check", "--workspace", "--all-targets", "--keep-going", "--offline", ...more];
    const { environment } = this;
    const signal = withDeadline(new Abort().signal, 100_000).signal;
    await runCommand({ file: "cargo", arguments: options, cwd: this.root, environment, signal });
  }

  /** Plain cargo in the shadow as it stands, with the draft's text in place, as the verifier calls it. */
  async checkInShadow(
    skeleton: Skeleton,
    bodies: Bodies,
    packageName = "app",
  ): Promise<{ colour: "green" | "red"; stderr: string }> {
    const filled = applyDraft(skeleton, draftOf(bodies, 0)).text;
    const { path } = skeleton.site.document;
    writeFileSync(join(this.slot, "tree", path), documentWith(skeleton, filled));
    const options = [
      "check",
      ...["-p", packageName],
      "--all-targets",
      "--offline",
      "--target-dir",
      join(this.slot, "target"),
    ];
    const { exitCode, stderr } = await runCommand({
      ...{ file: "cargo", arguments: options, cwd: join(this.slot, "tree", this.root) },
      environment: { ...this.environment, CARGO_BUILD_BUILD_DIR: join(this.slot, "build") },
      signal: withDeadline(new Abort().signal, 100_000).signal,
    });
    return { colour: exitCode === 0 ? "green" : "red", stderr };
  }

  /** Units of a package in a build directory, with the time when they were built. */
  units(buildDirectory: string, packageName: string, place = "debug"): Readonly<Record<string, number>> {
    const fingerprints = join(buildDirectory, place, ".fingerprint");
    if (!existsSync(fingerprints)) return {};
    const own = readdirSync(fingerprints).filter(
      (name) => name.replace(/-[0-9a-f]{16}$/, "") === packageName,
    );
    return Object.fromEntries(own.map((name) => [name, builtAt(join(fingerprints, name))]));
  }

  override async close(): Promise<void> {
    await super.close();
    rmSync(this.cargoHome, { recursive: true, force: true });
  }
}

/** Copies a directory as it is, times included. */
export function copyAsIs(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}

function builtAt(fingerprint: string): number {
  const file = readdirSync(fingerprint).find((name) => existsSync(join(fingerprint, `${name}.json`)));
  return file === undefined ? 0 : Math.round(statSync(join(fingerprint, file)).mtimeMs);
}

/** No settings of whoever runs the tests. */
const quietGit = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
};
