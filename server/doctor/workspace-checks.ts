import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { askCommand } from "./ask-command.ts";
import type { DoctorContext, Finding, Remedy } from "./finding.ts";

const metadata = z.looseObject({
  workspace_root: z.string(),
  packages: z.array(z.looseObject({ name: z.string() })),
});

/** The cargo project that the folder belongs to, its lock file and whether its dependencies are on this machine. */
export async function checkWorkspace(context: DoctorContext): Promise<Finding[]> {
  const name = "workspace";
  const directory = folderWith("Cargo.toml", context.root);
  if (directory === undefined)
    return [{ name, state: "bad", found: `no Cargo.toml in ${context.root} or above`, remedy: goInside }];
  // With --no-deps nothing is resolved, and so nothing is written into the user's tree.
  const options = ["--no-deps", "--offline", "--format-version", "1"];
  const answer = await askCommand("cargo", ["metadata", ...options], { directory, context });
  if (answer.problem !== undefined)
    return [
      { name, state: "bad", found: `${join(directory, "Cargo.toml")}: ${answer.problem}`, remedy: mend },
    ];
  const parsed = readMetadata(answer.stdout);
  if (parsed === undefined)
    return [{ name, state: "bad", found: "the output of cargo metadata could not be read", remedy: mend }];
  const packages = parsed.packages.map((found) => found.name);
  const found = `${parsed.workspace_root}: ${packages.length} package${packages.length === 1 ? "" : "s"}`;
  return [{ name, state: "ok", found }, await checkDependencies(parsed.workspace_root, context)];
}

const goInside: Remedy = { text: "run `armature doctor` inside a cargo project", ways: [] };
const mend: Remedy = { text: "mend what cargo says", ways: [] };

/** `--locked` and `--offline` together: asks for what a check would need and changes nothing. */
async function checkDependencies(workspace: string, context: DoctorContext): Promise<Finding> {
  const name = "dependencies";
  const remedy: Remedy = {
    text: `\`cargo fetch\` in ${workspace} (it may write Cargo.lock)`,
    ways: [[{ file: "cargo", arguments: ["fetch"], directory: workspace }]],
  };
  if (!existsSync(join(workspace, "Cargo.lock")))
    return { name, state: "warn", found: "no Cargo.lock: versions are not fixed yet", remedy };
  const platform = await hostPlatform(context);
  const options = ["--locked", "--offline", "--format-version", "1", ...platform];
  const answer = await askCommand("cargo", ["metadata", ...options], { directory: workspace, context });
  if (answer.problem === undefined)
    return { name, state: "ok", found: "Cargo.lock is there and all it names is on this machine" };
  if (/lock file .*(needs to be updated|cannot be updated|cannot create)|--locked/.test(answer.problem))
    return { name, state: "warn", found: "Cargo.lock does not fit Cargo.toml any more", remedy };
  return { name, state: "bad", found: `not all on this machine: ${answer.problem}`, remedy };
}

/** Packages for other systems are not needed here and need not be fetched. */
async function hostPlatform(context: DoctorContext): Promise<string[]> {
  const version = await askCommand("rustc", ["-vV"], { directory: context.root, context });
  const host = /^host: (\S+)$/m.exec(version.stdout ?? "")?.[1];
  return host === undefined ? [] : ["--filter-platform", host];
}

function readMetadata(text: string): z.infer<typeof metadata> | undefined {
  try {
    return metadata.parse(JSON.parse(text.slice(Math.max(0, text.indexOf("{")))));
  } catch {
    return undefined;
  }
}

/** The nearest folder, from `from` upwards, that holds the file. */
export function folderWith(file: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
