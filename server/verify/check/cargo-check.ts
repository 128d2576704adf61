import type { Report } from "../../stages.ts";
import { type CargoLimits, quietEnvironment, runCargo } from "../cargo/cargo.ts";
import { type CargoMessage, type CompilerMessage, parseCargoLine } from "../cargo/message.ts";
import { checkArguments, unifyingEnvironment } from "./cargo-arguments.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import type { CargoMetadata, CargoPackage } from "../cargo/metadata.ts";
import { NoVerdict } from "../no-verdict.ts";
import type { Selection } from "./selection.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { assertHadRoom } from "../shadow/failure.ts";
import { gitEnvironment } from "../shadow/git.ts";
import type { AskedTargets } from "./target-choice.ts";

/** What is checked. The same plan gives the same argv, since another one would resolve features anew. */
export interface CheckPlan {
  /** The workspace's root in the user's tree. */
  readonly root: string;
  /** The file's package, then others that contain it, then those that see more of a body than its type. */
  readonly packages: readonly [CargoPackage, ...CargoPackage[]];
  /** Packages that contain the file, or may: its own first. */
  readonly containing: readonly [CargoPackage, ...CargoPackage[]];
  readonly selection: Selection;
  /** Which targets of one of these packages the check comes to. */
  readonly asked: (of: CargoPackage) => AskedTargets;
  /** All packages that these are compiled with, each with its features, as `cargo tree` names them. */
  readonly compiled: ReadonlySet<string>;
  /** How often each compilation is made: once for each target triple. */
  readonly triples: number;
  readonly metadata: CargoMetadata;
  readonly settings: CheckSettings;
  readonly toolchain: string | undefined;
  /** Other code can be wrong because of a body of this site, beyond its declared types. */
  readonly isSeenOutside: boolean;
}

export interface CheckRun {
  readonly messages: readonly CompilerMessage[];
  readonly artifacts: readonly Extract<CargoMessage, { kind: "artifact" }>[];
  /** undefined where cargo ended before it built anything. */
  readonly isSuccess: boolean | undefined;
  /** What cargo said beside the messages. */
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface CheckOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly lowPriority: boolean;
  readonly limits?: CargoLimits | undefined;
  readonly report?: Report | undefined;
}

/** Runs the check in the shadow as it stands now. */
export async function runCheck(plan: CheckPlan, shadow: Shadow, options: CheckOptions): Promise<CheckRun> {
  const messages: CompilerMessage[] = [];
  const artifacts: Extract<CargoMessage, { kind: "artifact" }>[] = [];
  let isSuccess: boolean | undefined;
  await shadow.beginCheck(options.signal);
  const result = await runCargo({
    arguments: checkArguments(plan.settings, plan.selection, shadow),
    cwd: shadow.placeOf(plan.root),
    environment: {
      ...shadowEnvironment(plan, options.environment),
      ...unifyingEnvironment(plan.selection),
      ...gitEnvironment(shadow),
    },
    lowPriority: options.lowPriority,
    signal: options.signal,
    limits: options.limits,
    report: options.report,
    dropsOutput: true,
    onLine(line, stream) {
      if (stream !== "stdout") return;
      const parsed = parseCargoLine(line);
      if (parsed.kind === "message") messages.push(inUserPaths(parsed.message, shadow));
      if (parsed.kind === "artifact") artifacts.push(parsed);
      if (parsed.kind === "finished") isSuccess = parsed.isSuccess;
    },
  }).finally(() => shadow.endCheck());
  const stderr = shadow.inUserPaths(result.stderr);
  if (isSuccess !== true) {
    assertHadRoom([stderr, ...messages.map(({ message }) => message)], shadow.directory);
  }
  assertFeatures(plan, artifacts);
  if (isSuccess === undefined && isClippyMissing(stderr)) {
    const message =
      "clippy is not installed; run `rustup component add clippy`, or set check.command to check";
    throw new NoVerdict("cargo-failed", message);
  }
  return { messages, artifacts, isSuccess, stderr, milliseconds: result.milliseconds };
}

/** As rustup says it, and cargo without rustup. */
function isClippyMissing(stderr: string): boolean {
  return /^error: ('cargo-clippy(\.exe)?' is not installed|no such command: `clippy`)/m.test(stderr);
}

/** What cargo says it compiled against what it had resolved: a verdict under other features would be none. */
function assertFeatures({ packages: [own], asked }: CheckPlan, artifacts: CheckRun["artifacts"]): void {
  const { features } = asked(own);
  const isOwn = ({ packageId, target }: CheckRun["artifacts"][number]) =>
    packageId === own.id && !target.startsWith("custom-build ");
  const odd = artifacts
    .filter(isOwn)
    .find(
      (built) =>
        built.features.length !== features.size || !built.features.every((name) => features.has(name)),
    );
  if (odd === undefined) return;
  const message = `cargo checked ${odd.target} under the features "${odd.features.join(", ")}" and not "${[...features].join(", ")}"`;
  throw new NoVerdict("cargo-failed", message);
}

function inUserPaths(message: CompilerMessage, shadow: Shadow): CompilerMessage {
  return {
    ...message,
    message: shadow.inUserPaths(message.message),
    rendered: shadow.inUserPaths(message.rendered),
  };
}

/** Environment of every cargo that runs in the shadow. */
export function shadowEnvironment(
  { settings, toolchain }: Pick<CheckPlan, "settings" | "toolchain">,
  environment: NodeJS.ProcessEnv,
): Record<string, string | undefined> {
  const own = { ...environment, ...settings.extraEnvironment };
  const chosen = own.RUSTUP_TOOLCHAIN ?? settings.toolchain ?? toolchain;
  return {
    ...quietEnvironment(own),
    ...(chosen === undefined ? {} : { RUSTUP_TOOLCHAIN: chosen }),
  };
}
