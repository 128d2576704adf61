import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseSettings } from "../../protocol/settings.ts";
import { Abort } from "../base/abort.ts";
import { describeError } from "../base/log.ts";
import { runDoctor } from "../doctor/run-doctor.ts";
import { cacheDirectory } from "./cache-directory.ts";
import type { CommandOptions } from "./fill-command.ts";

export const doctorHelp = `armature doctor [FOLDER] [--fix] [--model]

Says what Armature needs on this machine and for the workspace in FOLDER (default: here), what of it is there, and
the command that mends what is not.

  --fix     run those commands, each said before it runs
  --model   ask the named model one small question too: the only check that leaves the machine

Exit codes: 0 the main job can run, 1 it cannot, 2 bad usage.
`;

export async function runDoctorCommand(options: Omit<CommandOptions, "log">): Promise<number> {
  const parsed = parseDoctorArguments(options.arguments);
  if (typeof parsed === "string") {
    process.stderr.write(`armature doctor: ${parsed}\n\n${doctorHelp}`);
    return 2;
  }
  const abort = new Abort();
  process.once("SIGINT", () => abort.abort("cancelled"));
  const { environment, self } = options;
  return runDoctor({
    ...parsed,
    environment,
    self,
    cacheDirectory: cacheDirectory("", environment),
    settings: parseSettings(undefined).settings,
    signal: abort.signal,
    write: (text) => process.stdout.write(text),
  });
}

function parseDoctorArguments(
  args: readonly string[],
): { fix: boolean; model: boolean; root: string } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { fix: { type: "boolean", default: false }, model: { type: "boolean", default: false } },
    });
    if (positionals.length > 1) return "at most one folder can be named";
    return { fix: values.fix, model: values.model, root: resolve(positionals[0] ?? ".") };
  } catch (error) {
    return describeError(error);
  }
}
