import { runCommand, SpawnError } from "../base/child.ts";
import type { DoctorContext, Finding, RemedyCommand, Way } from "./finding.ts";
import { formatCommand } from "./report.ts";

/**
 * Runs the remedies of what is not ok, each said before it runs. Of several ways the next is tried where one fails.
 * Returns whether anything was run.
 */
export async function mendFindings(
  findings: readonly Finding[],
  context: DoctorContext,
  write: (text: string) => void,
): Promise<boolean> {
  const tried = new Set<string>();
  for (const { name, remedy } of findings) {
    const ways = (remedy?.ways ?? []).filter((way) => !tried.has(keyOf(way)));
    if (remedy !== undefined && remedy.ways.length === 0) write(`${name}: nothing here that can be run\n`);
    for (const way of ways) {
      tried.add(keyOf(way));
      if (await runWay(way, context, write)) break;
    }
  }
  return tried.size > 0;
}

async function runWay(way: Way, context: DoctorContext, write: (text: string) => void): Promise<boolean> {
  for (const command of way) {
    write(`running: ${formatCommand(command)} (in ${command.directory})\n`);
    const problem = await run(command, context, write);
    if (problem === undefined) continue;
    write(`${formatCommand(command)}: ${problem}\n`);
    return false;
  }
  return true;
}

async function run(
  command: RemedyCommand,
  { environment, signal }: DoctorContext,
  write: (text: string) => void,
): Promise<string | undefined> {
  try {
    const { exitCode } = await runCommand({
      file: command.file,
      arguments: command.arguments,
      cwd: command.directory,
      // Nobody can answer apt-get's questions here.
      environment: { ...environment, DEBIAN_FRONTEND: "noninteractive" },
      signal,
      onLine: (line) => write(`  ${line}\n`),
    });
    return exitCode === 0 ? undefined : `failed with exit code ${exitCode ?? "none"}`;
  } catch (error) {
    if (error instanceof SpawnError) return "could not be started";
    throw error;
  }
}

function keyOf(way: Way): string {
  return way.map((command) => `${command.directory} ${formatCommand(command)}`).join("; ");
}
