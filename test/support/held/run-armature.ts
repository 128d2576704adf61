/** The built product without an editor: what `armature fill` offers is recorded like every other offer. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { applyPatch } from "diff";
import { z } from "zod";
import { checkSettingsFrom } from "../../../server/verify/settings/check-settings.ts";
import { builtArmature } from "../tools.ts";
import { applied } from "./applied.ts";
import { recordOffer } from "./recorder.ts";

export interface FillCommand {
  /** The folder in which it is started. */
  readonly root: string;
  /** As on the command line: FILE:LINE[:COLUMN] first. */
  readonly arguments: readonly string[];
  readonly settings: object;
  readonly environment: NodeJS.ProcessEnv;
  /** A script and its own arguments in place of the built product: what offers wrongly on purpose. */
  readonly program?: readonly string[];
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function startFill(command: FillCommand): {
  readonly child: ChildProcess;
  readonly ran: Promise<Ran>;
} {
  const { root, settings, environment, program = [builtArmature] } = command;
  const options = ["fill", ...command.arguments, "--settings", JSON.stringify(settings)];
  const path = resolve(root, /^(.*?)(?::\d+)*$/.exec(command.arguments[0] ?? "")?.[1] ?? "");
  const before = readFileSync(path, "utf8");
  const child = spawn(process.execPath, [...program, ...options], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ran = new Promise<Ran>((resolve) =>
    child.on("close", (code) => {
      if (code === 0)
        for (const { says, after } of offersIn(out, before, path))
          recordOffer({
            ...{ route: "armature fill", says, root, path, before, after },
            ...{ unsaved: new Map(), settings: checkSettingsFrom(settings, root), environment },
          });
      resolve({ code, out, err });
    }),
  );
  return { child, ran };
}

/** What ends by itself and offers nothing: its exit code and standard output. */
export function runArmature(
  commandArguments: readonly string[],
  { environment, input = "" }: { readonly environment: NodeJS.ProcessEnv; readonly input?: string },
): { readonly status: number | null; readonly stdout: string } {
  if (commandArguments[0] === "fill") throw new Error("startFill runs `armature fill`");
  const { status, stdout } = spawnSync(process.execPath, [builtArmature, ...commandArguments], {
    env: environment,
    input,
    encoding: "utf8",
  });
  return { status, stdout };
}

const answer = z.looseObject({
  offers: z.array(
    z.looseObject({ label: z.string(), edit: z.unknown().optional(), evidence: z.unknown().optional() }),
  ),
});

/** From the JSON, from the file where it was written, or from the diff that it prints. */
function offersIn(out: string, before: string, path: string): readonly { says: string; after: string }[] {
  if (out.startsWith("{"))
    return answer.parse(JSON.parse(out)).offers.map(({ label, edit, evidence }) => ({
      says: `${label}\n${JSON.stringify(evidence)}`,
      after: applied(before, edit, "utf-8"),
    }));
  const written = readFileSync(path, "utf8");
  if (written !== before) return [{ says: out, after: written }];
  const patch = /^--- [\s\S]*?(?=\n\n|$(?![\s\S]))/m.exec(out)?.[0];
  const after = patch === undefined ? false : applyPatch(before, `${patch}\n`);
  if (after === false) throw new Error(`no diff could be read from what armature fill printed:\n${out}`);
  return [{ says: out, after }];
}
