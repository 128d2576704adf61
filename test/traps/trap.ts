/** Planted cases: what the verifier says of a draft, beside what a naive `cargo check` says of the same text. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Abort, withDeadline } from "../../server/base/abort.ts";
import { runCommand } from "../../server/base/child.ts";
import { type Log, silentLog } from "../../server/base/log.ts";
import type { DocumentSnapshot, Skeleton } from "../../server/stages.ts";
import { applyDraft, documentWith } from "../../server/syntax/splice.ts";
import { defaultLimits } from "../../server/verify/cargo/cargo.ts";
import { type CheckSettings, checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import type { VerifyReport } from "../../server/verify/verifier.ts";
import { createWatchedVerifier, type Verifier } from "../support/held/watched-verifier.ts";
import { commandLines, draftOf, shortly, skeletonOf } from "../slow/verify-world.ts";
import { splitFiles } from "../support/workspace.ts";

export type Bodies = Readonly<Record<string, string>>;

export interface Trap {
  readonly title: string;
  /**
   * Files as an inline workspace. One of them holds the site: `«…»` around what the skeleton adds, holes as
   * `‹kind:placeholder›`. Without a `/Cargo.toml` it is one package named "trap".
   */
  readonly files: string;
  /** Drafts, best first. */
  readonly drafts: readonly Bodies[];
  /** The verdicts as `shortly` writes them, in the order of the report; or the reason of no offer. */
  readonly verdicts: readonly string[] | string;
  /** What plain `cargo check` says of the first draft's text in a plain copy. */
  readonly plain: "green" | "red";
  /** Arguments of that plain check. */
  readonly plainArguments?: readonly string[];
  /** rust-analyzer's settings. */
  readonly settings?: unknown;
  /** Runs of cargo that the verifier may take at most. */
  readonly checks?: number;
}

export const plainManifest = '[package]\nname = "trap"\nversion = "0.1.0"\nedition = "2021"\n';

/** One folder with a verifier's cache and a plain copy beside it; all traps of a family share what was built. */
export class TrapWorld {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), "armature-trap-")));
  readonly root = join(this.base, "user", "work");
  readonly plainRoot = join(this.base, "plain", "work");
  readonly environment: NodeJS.ProcessEnv;
  readonly verifier: Verifier;
  #laid = new Map<string, string>();

  constructor(environment: NodeJS.ProcessEnv = {}, limits = defaultLimits, log: Log = silentLog) {
    this.environment = { ...process.env, ...environment };
    const { environment: own } = this;
    const cacheDirectory = join(this.base, "cache");
    this.verifier = createWatchedVerifier({
      ...{ cacheDirectory, log, environment: own, diskLimitMegabytes: 10_000 },
      limits: () => limits,
    });
  }

  /** Makes the user's tree these files and no others; what is the same already is not touched. */
  lay(files: string): Skeleton | undefined {
    const parts = splitFiles(files);
    const texts = new Map(parts.map(({ file, text }) => [file, text]));
    if (!texts.has("Cargo.toml")) texts.set("Cargo.toml", plainManifest);
    const site = [...texts].find(([, text]) => text.includes("«"));
    const skeleton = site === undefined ? undefined : skeletonOf(join(this.root, site[0]), site[1]);
    if (site !== undefined && skeleton !== undefined) texts.set(site[0], skeleton.site.document.text);
    for (const file of this.#laid.keys()) if (!texts.has(file)) rmSync(join(this.root, file));
    for (const [file, text] of texts) if (this.#laid.get(file) !== text) write(join(this.root, file), text);
    this.#laid = texts;
    return skeleton;
  }

  verify(
    skeleton: Skeleton,
    drafts: readonly Bodies[],
    options: {
      readonly settings?: CheckSettings;
      readonly documents?: readonly DocumentSnapshot[];
      readonly milliseconds?: number;
      readonly signal?: AbortSignal;
    } = {},
  ): ReturnType<Verifier["verify"]> {
    const { signal } = withDeadline(options.signal ?? new Abort().signal, options.milliseconds ?? 100_000);
    return this.verifier.verify({
      skeleton,
      drafts: drafts.map(draftOf),
      documents: options.documents ?? [skeleton.site.document],
      settings: options.settings ?? checkSettingsFrom({}),
      signal,
      report: () => {},
    });
  }

  /** `cargo check` as anybody would run it, on a plain copy with the draft's text in place. */
  async plain(skeleton: Skeleton, bodies: Bodies, more: readonly string[] = []) {
    rmSync(this.plainRoot, { recursive: true, force: true });
    for (const [file, text] of this.#laid) write(join(this.plainRoot, file), text);
    const filled = applyDraft(skeleton, draftOf(bodies, 0)).text;
    const place = skeleton.site.document.path.replace(this.root, this.plainRoot);
    write(place, documentWith(skeleton, filled));
    return this.cargo(this.plainRoot, more);
  }

  async cargo(
    directory: string,
    more: readonly string[],
    target = join(this.base, "plain-target"),
  ): Promise<{ colour: "green" | "red"; stderr: string }> {
    const { exitCode, stderr } = await runCommand({
      file: "cargo",
      arguments: ["check", "--offline", "--target-dir", target, ...more],
      cwd: directory,
      environment: this.environment,
      signal: withDeadline(new Abort().signal, 100_000).signal,
    });
    return { colour: exitCode === 0 ? "green" : "red", stderr };
  }

  /** Command lines of processes that work in this world. */
  processes(): readonly string[] {
    return commandLines().filter((line) => line.includes(this.base));
  }

  async close(): Promise<void> {
    await this.verifier.dispose();
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** The traps of a family as tests, one each, in one world. */
export function springTraps(traps: readonly Trap[], environment: NodeJS.ProcessEnv = {}): void {
  let world: TrapWorld;
  beforeAll(() => {
    world = new TrapWorld(environment);
  });
  afterAll(() => world.close());

  it.each(traps)("$title", async (trap) => {
    const skeleton = world.lay(trap.files);
    if (skeleton === undefined) throw new Error("no file holds a site");
    const settings = checkSettingsFrom(trap.settings ?? {});
    const result = await world.verify(skeleton, trap.drafts, { settings });
    const said = { verdicts: verdictsOf(result), ...(await plainColour(world, skeleton, trap)) };
    expect(said, explain(result)).toEqual({ verdicts: trap.verdicts, plain: trap.plain });
    if (trap.checks !== undefined) expect((result as VerifyReport).checks).toBeLessThanOrEqual(trap.checks);
  });
}

async function plainColour(world: TrapWorld, skeleton: Skeleton, { drafts, plainArguments }: Trap) {
  const { colour } = await world.plain(skeleton, drafts[0] ?? {}, plainArguments);
  return { plain: colour };
}

export function verdictsOf(result: Awaited<ReturnType<Verifier["verify"]>>): readonly string[] | string {
  return result.kind === "report" ? shortly(result) : result.reason;
}

/** Shown with a failure: every verdict with its message. */
export function explain(result: Awaited<ReturnType<Verifier["verify"]>>): string {
  if (result.kind !== "report") return `${result.reason}: ${result.message}`;
  return result.verdicts
    .map((verdict) => {
      if (verdict.kind === "rejected") return verdict.diagnostics.map(({ rendered }) => rendered).join("\n");
      return verdict.kind === "accepted" ? "accepted" : `${verdict.kind}: ${verdict.message}`;
    })
    .join("\n");
}

function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
