import { checkCache } from "./cache-check.ts";
import type { DoctorContext, Finding } from "./finding.ts";
import { mendFindings } from "./mend.ts";
import { checkModel } from "./model-check.ts";
import { formatReport } from "./report.ts";
import { checkAnalyzer, checkCargo, checkRustc, checkRustfmt, checkSources } from "./toolchain-checks.ts";
import { checkWorkspace } from "./workspace-checks.ts";

export interface DoctorOptions extends Omit<DoctorContext, "isRoot"> {
  /** Run the remedies, each said before it runs. */
  readonly fix: boolean;
  /** Ask the model too: the only check that leaves the machine. */
  readonly model: boolean;
  readonly write: (text: string) => void;
}

/**
 * Says what the main job needs, what of it is there and what mends the rest. Resolves with the exit code: 0 only if
 * the main job can run. Rejects with AbortedError when the signal aborts.
 */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const { fix, model, write } = options;
  const context: DoctorContext = { ...options, isRoot: process.getuid?.() === 0 };
  let findings = await examine(context, model);
  write(formatReport(findings));
  const isMendable = findings.some(({ state }) => state !== "ok");
  if (fix && isMendable) {
    write("\n");
    if (await mendFindings(findings, context, write)) {
      findings = await examine(context, model);
      write(`\n${formatReport(findings)}`);
    }
  }
  return findings.some(({ state }) => state === "bad") ? 1 : 0;
}

async function examine(context: DoctorContext, withModel: boolean): Promise<Finding[]> {
  const [analyzer, cargo, rustc, sources, workspace, rustfmt, model] = await Promise.all([
    checkAnalyzer(context),
    checkCargo(context),
    checkRustc(context),
    checkSources(context),
    checkWorkspace(context),
    checkRustfmt(context),
    withModel ? checkModel(context) : undefined,
  ]);
  const findings = [analyzer, cargo, rustc, sources, ...workspace, checkCache(context), rustfmt, model];
  return findings.filter((finding) => finding !== undefined);
}
