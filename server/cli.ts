#!/usr/bin/env node
import { realpathSync } from "node:fs";
import packageDescription from "../package.json" with { type: "json" };
import { createProcessLog, describeError, silentLog } from "./base/log.ts";
import { guardExitCode, guardVariable } from "./relay/candidates.ts";

const help = `armature ${packageDescription.version}: a language server in front of rust-analyzer

  armature                    stand between an editor and rust-analyzer, on standard input and output
  armature -v --log-file F    the same; flags are passed on to rust-analyzer
  armature fill FILE:LINE     fill the match or impl at a place, checked by cargo (--help for more)
  armature doctor             say what is missing and what mends it (--fix runs it, --model asks the model too)
  armature demo               the main job on a small crate with real dependencies
  armature --armature-version
  armature --armature-help

Everything else (--version, --help, rust-analyzer's subcommands) goes to the real rust-analyzer.
`;

const { argv, env } = process;
const args = argv.slice(2);
const self = realpathSync(argv[1] ?? "");

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`armature: ${describeError(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const [command = "", ...rest] = args;
  if ((env[guardVariable] ?? "") !== "") return foundOurselves();
  if (command === "--armature-version") return print(`armature ${packageDescription.version}\n`);
  if (command === "--armature-help") return print(help);
  if ((env.RA_RUSTC_WRAPPER ?? "") !== "") return throughToAnalyzer();
  switch (command) {
    case "fill":
      return fillCommand(rest);
    case "doctor":
      return doctorCommand(rest);
    case "demo":
      return (await import("./commands/demo.ts")).runDemo({
        arguments: rest,
        self,
        environment: env,
        log: silentLog,
      });
    default:
      return startsServer(args) ? proxy() : throughToAnalyzer();
  }
}

/** Flags alone start the language server too (rustaceanvim passes `--log-file`); these few ask for something else. */
function startsServer(flags: readonly string[]): boolean {
  const asking = ["--version", "-V", "--help", "-h", "--print-config-schema"];
  if (flags.some((flag) => asking.includes(flag))) return false;
  const valued = ["--log-file"];
  return flags.every((flag, index) => flag.startsWith("-") || valued.includes(flags[index - 1] ?? ""));
}

async function proxy(): Promise<number> {
  const { runProxy } = await import("./commands/proxy.ts");
  const code = await runProxy({ flags: args, self, environment: env, log: createProcessLog(env) });
  // An editor that leaves its end open must not keep us.
  process.exit(code);
}

async function fillCommand(rest: readonly string[]): Promise<number> {
  const { fillHelp, runFill } = await import("./commands/fill-command.ts");
  if (rest.includes("--help") || rest.includes("-h")) return print(fillHelp);
  const log = env.ARMATURE_LOG === undefined ? silentLog : createProcessLog(env);
  return runFill({ arguments: rest, self, environment: env, log });
}

async function doctorCommand(rest: readonly string[]): Promise<number> {
  const { doctorHelp, runDoctorCommand } = await import("./commands/doctor-command.ts");
  if (rest.includes("--help") || rest.includes("-h")) return print(doctorHelp);
  return runDoctorCommand({ arguments: rest, self, environment: env });
}

async function throughToAnalyzer(): Promise<number> {
  const { exitCodeOf, findAnalyzer, runThrough } = await import("./relay/analyzer.ts");
  const found = await findAnalyzer({ setting: "", environment: env, self });
  if (found.path === undefined) throw new Error(found.error);
  return exitCodeOf(await runThrough(found.path, args));
}

/** rust-analyzer was looked for and we were found (by way of PATH or the rustup shim): say so instead of looping. */
function foundOurselves(): number {
  process.stderr.write(
    "armature: started where the real rust-analyzer was expected; name it in ARMATURE_RUST_ANALYZER\n",
  );
  return guardExitCode;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
