import { quietEnvironment, runCargo } from "./cargo.ts";
import { type CargoMessage, type CompilerMessage, parseCargoLine } from "./cargo-message.ts";
import type { CheckSettings } from "./check-settings.ts";
import type { Shadow } from "./shadow.ts";

/** What is checked. The same plan gives the same argv, since another one would resolve features anew. */
export interface CheckPlan {
  /** The workspace's root in the user's tree. */
  readonly root: string;
  /** `name@version` of the file's package and, where the body shows outside, of those that depend on it. */
  readonly packages: readonly string[];
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
}

/** Runs the check in the shadow as it stands now. */
export async function runCheck(plan: CheckPlan, shadow: Shadow, options: CheckOptions): Promise<CheckRun> {
  const messages: CompilerMessage[] = [];
  const artifacts: Extract<CargoMessage, { kind: "artifact" }>[] = [];
  let isSuccess: boolean | undefined;
  shadow.markCheck();
  const result = await runCargo({
    arguments: [...checkArguments(plan), "--target-dir", shadow.targetDirectory],
    cwd: shadow.placeOf(plan.root),
    environment: shadowEnvironment(plan, shadow, options.environment),
    lowPriority: options.lowPriority,
    signal: options.signal,
    onLine(line, stream) {
      if (stream !== "stdout") return;
      const parsed = parseCargoLine(line);
      if (parsed.kind === "message") messages.push(inUserPaths(parsed.message, shadow));
      if (parsed.kind === "artifact") artifacts.push(parsed);
      if (parsed.kind === "finished") isSuccess = parsed.isSuccess;
    },
  });
  const stderr = shadow.inUserPaths(result.stderr);
  return { messages, artifacts, isSuccess, stderr, milliseconds: result.milliseconds };
}

function inUserPaths(message: CompilerMessage, shadow: Shadow): CompilerMessage {
  return {
    ...message,
    message: shadow.inUserPaths(message.message),
    rendered: shadow.inUserPaths(message.rendered),
  };
}

/** The check as a person would type it in the workspace. */
export function commandForPeople({ packages, settings }: CheckPlan): string {
  const names = packages.flatMap((spec) => ["-p", spec.split("@")[0] ?? spec]);
  return ["cargo", settings.command, ...names, ...chosenArguments(settings)].join(" ");
}

/** Environment of every cargo that runs in the shadow. */
export function shadowEnvironment(
  { settings, toolchain }: Pick<CheckPlan, "settings" | "toolchain">,
  shadow: Shadow,
  environment: NodeJS.ProcessEnv,
): Record<string, string | undefined> {
  return {
    ...quietEnvironment(environment),
    ...settings.extraEnvironment,
    // --target-dir alone would leave the build directory where the user's settings put it.
    CARGO_BUILD_BUILD_DIR: shadow.buildDirectory,
    ...(toolchain === undefined ? {} : { RUSTUP_TOOLCHAIN: toolchain }),
  };
}

/** Arguments that `cargo metadata` takes too, so that it resolves what the check resolves. */
export function featureArguments({ features, noDefaultFeatures }: CheckSettings): readonly string[] {
  if (features === "all") return ["--all-features"];
  const named = features.length === 0 ? [] : ["--features", features.join(",")];
  return noDefaultFeatures ? ["--no-default-features", ...named] : named;
}

function checkArguments({ packages, settings }: CheckPlan): readonly string[] {
  return [
    settings.command,
    ...packages.flatMap((spec) => ["-p", spec]),
    "--keep-going",
    "--offline",
    "--message-format=json",
    ...chosenArguments(settings),
  ];
}

function chosenArguments(settings: CheckSettings): readonly string[] {
  return [
    ...(settings.allTargets ? ["--all-targets"] : []),
    ...featureArguments(settings),
    ...settings.targets.flatMap((triple) => ["--target", triple]),
    ...settings.extraArguments,
  ];
}
